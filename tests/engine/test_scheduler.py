"""What follows from what, case by case."""

from __future__ import annotations

import pytest

from executions_app.engine.errors import IllegalTransition
from executions_app.engine.events import (
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStarted,
    ExecutionStopping,
    StepCancelled,
    StepCompleted,
    StepFailed,
    StepRetrying,
    StepScheduled,
    StepStarted,
)
from executions_app.engine.evolve import evolve, replay
from executions_app.engine.scheduler import advance
from executions_app.engine.state import ExecutionState
from executions_app.engine.statuses import NodeStatus
from tests.engine.plans import BROKEN, NOW, plan_of
from workflows_app.language.plan import Plan


def done(node_id: str) -> list[object]:
    return [
        StepScheduled(node_id=node_id),
        StepStarted(node_id=node_id, started_at=NOW),
        StepCompleted(node_id=node_id),
    ]


def failed(node_id: str) -> list[object]:
    return [
        StepScheduled(node_id=node_id),
        StepStarted(node_id=node_id, started_at=NOW),
        StepFailed(node_id=node_id, failure=BROKEN),
    ]


def next_after(plan: Plan, *facts: object) -> list[str]:
    news, _ = advance(plan, replay(plan, [ExecutionStarted(), *facts]))  # type: ignore[list-item]
    return [getattr(fact, "node_id", None) or fact.type for fact in news]


def test_everything_without_needs_starts_at_once() -> None:
    assert next_after(plan_of(a="", b="", c="a b")) == ["a", "b"]


def test_a_join_waits_for_all_its_needs() -> None:
    plan = plan_of(a="", b="", c="a b")

    assert next_after(plan, *done("a"), StepScheduled(node_id="b")) == []
    assert next_after(plan, *done("a"), *done("b")) == ["c"]


def test_a_failed_node_leaves_what_needs_it_unstarted_and_fails_the_execution() -> None:
    plan = plan_of(fetch="", send="fetch")

    news, state = advance(plan, replay(plan, [ExecutionStarted(), *failed("fetch")]))

    assert isinstance(news[0], ExecutionFailed)
    assert news[0].node_id == "fetch"
    assert state.node("send").status is NodeStatus.PENDING


def test_siblings_of_a_failed_node_run_to_their_end() -> None:
    plan = plan_of(bad="", good="", after="good", both="bad good")

    assert next_after(plan, *failed("bad"), *done("good")) == ["after"]


def test_an_execution_completes_when_nothing_is_left() -> None:
    plan = plan_of(a="")

    news, _ = advance(plan, replay(plan, [ExecutionStarted(), *done("a")]))

    assert news == [ExecutionCompleted()]


def test_a_retry_that_is_cancelled_does_not_count_as_an_attempt() -> None:
    plan = plan_of(a="")
    begun = [StepScheduled(node_id="a"), StepStarted(node_id="a", started_at=NOW)]
    failed_once = StepRetrying(node_id="a", attempt=1, failure=BROKEN, retry_at=NOW)
    stopped = [ExecutionStopping(cause="cancel"), StepCancelled(node_id="a", attempt=2)]

    state = replay(plan, [ExecutionStarted(), *begun, failed_once, *stopped])

    assert state.node("a").attempt == 1


def test_a_fact_that_cannot_follow_is_refused() -> None:
    plan = plan_of(a="")
    state = evolve(plan, ExecutionState(), ExecutionStarted())

    with pytest.raises(IllegalTransition, match="node 'a' cannot go from 'pending'"):
        evolve(plan, state, StepCompleted(node_id="a"))
