"""Queueing in users' own tests: the same rules, by a clock that jumps."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions_app.following.follow import NothingDue
from executions_app.models import Execution
from executions_app.testing import Engine
from tests.api.asking import in_this_process
from tests.queueing.lanes import check_all, kinds, statuses
from workflows_app.authoring import (
    Concurrency,
    Rate,
    StepContext,
    Workflow,
    create_step,
    create_workflow,
)

pytestmark = pytest.mark.django_db


def _ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({}) if ctx.resume_data is None else ctx.resume_data


ask = create_step(id="queue-ask", execute=_ask)
echo = create_step(id="queue-echo", execute=lambda value: value)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def sleepy(seconds: float = 10, **options: Any) -> Workflow:
    return create_workflow(id="sleepy", **options).sleep(seconds).then(echo).commit()


def begun_at(engine: Engine, workflow: Workflow) -> list[float]:
    """Return when the executions of ``workflow`` began, in seconds after the first."""
    rows = Execution.objects.filter(workflow_id=workflow.id, started_at__isnull=False)
    times = list(rows.order_by("started_at").values_list("started_at", flat=True))
    return [(at - times[0]).total_seconds() for at in times]


def test_the_next_begins_when_the_one_before_has_ended(engine: Engine) -> None:
    workflow = sleepy(10, concurrency=1)

    for _ in range(3):
        workflow.create_run().start_async()
    result = workflow.create_run().start(input_data={"last": True})

    assert result.status == "completed"
    assert begun_at(engine, workflow) == [0, 10, 20, 30]
    check_all()


def test_one_that_is_suspended_keeps_its_place(engine: Engine) -> None:
    workflow = create_workflow(id="asking", concurrency=1).then(ask).commit()
    first, second = workflow.create_run(), workflow.create_run()

    assert first.start().status == "suspended"
    with pytest.raises(NothingDue):
        second.start()
    assert second.status == "pending"
    first.resume(resume_data=1)

    assert second.wait().status == "suspended"


def test_two_that_would_wait_for_each_other_do_not_when_one_is_nested(engine: Engine) -> None:
    inner = sleepy(10, concurrency=1)
    outer = create_workflow(id="outer", concurrency=1).then(inner).commit()

    inner.create_run().start_async()
    result = outer.create_run().start()

    assert result.status == "completed"
    assert set(begun_at(engine, inner)) == {0}
    assert Execution.objects.get(trigger="nested").lane is None
    check_all()


def test_hooks_are_told_of_one_that_was_cancelled_while_it_waited(engine: Engine) -> None:
    told: list[str] = []
    workflow = sleepy(concurrency=1, on_finish=lambda info: told.append(info.status))
    workflow.create_run().start_async()
    waiting = workflow.create_run()
    waiting.start_async()

    waiting.cancel()
    engine.run_until_idle()

    assert told == ["cancelled"]


def test_one_cancelled_before_its_start_waits_for_nobody(engine: Engine) -> None:
    workflow = sleepy(concurrency=1)
    workflow.create_run().start_async()
    unwanted = workflow.create_run()

    unwanted.cancel(reason="changed my mind")

    assert unwanted.start().status == "cancelled"
    assert "execution_started" not in kinds(Execution.objects.get(pk=unwanted.id))


def test_an_execution_of_mappings_alone_makes_room_by_itself(engine: Engine) -> None:
    flow = create_workflow(id="quick", concurrency=1)
    workflow = flow.map(lambda ctx: ctx.input_data, id="same").commit()
    runs = [workflow.create_run() for _ in range(5)]

    for run in runs:
        run.start_async()
    engine.run_until_idle()

    assert [run.status for run in runs] == ["completed"] * 5


def test_a_start_rate_lets_so_many_begin_in_any_span(engine: Engine) -> None:
    workflow = sleepy(1, concurrency=Concurrency(rate=Rate(3, per=timedelta(minutes=1))))

    for _ in range(7):
        workflow.create_run().start_async()
    engine.advance(200)

    assert begun_at(engine, workflow) == [0, 0, 0, 60, 60, 60, 120]
    check_all()


def test_the_span_slides(engine: Engine) -> None:
    workflow = sleepy(1, concurrency=Concurrency(rate=Rate(2, per=60)))

    workflow.create_run().start_async()
    engine.advance(50)
    for _ in range(3):
        workflow.create_run().start_async()
    engine.advance(300)

    assert begun_at(engine, workflow) == [0, 50, 60, 110]


def test_a_span_has_passed_to_the_microsecond(engine: Engine) -> None:
    workflow = sleepy(1, concurrency=Concurrency(rate=Rate(1, per=60)))
    runs = [workflow.create_run(), workflow.create_run()]
    for run in runs:
        run.start_async()

    engine.run_until_idle()
    engine.advance(timedelta(seconds=60) - timedelta(microseconds=1))
    assert runs[1].status == "pending"
    engine.advance(timedelta(microseconds=1))

    assert runs[1].status == "waiting"


def test_both_limits_hold_at_once(engine: Engine) -> None:
    bounds = Concurrency(limit=1, rate=Rate(2, per=60))
    workflow = sleepy(10, concurrency=bounds)

    for _ in range(5):
        workflow.create_run().start_async()
    engine.advance(600)

    assert begun_at(engine, workflow) == [0, 10, 60, 70, 120]


def test_the_highest_priority_is_first(engine: Engine) -> None:
    workflow = sleepy(10, concurrency=1, priority=1)
    workflow.create_run().start_async()
    low, high = workflow.create_run(), workflow.create_run()
    low.start_async()
    high.start_async(priority=2)

    engine.advance(10)

    assert (low.status, high.status) == ("pending", "waiting")


#: Random stories that are told; many more do no harm.
EXAMPLES = int(os.environ.get("CELERIAC_ARRIVALS", "6"))
NUMBERS = itertools.count()
ARRIVALS = st.lists(
    st.fixed_dictionaries(
        {
            "after": st.integers(0, 20),
            "lasts": st.integers(0, 30),
            "lane": st.sampled_from("xy"),
            "priority": st.integers(-2, 2),
            "does": st.sampled_from(["sleeps", "sleeps", "fails", "is cancelled"]),
        }
    ),
    min_size=1,
    max_size=12,
)


def _fail_if_told(value: Any) -> Any:
    if value["does"] == "fails":
        raise ValueError("planned")
    return value


fail_if_told = create_step(id="queue-fail", execute=_fail_if_told)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    arrivals=ARRIVALS,
    limit=st.none() | st.integers(1, 3),
    rate=st.none() | st.tuples(st.integers(1, 3), st.integers(1, 40)),
)
def test_whatever_arrives_the_limits_hold_the_order_holds_and_all_end(
    arrivals: list[dict[str, Any]], limit: int | None, rate: tuple[int, int] | None
) -> None:
    if limit is None and rate is None:
        limit = 2
    bounds = Concurrency(
        limit=limit, key="inputs.lane", rate=None if rate is None else Rate(rate[0], per=rate[1])
    )
    with in_this_process() as engine:
        # A new one each time: the limits in force are those published last.
        flow = create_workflow(id=f"arrivals-{next(NUMBERS)}", concurrency=bounds)
        workflow = flow.sleep(lambda ctx: ctx.input_data["lasts"]).then(fail_if_told).commit()
        runs = []
        for arrival in arrivals:
            engine.advance(arrival["after"])
            run = workflow.create_run()
            run.start_async(input_data=arrival, priority=arrival["priority"])
            if arrival["does"] == "is cancelled":
                run.cancel()
            runs.append(run)
        engine.advance(timedelta(hours=1))

    executions = [Execution.objects.get(pk=run.id) for run in runs]
    assert set(statuses(executions)) <= {"completed", "failed", "cancelled"}
    for lane in "xy":
        of_lane = [it for it in executions if it.lane == lane and it.started_at]
        for it in of_lane:
            at = it.started_at
            going = [o for o in of_lane if o.started_at <= at < (o.ended_at or at)]
            assert limit is None or len(going) <= limit
            recent = [
                o for o in of_lane if 0 <= (at - o.started_at).total_seconds() < (rate or (0, 0))[1]
            ]
            assert rate is None or len(recent) <= rate[0]
            passed_over = [
                o
                for o in executions
                if o.lane == lane and o.created_at < at and o.priority > it.priority
                and at < (o.started_at or o.ended_at)
            ]  # fmt: skip
            assert passed_over == []
    check_all()
    Execution.objects.all().delete()
