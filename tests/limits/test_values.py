"""One value, the whole of an execution, and how deep a value is nested: each has its limit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from executions_app.engine.storable import MAX_DEPTH, NotStorable, storable_bytes
from executions_app.errors import ValueTooLarge
from executions_app.models import Event, Execution
from executions_app.testing import Engine
from workflows_app.authoring import StepContext, create_step, create_workflow

pytestmark = pytest.mark.django_db

VALUE_BYTES = 10_000
TIMES = [(0, "completed"), (1, "too large"), (9 * VALUE_BYTES, "too large")]


@pytest.fixture(autouse=True)
def small_values(settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, value_bytes=VALUE_BYTES)


def text_of(size_bytes: int) -> str:
    """Return a text that is so many bytes of JSON."""
    return "x" * (size_bytes - 2)


def error_of(run: Any) -> dict[str, Any]:
    return Execution.objects.values_list("error", flat=True).get(pk=run.id)


@pytest.mark.parametrize(("beyond", "came_to"), TIMES)
def test_what_a_step_puts_out(engine: Engine, beyond: int, came_to: str) -> None:
    step = create_step(id="large", execute=lambda value: text_of(VALUE_BYTES + beyond))
    run = create_workflow(id=f"value-out-{beyond}").then(step).commit().create_run()

    result = run.start(input_data=None)

    if came_to == "completed":
        assert len(result.result) == VALUE_BYTES - 2
    else:
        assert error_of(run)["code"] == "output.too_large"
        details = {"size_bytes": VALUE_BYTES + beyond, "limit_bytes": VALUE_BYTES}
        assert error_of(run)["details"] == details


@pytest.mark.parametrize(("beyond", "came_to"), TIMES)
def test_what_a_workflow_is_given(engine: Engine, beyond: int, came_to: str) -> None:
    echo = create_step(id="echo", execute=lambda value: None)
    run = create_workflow(id=f"value-in-{beyond}").then(echo).commit().create_run()

    if came_to == "completed":
        assert run.start(input_data=text_of(VALUE_BYTES)).status == "completed"
    else:
        with pytest.raises(ValueTooLarge, match="limit is 10,000"):
            run.start(input_data=text_of(VALUE_BYTES + beyond))
        assert not Execution.objects.exists()


@pytest.mark.parametrize("handed", ["event", "answer"])
@pytest.mark.parametrize(("beyond", "came_to"), TIMES)
def test_what_events_and_answers_bring(
    engine: Engine, handed: str, beyond: int, came_to: str
) -> None:
    ask = create_step(id="ask", execute=lambda ctx: ctx.resume_data or ctx.suspend())
    workflow = create_workflow(id=f"value-{handed}-{beyond}")
    workflow = workflow.then(ask) if handed == "answer" else workflow.wait_for_event("go")
    run = workflow.commit().create_run()
    run.start_async(input_data=None)
    engine.run_until_idle()
    given = text_of(VALUE_BYTES + beyond)

    def hand() -> Any:
        return run.resume(resume_data=given) if handed == "answer" else run.send_event("go", given)

    if came_to == "completed":
        assert hand().result == given
    else:
        with pytest.raises(ValueTooLarge):
            hand()
        assert Execution.objects.get(pk=run.id).ended_at is None


def test_a_large_output_is_named_before_it_is_refused(
    engine: Engine, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIMITS = replace(settings.LIMITS, large_value_bytes=5_000)
    sizes = {"at": 5_000, "beyond": 5_001}
    for name, size in sizes.items():
        step = create_step(id=f"put-{name}", execute=lambda value, size=size: text_of(size))
        create_workflow(id=f"large-{name}").then(step).commit().create_run().start(input_data=None)

    said = [record for record in caplog.records if getattr(record, "action", "") == "value.large"]
    assert [(it.node_id, it.size_bytes) for it in said] == [("put-beyond", 5_001)]


@pytest.mark.parametrize(("rounds", "came_to"), [(6, None), (11, "execution.too_large")])
def test_all_that_an_execution_records_is_bounded(
    engine: Engine, settings, rounds: int, came_to: str | None
) -> None:
    settings.LIMITS = replace(settings.LIMITS, execution_bytes=100_000)
    grow = create_step(id="grow", execute=lambda value: {"n": value["n"] + 1, "text": "x" * 4_970})
    workflow = create_workflow(id=f"whole-{rounds}").dowhile(grow, f"input.n < {rounds}").commit()
    run = workflow.create_run()

    run.start_async(input_data={"n": 0})
    engine.run_until_idle()

    execution = Execution.objects.get(pk=run.id)
    assert (execution.error or {}).get("code") == came_to
    assert 60_000 < execution.recorded_bytes <= 100_000


def test_where_the_execution_is_full_the_error_path_still_runs(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, execution_bytes=15_000)
    large = create_step(id="large", execute=lambda value: text_of(VALUE_BYTES))
    more = create_step(id="more", execute=lambda value: text_of(VALUE_BYTES), on_error="continue")
    tidy = create_step(id="tidy", execute=lambda value: "tidied")
    run = create_workflow(id="full").then(large).then(more).then(tidy).commit()
    run = run.create_run()

    result = run.start(input_data=None)

    assert result.steps["more"].error["code"] == "execution.too_large"
    assert (result.status, result.result) == ("completed", "tidied")


def test_nested_executions_count_for_the_outermost(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, execution_bytes=40_000)
    large = create_step(id="large", execute=lambda value: text_of(9_000))
    inner = create_workflow(id="whole-inner").then(large).commit()
    workflow = create_workflow(id="whole-outer").foreach(inner).commit()
    run = workflow.create_run()

    run.start_async(input_data=[1, 2, 3, 4])
    engine.run_until_idle()

    assert error_of(run)["code"] == "execution.too_large"
    root = Execution.objects.get(pk=run.id)
    assert 20_000 < root.recorded_bytes <= 40_000
    assert not Execution.objects.filter(root_id=run.id, recorded_bytes__gt=0).exists()


def test_a_body_cannot_write_without_end(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, execution_bytes=50_000)
    wrote = []

    def chatter(ctx: StepContext) -> None:
        for number in range(100):
            ctx.writer.write(text_of(5_000))
            wrote.append(number)

    run = create_workflow(id="chatter").then(create_step(id="chatter", execute=chatter)).commit()
    run = run.create_run()

    run.start_async(input_data=None)
    engine.run_until_idle()

    assert error_of(run)["code"] == "execution.too_large"
    assert len(wrote) < 10
    assert Execution.objects.get(pk=run.id).recorded_bytes <= 50_000


def test_log_lines_for_which_there_is_no_room_are_counted(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, execution_bytes=50_000)

    def chatter(ctx: StepContext) -> str:
        for _ in range(100):
            ctx.logger.info("a line", extra={"text": "x" * 5_000})
        return "done"

    run = create_workflow(id="lines").then(create_step(id="lines", execute=chatter)).commit()
    run = run.create_run()

    result = run.start(input_data=None)

    lines = Event.objects.filter(execution_id=run.id, type="log").order_by("seq")
    assert result.result == "done"
    assert lines.count() == 10  # nine, and one about the rest
    assert lines.last().data["fields"]["dropped"] == 91
    assert Execution.objects.get(pk=run.id).recorded_bytes <= 50_000


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize(("levels", "fits"), [(200, True), (201, False), (2_000, False)])
@pytest.mark.parametrize("beside", [0, 300])
def test_how_deep_a_value_may_be(levels: int, fits: bool, beside: int) -> None:
    assert MAX_DEPTH == 200
    value = [[], *([{}] * beside)] if levels == 200 and beside else nested(levels)

    if fits:
        assert storable_bytes(value) == len(json.dumps(value, separators=(",", ":")))
    else:
        with pytest.raises(NotStorable, match="deeper than 200"):
            storable_bytes(value)


def test_a_value_that_is_wrapped_in_every_round_ends_by_its_name(engine: Engine) -> None:
    wrap = create_step(id="wrap", execute=lambda value: [value])
    workflow = create_workflow(id="wrapping").dountil(wrap, "false").commit()
    run = workflow.create_run()

    run.start_async(input_data=0)
    engine.run_until_idle()

    error = error_of(run)
    assert error["code"] == "step.output_invalid"
    assert "deeper than 200" in error["message"]


def test_a_failure_keeps_small_details(engine: Engine) -> None:
    class Verbose(Exception):
        def __init__(self) -> None:
            super().__init__("it broke")
            self.order = 7
            self.dump = "x" * 3_000_000
            self.rows = [{"n": n} for n in range(100_000)]

    def fail(value: Any) -> None:
        raise Verbose

    run = create_workflow(id="verbose").then(create_step(id="fail", execute=fail)).commit()
    run = run.create_run()

    run.start_async(input_data=None)
    engine.run_until_idle()

    error = error_of(run)
    assert error["details"]["order"] == 7
    assert error["details"]["dump"]["bytes"] == 3_000_002
    assert len(json.dumps(error)) < 10_000
