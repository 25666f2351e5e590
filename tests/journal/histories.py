"""Driving the engine without workers: publish, take what was sent, claim, record, check the laws.

Sending is a list here: what the journal tells the broker after commit is collected, so that a test
may deliver it in any order, twice, or never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from executions_app import database, dispatch
from executions_app.dispatch import Due
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke, Outcome, Succeeded
from executions_app.models import Execution, StepRun
from executions_app.operations.audit import differences, orphans
from executions_app.operations.record_attempt import record_outcome
from executions_app.operations.start_execution import start_execution
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt
from workflows_app.authoring import create_step
from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

STEP_ID = "journal-step"


@dataclass(slots=True)
class ListBroker:
    """What was sent and not yet delivered; ``all`` keeps everything that ever was."""

    waiting: list[Due] = field(default_factory=list)
    all: list[Due] = field(default_factory=list)
    inside_transaction: list[Due] = field(default_factory=list)

    def send(self, due: Sequence[Due]) -> None:
        """Take messages as ``dispatch.send`` does."""
        self.waiting += due
        self.all += due
        if _in_transaction():
            self.inside_transaction += due


def _in_transaction() -> bool:
    connection = transaction.get_connection()
    # Handlers of a commit run with autocommit on again; anything else is too early.
    return bool(connection.in_atomic_block)


@contextmanager
def list_broker() -> Iterator[ListBroker]:
    """Collect in a list what is sent, instead of sending it."""
    broker, before = ListBroker(), dispatch.send
    dispatch.send = broker.send
    try:
        yield broker
    finally:
        dispatch.send = before


@contextmanager
def journal_step() -> Iterator[None]:
    """Know the one step these histories are made of; nothing ever calls its body."""
    step = create_step(id=STEP_ID, execute=lambda value: value)
    registry._steps[STEP_ID] = [step]
    try:
        yield
    finally:
        del registry._steps[STEP_ID]


def publish(
    needs: Mapping[str, Sequence[str]],
    options: Mapping[str, Mapping[str, Any]] | None = None,
    **document: Any,
) -> Workflow:
    """Return a published workflow of steps; ``needs`` are the predecessors of each."""
    definition = {
        "schema_version": 1,
        "name": "history",
        "nodes": [
            {"id": name, "type": "step", "step": STEP_ID, **(options or {}).get(name, {})}
            for name in needs
        ],
        "edges": [[before, name] for name, found in needs.items() for before in found],
        **document,
    }
    compiled = compile_document(definition)
    assert compiled.plan is not None, compiled.diagnostics
    workflow = Workflow.objects.create(
        name="history", definition=definition, compile_status=compiled.status
    )
    publish_version(workflow, compiled=compiled, definition=definition)
    return workflow


def start(workflow: Workflow, **options: Any) -> Execution:
    """Start ``workflow`` and check the laws."""
    execution = start_execution(workflow, **options)
    check_laws(execution)
    return execution


def claim(due: Due) -> Claim | None:
    """Deliver one message as far as the claim."""
    return claim_attempt(due.step_run_id, due.attempt)


def succeed(claimed: Claim, output: Any = None) -> bool:
    """Record that the body returned ``output``."""
    return settle(claimed, Succeeded(output=output))


def fail(claimed: Claim, *, retryable: bool = True) -> bool:
    """Record that the body raised."""
    failure = Failure(name="Planned", message="planned", code="step.failed")
    return settle(claimed, Broke(failure=failure, retryable=retryable))


def settle(claimed: Claim, outcome: Outcome) -> bool:
    """Record an outcome and check the laws."""
    was_ours = record_outcome(claimed, Attempt(outcome=outcome))
    check_laws(Execution.objects.get(pk=claimed.execution_id))
    return was_ours


def check_laws(execution: Execution) -> None:
    """Assert that rows equal the log's fold, and that nothing is forgotten."""
    assert differences(execution.pk) == []
    assert list(orphans()) == []


def snapshot(execution: Execution) -> tuple[Any, ...]:
    """Return everything the tables hold of an execution, for comparing."""
    row = Execution.objects.filter(pk=execution.pk).values().get()
    steps = StepRun.objects.filter(execution=execution).order_by("position").values()
    return row, list(steps), list(execution.events.order_by("seq").values())


def let_time_pass(**rows: Any) -> None:
    """Make every lease, timer and message overdue, by moving their times into the past."""
    past = database.exact_now() - timedelta(hours=1)
    live = StepRun.objects.filter(wake_at__isnull=False, **rows)
    live.update(wake_at=past, due_at=past)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def commits_at_once() -> Iterator[None]:
    """Run what is to happen after commit at once, since the outer transaction never commits."""
    connection = transaction.get_connection()
    before = connection.on_commit
    connection.on_commit = lambda function, robust=False: function()
    try:
        yield
    finally:
        connection.on_commit = before
