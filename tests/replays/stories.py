"""Executions worth recording: each construct, each command, each event at least once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User

from executions_app.models import Approval, Execution
from executions_app.operations.answer_task import answer_task
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.skip import skip_step
from executions_app.operations.time_travel import time_travel
from tests.replays.recorder import Recorder
from workflows_app.authoring import (
    Concurrency,
    Retry,
    Step,
    StepContext,
    Workflow,
    constant,
    create_step,
    create_workflow,
)

Story = Callable[[Recorder], None]
STORIES: dict[str, Story] = {}


def story(tell: Story) -> Story:
    """Have ``tell`` recorded, under its name."""
    STORIES[tell.__name__.replace("_", "-")] = tell
    return tell


def new(**options: Any) -> Workflow:
    return create_workflow(id="told", **options)


def plus_one(id: str, **options: Any) -> Step:
    return create_step(id=id, execute=lambda value: value + 1, **options)


def total(id: str = "total") -> Step:
    return create_step(id=id, execute=lambda values: sum(v for v in values if isinstance(v, int)))


def failing(id: str, *, times: int = 1, at: Any = None, **options: Any) -> Step:
    """Return a step that fails ``times`` times, with the input ``at`` or any, and then adds one."""
    left = [times]

    def body(value: int) -> int:
        if left[0] and at in (None, value):
            left[0] -= 1
            raise ValueError(f"not with {value}")
        return value + 1

    return create_step(id=id, execute=body, **options)


def asking(id: str) -> Step:
    def body(value: Any, ctx: StepContext) -> Any:
        return ctx.resume_data or ctx.suspend({"why": value}, label=f"{id}-{value}")

    return create_step(id=id, execute=body)


@story
def sequence(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(plus_one("b")).map({"n": constant(1)}).commit(), 1)
    told.play()


@story
def parallel(told: Recorder) -> None:
    arms = [plus_one("left"), plus_one("right"), failing("flaky", retries=1)]
    told.start(new().parallel(arms).then(create_step(id="join", execute=dict)).commit(), 1)
    told.play()


@story
def graph_with_a_failure_beside(told: Recorder) -> None:
    a, b, c = plus_one("a"), failing("b", times=9), plus_one("c")
    d = plus_one("d")
    told.start(new().graph({a: [], b: [a], c: [a], d: [b]}).commit(), 1)
    told.play()


@story
def branch(told: Recorder) -> None:
    arms = [("input > 0", plus_one("plus")), ("input < 0", plus_one("minus"))]
    told.start(new().then(plus_one("a")).branch(arms).commit(), 1)
    told.play()


@story
def branch_failed_and_skipped(told: Recorder) -> None:
    arms = [("input > 0", failing("plus", times=9)), ("input > 1", plus_one("more"))]
    told.start(new().branch(arms).then(create_step(id="end", execute=dict)).commit(), 2)
    told.play()
    told.command(skip_step, step="plus", output=5, by="ada", reason="known")
    told.play()


@story
def loop(told: Recorder) -> None:
    told.start(new().dountil(plus_one("inc"), "input >= 4").then(plus_one("end")).commit(), 1)
    told.play()


@story
def loop_failed_in_its_second_round(told: Recorder) -> None:
    told.start(new().dountil(failing("inc", at=2), "input >= 4").commit(), 1)
    told.play()
    told.command(retry_execution)
    told.play()


@story
def foreach(told: Recorder) -> None:
    told.start(new().foreach(plus_one("each"), concurrency=2).then(total()).commit(), [1, 2, 3])
    told.play()


@story
def foreach_with_failures_retried(told: Recorder) -> None:
    body = (
        create_workflow(id="told-body")
        .then(plus_one("price"))
        .then(failing("charge", at=3))
        .commit()
    )
    told.start(new().foreach(body, concurrency=2).then(total()).commit(), [1, 2, 3, 4])
    told.play()
    told.command(retry_execution, by="ada", reason="the bank is back")
    told.play()


@story
def foreach_that_goes_on_without_an_item(told: Recorder) -> None:
    each = failing("each", times=9, at=2, on_error="skip")
    told.start(new().foreach(each).then(total()).commit(), [1, 2, 3])
    told.play()


@story
def foreach_of_many(told: Recorder) -> None:
    each = failing("each", times=9, at=57)
    told.start(new().foreach(each, concurrency=5).then(total()).commit(), list(range(60)))
    told.play()


@story
def foreach_that_asks(told: Recorder) -> None:
    told.start(new().foreach(asking("ask"), concurrency=3).commit(), [1, 2, 3])
    told.play()
    told.command(resume_execution, step="ask", foreach_index=1, data="two", by="ada")
    told.play()
    told.command(resume_execution, step="ask", data="others")
    told.play()


@story
def loop_in_a_foreach(told: Recorder) -> None:
    counting = create_workflow(id="told-counting").dountil(plus_one("inc"), "input >= 3").commit()
    told.start(new().foreach(counting).commit(), [1, 2])
    told.play()


def _nesting(inner: Step) -> Workflow:
    deepest = create_workflow(id="told-deepest").then(inner).commit()
    middle = create_workflow(id="told-middle").then(plus_one("first")).then(deepest).commit()
    return new().then(plus_one("a")).then(middle).then(plus_one("z")).commit()


@story
def nested(told: Recorder) -> None:
    told.start(_nesting(plus_one("inner")), 1)
    told.play()


@story
def nested_that_fails_and_is_retried(told: Recorder) -> None:
    told.start(_nesting(failing("inner")), 1)
    told.play()
    told.command(retry_execution)
    told.play()


@story
def nested_that_asks(told: Recorder) -> None:
    told.start(_nesting(asking("inner")), 1)
    told.play()
    told.command(resume_execution, data=7, by="ada")
    told.play()


@story
def nested_in_a_foreach(told: Recorder) -> None:
    inner = create_workflow(id="told-inner").then(plus_one("x")).then(plus_one("y")).commit()
    around = create_workflow(id="told-around").then(inner).then(plus_one("after")).commit()
    told.start(new().foreach(around, concurrency=2).commit(), [1, 2])
    told.play()


@story
def approval(told: Recorder) -> None:
    ada = User.objects.create_user("ada", is_superuser=True)
    asked = new().then(plus_one("a")).approval("ok", title="Go on?", deadline=timedelta(days=1))
    told.start(asked.then(create_step(id="end", execute=dict)).commit(), 1)
    told.play_now()
    answer_task(Approval.objects.get().pk, user=ada, data={"approved": True, "comment": "fine"})
    told.play()


@story
def approval_that_nobody_answers(told: Recorder) -> None:
    asked = new().approval("ok", title="Go on?", deadline=60.0, on_deadline="reject")
    told.start(asked.commit(), {})
    told.play()


@story
def event_that_comes(told: Recorder) -> None:
    told.start(new().wait_for_event("paid", id="paid", timeout=60.0).commit(), {})
    told.play_now()
    told.command(send_event, event="paid", data={"amount": 5}, by="shop")
    told.play()


@story
def event_that_comes_early_and_opens_a_body(told: Recorder) -> None:
    ends = create_step(id="ends", execute=lambda value, ctx: ctx.resume_data)
    told.start(new().then(plus_one("a")).wait_for_event("paid", ends).commit(), 1)
    told.command(send_event, event="paid", data={"amount": 5})
    told.play()


@story
def event_that_does_not_come(told: Recorder) -> None:
    told.start(new().wait_for_event("paid", id="paid", timeout=60.0).commit(), {})
    told.play()


@story
def sleep(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).sleep(3_600).then(plus_one("b")).commit(), 1)
    told.play()


@story
def retries_until_one_succeeds(told: Recorder) -> None:
    retry = Retry(attempts=3, delay=10, backoff="exponential")
    told.start(new(retry=retry).then(failing("flaky", times=2)).commit(), 1)
    told.play()


@story
def retries_until_none_is_left(told: Recorder) -> None:
    retry = Retry(attempts=1, delay=5)
    flaky = failing("flaky", times=9)
    told.start(new(retry=retry).then(flaky).then(plus_one("never")).commit(), 1)
    told.play()


@story
def failures_that_are_handled(told: Recorder) -> None:
    arms = [
        failing("goes-on", times=9, on_error="continue"),
        failing("skipped", times=9, on_error="skip"),
    ]
    told.start(new().parallel(arms).then(create_step(id="end", execute=dict)).commit(), 1)
    told.play()


@story
def cancelled_while_it_retries_and_asks(told: Recorder) -> None:
    arms = [failing("flaky", times=9), asking("ask")]
    told.start(new(retry=Retry(attempts=5, delay=600)).parallel(arms).commit(), 1)
    told.play_now()
    told.command(cancel_execution, by="ada", reason="a mistake")
    told.play()


@story
def cancelled_inside_a_foreach_and_gone_back(told: Recorder) -> None:
    told.start(new().foreach(asking("ask"), concurrency=2).then(total()).commit(), [1, 2, 3])
    told.play()
    told.command(cancel_execution)
    told.play()
    told.command(time_travel, step="ask", by="ada")
    told.play()
    told.command(resume_execution, step="ask", data=5)
    told.play()


@story
def timed_out(told: Recorder) -> None:
    told.start(new(timeout=60).then(plus_one("a")).sleep(3_600).commit(), 1)
    told.play()


@story
def paused_and_unpaused(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(plus_one("b")).commit(), 1)
    told.command(pause_execution, by="ada", reason="wait for me")
    told.play()
    told.command(unpause_execution, by="ada")
    told.play()


@story
def one_step_at_a_time(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(plus_one("b")).commit(), 1, per_step=True)
    told.play()
    told.command(unpause_execution)
    told.play()


@story
def travel_back_with_an_output_given(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(plus_one("b")).then(plus_one("c")).commit(), 1)
    told.play()
    told.command(time_travel, step="c", context={"b": 40}, by="ada", reason="new prices")
    told.play()


@story
def travel_into_an_arm(told: Recorder) -> None:
    arms = [("input > 0", plus_one("plus")), ("input > 1", plus_one("more"))]
    told.start(new().then(plus_one("a")).branch(arms).commit(), 5)
    told.play()
    told.command(time_travel, step="more", context={"a": 7})
    told.play()


@story
def travel_on_the_latest_version(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(failing("b", times=9)).commit(), 1)
    told.play()
    told.forget_workflows()
    told.publish(new().then(plus_one("a")).then(plus_one("b")).then(plus_one("c")).commit())
    told.command(time_travel, step="b", version="latest")
    told.play()


@story
def rerun_from_a_step(told: Recorder) -> None:
    told.start(new().then(plus_one("a")).then(plus_one("b")).commit(), 1)
    told.play(captured=False)
    earlier = Execution.objects.select_related("workflow", "version").get(pk=told.id)
    told.follow(rerun_execution(earlier, from_step="b"))
    told.play()


@story
def bail(told: Recorder) -> None:
    def body(value: int, ctx: StepContext) -> int:
        ctx.bail({"enough": value})
        return value

    told.start(new().then(create_step(id="a", execute=body)).then(plus_one("b")).commit(), 1)
    told.play()


@story
def queue(told: Recorder) -> None:
    workflow = new(concurrency=Concurrency(limit=1)).sleep(60).then(plus_one("a")).commit()
    told.start(workflow, 1, id="before")
    told.start(workflow, 2, priority=5)
    told.play()


@story
def hooks(told: Recorder) -> None:
    def refuse(info: Any) -> None:
        raise ValueError("nobody listens")

    told.start(new(on_finish=refuse).then(plus_one("a")).commit(), 1)
    told.play()


@story
def streams_and_lines(told: Recorder) -> None:
    def body(value: int, ctx: StepContext) -> int:
        for number in range(60):
            ctx.writer.write({"chunk": number})
        ctx.writer.custom("data-progress", 0.5)
        ctx.logger.warning("half of %s is done", value)
        return value

    told.start(new().then(create_step(id="writes", execute=body)).commit(), 1)
    told.play()


@story
def large_values(told: Recorder) -> None:
    told.start(new().then(create_step(id="big", execute=lambda n: "x" * n)).commit(), 70_000)
    told.play()


@story
def crashes(told: Recorder) -> None:
    told.engine.crash_before("a")
    told.engine.crash_after("b")
    told.start(new().then(plus_one("a")).then(plus_one("b")).commit(), 1)
    told.play()
