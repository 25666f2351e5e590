"""Workflows with limits, and ways to look at who of their executions goes on and who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from executions_app.models import Event, Execution
from executions_app.operations.audit import differences, orphans
from executions_app.runner.claim import Claim, claim_attempt
from tests.journal.histories import publish, start, succeed
from workflows_app.models import Workflow

ONE_STEP: Mapping[str, Sequence[str]] = {"a": []}


def limited(limit: int | None = 1, *, key: str | None = None, **document: Any) -> Workflow:
    """Return a published workflow of one step, of which so many go on at a time."""
    named = {} if key is None else {"key": key}
    bounds = {} if limit is None else {"concurrency": {"limit": limit, **named}}
    return publish(ONE_STEP, **bounds, **document)


def started(workflow: Workflow, count: int, **options: Any) -> list[Execution]:
    """Return ``count`` executions that were asked for one after another."""
    return [start(workflow, **options) for _ in range(count)]


def statuses(executions: Sequence[Execution]) -> list[str]:
    """Return how ``executions`` stand now, in their order."""
    found = dict(
        Execution.objects.filter(pk__in=[it.pk for it in executions]).values_list("pk", "status")
    )
    return [found[it.pk] for it in executions]


def finish(execution: Execution) -> None:
    """Do the one step of ``execution`` that is due."""
    assert succeed(claimed(execution))


def claimed(execution: Execution) -> Claim:
    """Take the one step of ``execution`` that is due into this worker's hands."""
    row = execution.steps.get(status="scheduled")
    claim = claim_attempt(row.pk, row.attempt)
    assert claim is not None
    return claim


def kinds(execution: Execution) -> list[str]:
    """Return the types of the execution's events, in order."""
    events = Event.objects.filter(execution_id=execution.root_id or execution.pk)
    return list(events.order_by("seq").values_list("type", flat=True))


def check_all() -> None:
    """Assert of every execution that its rows equal its log, and that none is forgotten."""
    assert list(orphans()) == []
    for pk in Execution.objects.filter(root_id=None).values_list("pk", flat=True):
        assert differences(pk) == []
