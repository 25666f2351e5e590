"""Commands of the admin beyond cancel and run again: offered where they fit, and what they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from executions_app.admin.execution_commands import COMMANDS
from executions_app.models import Event, Execution, Signal
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from workflows_app.authoring import create_workflow

from . import rows

LIST = "/admin/executions_app/execution/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def url(name: str, execution: Execution) -> str:
    return reverse(f"admin:executions_app_execution_{name}", args=[execution.pk])


def post(client: Client, name: str, execution: Execution, **asked: str) -> Any:
    response = client.post(url(name, execution), asked, follow=True)
    assert response.status_code == 200
    return response


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def offered(client: Client, execution: Execution) -> list[str]:
    shown = client.get(url("change", execution)).context["commands"]
    return [command.name for command, _ in shown]


def test_what_fits_is_offered(admin_client: Client, engine: Engine) -> None:
    waiting, asked, failed = (
        started(engine, it(), None) for it in (asking.waiting, asking.asking, asking.failing)
    )
    going_on = ["send-event", "pause", "skip"]

    assert offered(admin_client, waiting) == [*going_on, "restart", "cancel", "rerun"]
    assert offered(admin_client, asked) == [
        *("resume", *going_on, "time-travel", "cancel", "rerun")
    ]
    assert offered(admin_client, failed) == ["retry", "skip", "time-travel", "rerun"]


def test_pausing_and_going_on(admin_client: Client, engine: Engine) -> None:
    execution = started(engine, asking.waiting(), None)

    paused = post(admin_client, "pause", execution, reason="lunch")
    between = offered(admin_client, execution)
    post(admin_client, "unpause", execution, reason="back")

    assert "Paused 1 execution" in said(paused)
    assert "unpause" in between
    assert "pause" not in between
    told = Event.objects.filter(type__in=["execution_paused", "execution_resumed"]).order_by("seq")
    assert [(it.data["by"], it.data["reason"]) for it in told] == [
        ("admin", "lunch"),
        ("admin", "back"),
    ]
    assert LogEntry.objects.count() == 2


def test_a_question_is_shown_and_answered(admin_client: Client, engine: Engine) -> None:
    execution = started(engine, asking.asking(), None, {"n": 1})

    asked = admin_client.get(url("resume", execution)).content.decode()
    wrong = post(admin_client, "resume", execution, data="{")
    unknown = post(admin_client, "resume", execution, data="1", step="nowhere")
    post(admin_client, "resume", execution, data='{"n": 2}', step="ask")

    assert "&quot;ask&quot;" in asked
    assert "not JSON" in wrong.content.decode()
    assert "nowhere" in said(unknown)
    assert 'value="nowhere"' in unknown.content.decode()
    assert settled(engine, execution).output == {"n": 2}


def test_an_event_is_sent_or_waits(admin_client: Client, engine: Engine) -> None:
    execution = started(engine, asking.waiting(), None)

    post(admin_client, "send-event", execution, event="early", data='"<b>bold</b>"')
    page = admin_client.get(url("change", execution)).content.decode()
    post(admin_client, "send-event", execution, event="go")

    assert Signal.objects.get().name == "early"
    assert "&lt;b&gt;bold" in page
    assert settled(engine, execution).status == "completed"


def test_what_failed_is_retried_skipped_or_travelled_to(
    admin_client: Client, engine: Engine
) -> None:
    execution = started(engine, asking.failing(), None, 4)

    post(admin_client, "retry", execution, reason="once more")
    settled(engine, execution)
    post(admin_client, "skip", execution, step="fail", output="7")
    skipped = settled(engine, execution).output
    post(admin_client, "time-travel", execution, step="fail", input="8")

    assert skipped == 7
    assert settled(engine, execution).status == "failed"
    reopened = Event.objects.filter(type="execution_reopened").order_by("seq")
    assert [it.data["cause"] for it in reopened] == ["retry", "skip", "time_travel"]


def test_a_rerun_may_begin_at_a_step(admin_client: Client, engine: Engine) -> None:
    chain = create_workflow(id="admin-chain").then(asking.echo).then(asking.double).commit()
    execution = started(engine, chain, None, 5)

    post(admin_client, "rerun", execution, from_step="double")

    assert settled(engine, Execution.objects.get(rerun_of=execution)).output == 10


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("pause_selected", "Paused 1 execution"),
        ("retry_selected", "Retried 1 execution"),
        ("restart_selected", "Restarted 2 executions"),
    ],
)
def test_ticked_executions_are_commanded_each_with_its_own_message(
    admin_client: Client, engine: Engine, action: str, told: str
) -> None:
    made = [started(engine, it(), None) for it in (asking.waiting, asking.failing)]
    ticked = {"action": action, "_selected_action": [row.pk for row in made]}
    before = Event.objects.count()

    asked = admin_client.post(LIST, ticked)
    when_asked = Event.objects.count()
    done = admin_client.post(LIST, {**ticked, "confirmed": "yes"}, follow=True)

    assert (asked.status_code, when_asked) == (200, before)
    assert told in said(done)


def test_nested_executions_are_linked_and_left_out_of_the_list(
    admin_client: Client, engine: Engine
) -> None:
    outer = create_workflow(id="admin-outer").then(asking.approving("admin-inner")).commit()
    execution = started(engine, outer, None)
    child = Execution.objects.get(parent=execution)

    def listed(query: str = "") -> list[str]:
        found = admin_client.get(f"{LIST}{query}").context["cl"].result_list
        return [row.pk for row in found]

    outside = admin_client.get(url("change", execution)).content.decode()
    inside = admin_client.get(url("change", child))

    assert url("change", child) in outside
    assert url("change", execution) in inside.content.decode()
    assert "Asked of people" in inside.content.decode()
    assert {event["type"] for event in inside.context["events"]} >= {"step_suspended"}
    assert listed() == [execution.pk]
    assert listed(f"?parent__exact={execution.pk}") == listed("?trigger__exact=nested")
    assert listed("?trigger__exact=nested") == [child.pk]


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_no_command_acts_on_a_get_or_without_its_token_or_right(
    admin_user: Any, engine: Engine, name: str
) -> None:
    execution = started(engine, asking.asking(), None)
    before = Event.objects.count(), Execution.objects.count()
    forging = Client(enforce_csrf_checks=True)
    forging.force_login(admin_user)
    reading = Client()
    reading.force_login(rows.a_user("reader", "executions_app.view_execution"))
    body = {"confirmed": "yes", "step": "ask", "data": "1", "output": "1", "event": "go"}

    answers = [
        forging.get(url(name, execution), body).status_code,
        forging.post(url(name, execution), body).status_code,
        reading.get(url(name, execution)).status_code,
        reading.post(url(name, execution), body).status_code,
    ]

    assert answers == [200, 403, 403, 403]
    assert (Event.objects.count(), Execution.objects.count()) == before


def test_what_others_are_asked_is_not_answered_by_commanding(engine: Engine) -> None:
    workflow = asking.approving("admin-assigned", assignees=["somebody"])
    execution = started(engine, workflow, None)
    client = Client()
    client.force_login(
        rows.a_user("clerk", "executions_app.view_execution", "executions_app.change_execution")
    )

    response = client.post(url("resume", execution), {"data": '{"approved": true}'})

    assert response.status_code == 403
    assert settled(engine, execution).status == "suspended"


def test_a_nested_execution_is_deleted_with_its_root_only(
    admin_client: Client, engine: Engine
) -> None:
    inner = create_workflow(id="admin-part").then(asking.echo).commit()
    execution = started(engine, create_workflow(id="admin-whole").then(inner).commit(), None)
    child = Execution.objects.get(parent=execution)
    ticked = {"action": "delete_selected", "post": "yes"}

    alone = admin_client.post(url("delete", child), {"post": "yes"}).status_code
    admin_client.post(LIST, {**ticked, "_selected_action": child.pk})
    before = Execution.objects.count()
    admin_client.post(url("delete", execution), {"post": "yes"})

    assert (alone, before, Execution.objects.count()) == (403, 2, 0)
