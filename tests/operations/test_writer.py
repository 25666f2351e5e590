"""What bodies say while they run: in order, in bounds, and only as long as it is theirs to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from executions_app import dispatch
from executions_app.models import Event, Execution, StepRun
from executions_app.operations import record_attempt as attempts
from executions_app.operations.audit import differences, orphans
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.rescue import rescue
from executions_app.run import Run
from executions_app.runner import told as told_module
from executions_app.runner.told import Told
from executions_app.streaming.wire import to_wire
from tests.journal.histories import let_time_pass
from workflows_app.authoring import StepContext, create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send no messages: the tests deliver them by hand."""
    monkeypatch.setattr(dispatch, "send", lambda due: None)


def started(body: Callable[..., Any], **options: Any) -> tuple[Run, StepRun]:
    step = create_step(id="says", execute=body, **options)
    run = create_workflow(id="saying-things").then(step).commit().create_run()
    run.start_async(input_data={"n": 1})
    return run, StepRun.objects.get(execution_id=run.id)


def events(run: Run) -> list[dict[str, Any]]:
    return [to_wire(row) for row in Event.objects.filter(execution=run.id).order_by("seq")]


def types(run: Run) -> list[str]:
    return [event["type"] for event in events(run)]


def outputs(run: Run) -> list[Any]:
    return [event["output"] for event in events(run) if event["type"] == "step_output"]


def check(run: Run) -> None:
    assert differences(run.id) == []
    assert not list(orphans())


def test_the_start_comes_first_then_what_is_said_then_the_result() -> None:
    def body(value: Any, ctx: StepContext) -> str:
        ctx.writer.write(1)
        ctx.logger.warning("careful")
        ctx.writer.write(2)
        return "done"

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert types(run)[2:] == [
        *("step_started", "step_output", "log", "step_output", "step_completed"),
        "execution_completed",
    ]
    check(run)


def test_what_is_said_is_there_before_the_body_ends_and_so_is_its_input() -> None:
    seen: list[Any] = []

    def body(value: Any, ctx: StepContext) -> None:
        ctx.writer.write("live")
        seen.extend([types(run)[-2:], StepRun.objects.get(pk=row.pk).input])

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert seen == [["step_started", "step_output"], {"n": 1}]


def test_plain_output_has_no_kind_and_other_output_its_own() -> None:
    def body(value: Any, ctx: StepContext) -> None:
        ctx.writer.write({"plain": True})
        ctx.writer.custom("data-progress", 0.5)

    run, row = started(body)

    execute_attempt(row.pk, 1)

    told = [(e["kind"], e["output"]) for e in events(run) if e["type"] == "step_output"]
    assert told == [("", {"plain": True}), ("data-progress", 0.5)]


def test_every_level_is_kept_and_others_count_as_information() -> None:
    def body(value: Any, ctx: StepContext) -> None:
        for level in ("debug", "info", "warning", "error", "critical"):
            getattr(ctx.logger, level)(level)
        ctx.logger.log(25, "notice")

    run, row = started(body)

    execute_attempt(row.pk, 1)

    lines = [(e["level"], e["message"]) for e in events(run) if e["type"] == "log"]
    assert lines == [
        *((level, level) for level in ("debug", "info", "warning", "error", "critical")),
        ("info", "notice"),
    ]


@pytest.mark.parametrize("fails", [False, True])
def test_beyond_a_bound_one_line_says_how_much_was_dropped(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    monkeypatch.setattr(told_module, "MAX_TOLD", 5)

    def body(value: Any, ctx: StepContext) -> None:
        for number in range(8):
            ctx.writer.write(number)
        if fails:
            raise ValueError("broken")

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert outputs(run) == [0, 1, 2, 3, 4]
    (line,) = [event for event in events(run) if event["type"] == "log"]
    assert (line["level"], line["fields"]) == ("warning", {"dropped": 3, "kept": 5})
    assert types(run)[-3:-1] == ["log", "step_failed" if fails else "step_completed"]


def test_who_lost_the_step_says_nothing_more() -> None:
    def body(value: Any, ctx: StepContext) -> str:
        me = "second" if ctx.restart else "first"
        if not ctx.restart:
            let_time_pass()
            rescue()
            execute_attempt(row.pk, 1)
        ctx.writer.write(f"from the {me}")
        return me

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert outputs(run) == ["from the second"]
    assert run.get_result().result == "second"
    check(run)


def test_what_the_database_did_not_take_is_told_later_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> None:
        raise DatabaseError("away")

    def body(value: Any, ctx: StepContext) -> None:
        with monkeypatch.context() as away:
            away.setattr(attempts, "_record_facts", refuse)
            ctx.writer.write(1)
        ctx.writer.write(2)

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert outputs(run) == [1, 2]
    assert run.status == "completed"


def test_nothing_overtakes_what_is_being_recorded() -> None:
    told = Told("says", 1)
    told.write("output", 1)

    with told.some() as facts:
        told.write("output", 2)
        with told.some() as others:
            assert others == []
        assert [fact.output for fact in facts] == [1]  # type: ignore[union-attr]

    with told.rest() as rest:
        assert [fact.output for fact in rest] == [2]  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [object(), {"nul": "\x00"}, "x" * 1_000_001])
def test_what_cannot_be_said_raises_inside_the_body(value: Any) -> None:
    def body(given: Any, ctx: StepContext) -> str:
        with pytest.raises(Exception, match=r"JSON|bytes"):
            ctx.writer.write(value)
        return "and it goes on"

    run, row = started(body)

    execute_attempt(row.pk, 1)

    assert run.get_result().result == "and it goes on"


def test_tokens_add_up_over_attempts_and_steps() -> None:
    def body(value: Any, ctx: StepContext) -> None:
        ctx.writer.write({"type": "finish", "usage": {"input_tokens": 2, "cached": True}})
        if not ctx.retry_count:
            raise OSError("again")

    run, row = started(body, retries=1)

    execute_attempt(row.pk, 1)
    execute_attempt(row.pk, 2)

    assert Execution.objects.get(pk=run.id).usage == {"input_tokens": 4}
    assert run.get_result().usage == {"input_tokens": 4}
