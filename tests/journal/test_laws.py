"""The laws hold after every step of any history: any plan, any fates, in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions_app.engine.statuses import FINAL
from executions_app.errors import NotApplicable
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.cancel import cancel_execution, time_out_execution
from executions_app.operations.record_attempt import announce
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import Claim
from tests.journal.histories import (
    ListBroker,
    check_laws,
    claim,
    commits_at_once,
    fail,
    let_time_pass,
    publish,
    rolled_back,
    start,
    succeed,
)
from workflows_app.interface import get_plan

pytestmark = pytest.mark.django_db(transaction=True)
MOVES = 60
#: The histories are the same on any database, and the statements few: PostgreSQL sees a part.
EXAMPLES = 40 if connection.vendor == "sqlite" else 15


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    names = [f"n{number}" for number in range(draw(st.integers(1, 6)))]
    needs, options = {}, {}
    for index, name in enumerate(names):
        needs[name] = draw(
            st.lists(st.sampled_from(names[:index]), unique=True) if index else st.just([])
        )
        joins = ["all", "any", *range(1, len(needs[name]) + 1)]
        options[name] = {
            "join": draw(st.sampled_from(joins)) if needs[name] else "all",
            "on_error": draw(st.sampled_from(["fail", "fail", "continue", "skip"])),
            "retry": {"attempts": draw(st.integers(0, 2)), "delay": draw(st.sampled_from([0, 60]))},
        }
    return needs, options


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans(), data=st.data())
def test_rows_equal_the_log_and_nothing_is_forgotten_after_every_move(
    broker: ListBroker, plan: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    with rolled_back(), commits_at_once():
        broker.waiting.clear()
        execution = start(publish(*plan))
        held: list[Claim] = []
        stale: list[Claim] = []

        for _ in range(data.draw(st.integers(0, MOVES), label="moves")):
            if _status(execution) in FINAL:
                break
            _move(data, execution, broker, held, stale)
            check_laws(execution)

        _finish(execution, broker, held)
        _check_history(execution)


def _move(
    data: st.DataObject,
    execution: Execution,
    broker: ListBroker,
    held: list[Claim],
    stale: list[Claim],
) -> None:
    # Rows get their ids, and are found overdue, in any order; a history must be found again.
    broker.waiting.sort(key=lambda due: (due.label[-2:], due.attempt))
    moves: dict[str, Callable[[], object]] = {
        "rescue": lambda: (_pass(held, stale), rescue()),
        "late": lambda: [succeed(late, "late") for late in stale],
    }
    if broker.waiting:
        picked = data.draw(st.integers(0, len(broker.waiting) - 1), label="message")
        moves |= {
            "deliver": lambda: _take(claim(broker.waiting.pop(picked)), held),
            "deliver twice": lambda: _take(claim(broker.waiting[picked]), held),
            "lose": lambda: broker.waiting.pop(picked),
        }
    if held:
        mine = data.draw(st.integers(0, len(held) - 1), label="claim")
        moves |= {
            "announce": lambda: announce(held[mine]),
            "succeed": lambda: stale.append(_outcome(succeed, held.pop(mine))),
            "fail": lambda: stale.append(_outcome(fail, held.pop(mine))),
        }
    if data.draw(st.integers(0, 19), label="stop") == 0:
        moves = {"cancel": lambda: _stop(cancel_execution, execution.pk)} | (
            {"time out": lambda: _stop(time_out_execution, execution.pk)}
        )
    moves[data.draw(st.sampled_from(sorted(moves)), label="move")]()


def _outcome(record: Callable[[Claim], bool], mine: Claim) -> Claim:
    assert record(mine)
    return mine


def _take(claimed: Claim | None, held: list[Claim]) -> None:
    if claimed is not None:
        assert all(other.step_run_id != claimed.step_run_id for other in held)
        held.append(claimed)


def _pass(held: list[Claim], stale: list[Claim]) -> None:
    """All leases run out, so everybody who held one comes too late."""
    let_time_pass()
    stale += held
    held.clear()


def _stop(command: Callable[[str], object], execution_id: str) -> None:
    try:
        command(execution_id)
    except NotApplicable:
        assert Execution.objects.get(pk=execution_id).status in FINAL


def _finish(execution: Execution, broker: ListBroker, held: list[Claim]) -> None:
    """Whatever happened: claims end, messages come or are sent again, and the execution ends."""
    for _ in range(200):
        if _status(execution) in FINAL:
            return
        for mine in held:
            succeed(mine)
        held.clear()
        let_time_pass(claimed_at__isnull=True)
        rescue()
        for message in broker.waiting:
            _take(claim(message), held)
        broker.waiting.clear()
    raise AssertionError("the execution does not end")


def _check_history(execution: Execution) -> None:
    plan = get_plan(Execution.objects.get(pk=execution.pk).version_id)
    settled_well: set[str] = set()
    for fact in Event.objects.filter(execution=execution).order_by("seq"):
        node = plan.by_id.get(fact.data.get("node_id", ""))
        if fact.type == "step_scheduled" and node is not None:
            assert len(settled_well & set(node.needs)) >= node.required
        if fact.type == "step_retrying" and node is not None:
            assert fact.data["attempt"] <= node.retry.attempts
        if fact.type in ("step_completed", "step_skipped") or fact.data.get("handled"):
            settled_well.add(fact.data["node_id"])
    live = StepRun.objects.filter(execution=execution, wake_at__isnull=False)
    assert not live.exists()


def _status(execution: Execution) -> str:
    return Execution.objects.values_list("status", flat=True).get(pk=execution.pk)
