"""Large values stay in their rows: not in messages, events, streams, lists, pages or tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client

from executions_app import dispatch
from executions_app.models import Event, Execution
from executions_app.streaming.stream_reads import read_frames
from executions_app.testing import Engine
from tests.api.execution_clients import a_workflow
from tests.cli.commands import manage
from tests.live.workers import wait_until
from tests.services import Services
from workflows_app.authoring import StepContext, Workflow, create_step, create_workflow

pytestmark = pytest.mark.django_db

LARGE = {"text": "ü" * 450_000}  # 900 KB
WHOLE_BYTES = len(json.dumps(LARGE, ensure_ascii=False).encode())
#: One event, or one row of a list.
MOST_BYTES = 40_000
#: A message to a worker.
MOST_MESSAGE_BYTES = 2_048
QUEUE = "celeriac:celeriac"


class Verbose(Exception):
    """Carries everything it has met."""

    def __init__(self) -> None:
        super().__init__("x" * 500_000)
        self.met = LARGE


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada", password="x")


def everywhere(name: str) -> Workflow:
    """Return a workflow that puts a large value wherever one fits."""

    def ask(ctx: StepContext) -> Any:
        if ctx.resume_data is None:
            ctx.writer.write(LARGE)
            ctx.writer.custom("data-large", LARGE)
            ctx.logger.info("a large one", extra={"text": LARGE})
            return ctx.suspend(LARGE)
        return ctx.resume_data

    def fail(value: Any) -> None:
        raise Verbose

    return (
        create_workflow(id=name)
        .then(create_step(id="ask", execute=ask))
        .wait_for_event("go")
        .then(create_step(id="fail", execute=fail, on_error="continue"))
        .then(create_step(id="last", execute=lambda value: LARGE))
        .commit()
    )


@pytest.fixture
def execution(engine: Engine, ada: User) -> Execution:
    """An execution that holds a large value wherever one fits."""
    run = everywhere("large-everywhere").create_run()
    run.start_async(input_data=LARGE)
    engine.run_until_idle()
    run.resume_async(resume_data=LARGE)
    engine.run_until_idle()
    run.send_event("go", LARGE)
    engine.run_until_idle()
    Execution.objects.update(owner=ada)
    found = Execution.objects.get(pk=run.id)
    assert found.status == "completed", found.error
    return found


def test_events_and_what_is_streamed_hold_previews(execution: Execution, client: Client) -> None:
    client.force_login(execution.owner)

    listed = client.get(f"/api/executions/{execution.pk}/events/").json()["results"]
    chunks = client.get(f"/api/executions/{execution.pk}/events/?format=mastra").json()["results"]
    frames = read_frames(execution.pk, after=0)

    assert {"step_output", "step_suspended", "step_resumed", "log"} <= {it["type"] for it in listed}
    assert max(len(json.dumps(item)) for item in (*listed, *chunks)) < MOST_BYTES
    assert max(len(frame.body) for frame in frames) < 2 * MOST_BYTES
    cut = [item for item in listed if '"truncated": true' in json.dumps(item)]
    assert len(cut) >= 8


def test_the_log_itself_keeps_whole_what_no_row_has(execution: Execution) -> None:
    whole = [
        event.type
        for event in Event.objects.filter(execution=execution)
        if len(json.dumps(event.data)) > MOST_BYTES
    ]

    assert whole == ["step_output", "step_output"]


def test_every_preview_leads_to_the_whole(execution: Execution, client: Client) -> None:
    client.force_login(execution.owner)
    listed = client.get(f"/api/executions/{execution.pk}/events/").json()["results"]

    def hrefs(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if value.get("truncated") is True and "href" in value:
                yield value["href"]
            for item in value.values():
                yield from hrefs(item)

    found = {href for item in listed for href in hrefs(item)}

    assert len(found) >= 5  # of steps, of the execution, of what was written
    for href in found:
        answer = client.get(href)
        assert (answer.status_code, LARGE["text"] in answer.content.decode()) == (200, True), href


def test_lists_records_and_pages_hold_previews(execution: Execution, client: Client) -> None:
    client.force_login(execution.owner)
    api, admin = f"/api/executions/{execution.pk}", "/admin/executions_app/execution"

    sizes = {
        path: len(client.get(path).content)
        for path in (
            "/api/executions/",
            f"{api}/",
            f"{api}/steps/",
            f"{api}/logs/",
            f"{admin}/",
            f"{admin}/{execution.pk.replace('_', '_5F')}/change/",
        )
    }

    # The page of one execution shows so many characters of each value, and of each step's.
    assert {path: size for path, size in sizes.items() if size > 900_000} == {}
    assert sizes["/api/executions/"] < MOST_BYTES
    assert sizes[f"{api}/steps/"] < 3 * MOST_BYTES


def test_tables_of_the_command_line_hold_previews(execution: Execution) -> None:
    for words in (["list"], ["show", execution.pk], ["events", execution.pk]):
        shown = manage("executions", *words)

        assert len(shown.out) < MOST_BYTES, words


def test_a_value_from_outside_that_is_too_large_is_413_and_json(
    engine: Engine, ada: User, client: Client
) -> None:
    nodes = [{"id": "rest", "type": "sleep", "seconds": {"value": 1}}]
    workflow = a_workflow(ada, inputs={"type": "object"}, nodes=nodes)
    client.force_login(ada)
    path = f"/api/workflows/{workflow.id}/execute/"
    too_large = {"input": {"texts": ["x" * 600_000, "y" * 600_000]}}

    refused = client.post(path, too_large, content_type="application/json")
    taken = client.post(path, {"input": {"text": "x" * 900_000}}, content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (413, "input.too_large")
    assert refused.json()["details"]["limit_bytes"] == 1_000_000
    assert taken.status_code == 202


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["large", "longest-names"])
def test_messages_to_workers_hold_ids(services: Services, size: str) -> None:
    broker = redis.Redis.from_url(services.redis_url)
    broker.delete(QUEUE)
    dispatch._breaker = dispatch._Breaker()
    name = "ü" * 200 if size == "longest-names" else "short"
    steps = [
        create_step(id=f"{number}-{'s' * 150}", execute=lambda value: value) for number in range(3)
    ]
    workflow = create_workflow(id=f"messages-{size}", name=name).parallel(steps).commit()

    workflow.create_run().start_async(input_data=LARGE)

    wait_until(lambda: broker.llen(QUEUE) == 3, what="three messages")
    messages = broker.lrange(QUEUE, 0, -1)
    broker.delete(QUEUE)
    assert max(map(len, messages)) <= MOST_MESSAGE_BYTES
    assert not any(b"\\u00fc" * 200 in message or b"xxx" in message for message in messages)
