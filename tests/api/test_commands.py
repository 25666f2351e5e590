"""Commands to an execution over HTTP: each does one thing, and says why where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app.api import examples
from executions_app.api.shapes import ExecutionSummary
from executions_app.models import Event, Execution
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from tests.api.hostile_json import HOSTILE
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def send(api: APIClient, execution: Execution, command: str, body: Any = None) -> Any:
    return api.post(f"/api/executions/{execution.pk}/{command}/", body, format="json")


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code") or answer.json()["status"]


def test_a_paused_execution_goes_on_when_it_is_let(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    execution = started(engine, asking.waiting(), ada)

    paused = send(api, execution, "pause", {"reason": "lunch"})
    again = send(api, execution, "pause")
    unpaused = send(api, execution, "unpause", {"reason": "back"})
    twice = send(api, execution, "unpause")

    assert [said(it) for it in (paused, again)] == [(202, "paused")] * 2
    assert said(unpaused) == (202, "waiting")
    assert said(twice) == (409, "command.not_applicable")
    told = Event.objects.filter(type__in=["execution_paused", "execution_resumed"])
    assert [(it.data["by"], it.data["reason"]) for it in told.order_by("seq")] == [
        ("ada", "lunch"),
        ("ada", "back"),
    ]
    settled(engine, execution)


def test_an_answer_lets_it_go_on_and_is_kept_with_its_author(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    execution = started(engine, asking.asking(), ada, {"n": 1})

    answer = send(api, execution, "resume", {"data": {"n": 2}, "step": "ask"})

    assert said(answer) == (202, "running")
    assert settled(engine, execution).output == {"n": 2}
    assert Event.objects.get(type="step_resumed").data["by"] == "ada"


@pytest.mark.parametrize(
    "which",
    [
        {"step": ["ask"]},
        {"label": "boss"},
        {"step": "ask", "runtime_context": {"mood": "calm"}},
        {},
    ],
    ids=repr,
)
def test_what_is_asked_is_named_in_several_ways(
    api: APIClient, ada: Any, engine: Engine, which: dict[str, Any]
) -> None:
    execution = started(engine, asking.asking(), ada)

    answer = send(api, execution, "resume", {"data": 1, **which})

    assert answer.status_code == 202
    assert settled(engine, execution).output == 1


def test_one_item_is_named_by_its_index_or_by_its_key(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    each = create_workflow(id="asking-each").foreach(asking.ask, concurrency=3).commit()
    execution = started(engine, each, ada, [1, 2, 3])
    [first, second, third] = api.get(f"/api/executions/{execution.pk}/").json()["suspended"]

    by_index = send(api, execution, "resume", {"data": "b", "step": "ask", "foreach_index": 1})
    by_key = send(api, execution, "resume", {"data": "c", "step": third["key"]})
    engine.run_until_idle()
    rest = send(api, execution, "resume", {"data": "a"})

    assert [it["indexes"] for it in (first, second, third)] == [[0], [1], [2]]
    assert {it.status_code for it in (by_index, by_key, rest)} == {202}
    assert settled(engine, execution).output == ["a", "b", "c"]


def test_an_answer_that_cannot_be_taken_changes_nothing(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    execution = started(engine, asking.approving(), ada)
    before = Event.objects.count()
    answers = {
        "resume.invalid_data": send(api, execution, "resume", {"data": {"approved": "yes"}}),
        "resume.unknown_step": send(api, execution, "resume", {"data": {}, "step": "other"}),
        "resume.unknown_label": send(api, execution, "resume", {"data": {}, "label": "other"}),
        "request.invalid": send(api, execution, "resume", {"data": {}, "step": 7}),
    }

    assert {code: said(answer) for code, answer in answers.items()} == {
        "resume.invalid_data": (400, "resume.invalid_data"),
        "resume.unknown_step": (409, "resume.unknown_step"),
        "resume.unknown_label": (409, "resume.unknown_label"),
        "request.invalid": (400, "request.invalid"),
    }
    assert Event.objects.count() == before


def test_what_is_not_suspended_cannot_be_answered(api: APIClient, ada: Any, engine: Engine) -> None:
    execution = started(engine, asking.waiting(), ada)

    assert said(send(api, execution, "resume", {"data": 1})) == (409, "resume.not_suspended")


def test_the_second_answer_is_told_that_it_is_late(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    execution = started(engine, asking.asking(), ada)

    send(api, execution, "resume", {"data": 1, "step": "ask"})
    late = send(api, execution, "resume", {"data": 2, "step": "ask"})

    assert said(late) == (409, "resume.claimed")
    assert settled(engine, execution).output == 1


def test_an_event_moves_what_waits_for_it_or_is_kept(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    late = create_workflow(id="late-wait").then(asking.ask).wait_for_event("go", None).commit()
    execution = started(engine, asking.waiting(), ada)
    keeping = started(engine, late, ada)

    moved = send(api, execution, "send-event", {"event": "go", "data": {"n": 1}})
    early = send(api, keeping, "send-event", {"event": "go", "data": "early"})
    send(api, keeping, "resume", {"data": 1})

    assert moved.status_code == early.status_code == 202
    assert settled(engine, execution).status == "completed"
    assert settled(engine, keeping).output == "early"
    assert said(send(api, execution, "send-event", {"event": "go"})) == (
        409,
        "command.not_applicable",
    )


def test_what_failed_is_retried_or_skipped(api: APIClient, ada: Any, engine: Engine) -> None:
    execution = started(engine, asking.failing(), ada, 5)

    retried = send(api, execution, "retry", {"step": "fail", "reason": "once more"})
    settled(engine, execution)
    wrong = send(api, execution, "retry", {"step": "echo"})
    skipped = send(api, execution, "skip", {"step": "fail", "output": "by hand"})

    assert said(retried) == (202, "running")
    assert said(wrong) == (409, "command.unknown_step")
    assert skipped.status_code == 202
    row = settled(engine, execution)
    assert (row.status, row.output) == ("completed", "by hand")
    assert said(send(api, execution, "retry")) == (409, "command.not_applicable")


def test_restarting_what_waits_for_somebody_is_refused(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    asked = started(engine, asking.asking(), ada)
    waits = started(engine, asking.waiting(), ada)

    assert said(send(api, asked, "restart")) == (409, "execution.not_active")
    assert said(send(api, waits, "restart", {"reason": "to be sure"})) == (202, "waiting")


def test_a_step_is_travelled_to_and_what_comes_before_is_kept(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    chain = create_workflow(id="travelling").then(asking.echo).then(asking.double).commit()
    execution = started(engine, chain, ada, 5)

    answer = send(api, execution, "time-travel", {"step": "double", "input": 7, "reason": "why"})

    assert said(answer) == (202, "running")
    assert settled(engine, execution).output == 14
    assert Event.objects.filter(type="step_started", data__node_id="echo").count() == 1
    assert Event.objects.get(type="execution_reopened").data["by"] == "ada"
    unknown = send(api, execution, "time-travel", {"step": "nowhere"})
    assert said(unknown) == (409, "command.unknown_step")
    assert settled(engine, execution).output == 14


def test_what_is_at_work_cannot_travel(api: APIClient, ada: Any, engine: Engine) -> None:
    execution = started(engine, asking.waiting(), ada)

    answer = send(api, execution, "time-travel", {"step": "go"})

    assert said(answer) == (409, "execution.running")


def test_a_rerun_may_begin_at_a_step(api: APIClient, ada: Any, engine: Engine) -> None:
    chain = create_workflow(id="rerunning").then(asking.echo).then(asking.double).commit()
    execution = started(engine, chain, ada, 5)

    answer = send(api, execution, "rerun", {"from_step": "double"})
    unknown = send(api, execution, "rerun", {"from_step": "nowhere"})

    again = Execution.objects.get(pk=answer.json()["execution_id"])
    assert settled(engine, again).output == 10
    assert again.rerun_of == execution
    assert not Event.objects.filter(
        execution=again, type="step_started", data__node_id="echo"
    ).exists()
    assert said(unknown) == (409, "command.unknown_step")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("pause", {"reason": 1.5, "by": "eve"}),
        ("pause", []),
        ("unpause", {"by": "eve"}),
        ("resume", {}),
        ("resume", {"data": 1, "step": []}),
        ("resume", {"data": 1, "step": {"id": "ask"}}),
        ("resume", {"data": 1, "step": ["a", 1]}),
        ("resume", {"data": 1, "foreach_index": -1}),
        ("resume", {"data": 1, "foreach_index": 10**30}),
        ("resume", {"data": 1, "runtime_context": []}),
        ("resume", {"data": 1, "by": "eve"}),
        ("send-event", {}),
        ("send-event", {"event": ""}),
        ("send-event", {"event": "x" * 201}),
        ("send-event", {"event": ["go"]}),
        ("retry", {"steps": "fail"}),
        ("retry", {"step": ""}),
        ("skip", {"step": "fail"}),
        ("skip", {"output": 1}),
        ("restart", {"step": "fail"}),
        ("time-travel", {"input": 1}),
        ("time-travel", {"step": "ask", "context": []}),
        ("time-travel", {"step": "ask", "per_step": "perhaps"}),
        ("time-travel", {"step": "ask", "version": 3}),
    ],
    ids=repr,
)
def test_a_bad_body_commands_nothing(
    api: APIClient, ada: Any, engine: Engine, command: str, body: Any
) -> None:
    execution = started(engine, asking.asking(), ada)
    before = Event.objects.count()

    answer = send(api, execution, command, body)

    assert said(answer) == (400, "request.invalid")
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_commands_nothing(api: APIClient, ada: Any, engine: Engine, name: str) -> None:
    body, status, code = HOSTILE[name]
    execution = started(engine, asking.asking(), ada)
    before = Event.objects.count()

    for command in ("pause", "resume", "send-event", "retry", "skip", "restart", "time-travel"):
        answer = api.post(
            f"/api/executions/{execution.pk}/{command}/", body, content_type="application/json"
        )

        assert (answer.status_code, answer.json()["code"]) == (status, code), command
    assert Event.objects.count() == before


def test_a_nested_execution_is_answered_where_it_asks_or_from_its_root(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    inner = asking.asking("asking-inside")
    outer = create_workflow(id="asking-around").then(inner).commit()
    one, other = started(engine, outer, ada), started(engine, outer, ada)
    [child] = api.get(f"/api/executions/{one.pk}/").json()["children"]
    [asked] = api.get(f"/api/executions/{other.pk}/").json()["suspended"]

    inside = api.post(f"/api/executions/{child['id']}/resume/", {"data": 1}, format="json")
    outside = send(api, other, "resume", {"data": 2, "step": asked["path"]})

    assert (inside.status_code, outside.status_code) == (202, 202)
    assert (settled(engine, one).output, settled(engine, other).output) == (1, 2)


@pytest.mark.parametrize("example", [examples.PAUSED, examples.RUNNING, examples.CANCELLED])
def test_examples_have_the_fields_of_answers(example: dict[str, Any]) -> None:
    assert set(example) == set(ExecutionSummary().fields)


def test_a_step_in_the_hands_of_a_worker_is_not_skipped(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    codes = []

    def probe(value: Any) -> Any:
        found = Execution.objects.get()
        codes.append(said(send(api, found, "skip", {"step": "probe", "output": 1})))
        return value

    probing = create_workflow(id="probing").then(create_step(id="probe", execute=probe)).commit()
    execution = started(engine, probing, ada, 3)

    assert codes == [(409, "command.not_applicable")]
    assert settled(engine, execution).output == 3
