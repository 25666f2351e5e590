"""Which executions came of one, and of which it came.  Reads only what somebody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from executions_app.models import Execution
from executions_app.operations.call_hooks import failure_id
from executions_app.streaming.channels import visible_to
from workflows_app.interface import get_plan

#: Reruns that a record names: the newest.
MAX_RERUNS = 20
_SHOWN = ("pk", "workflow_id", "status", "trigger", "created_at", "ended_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The relations of an execution, as far as they may be seen."""

    reruns: Sequence[Execution] = ()
    """The newest first."""
    failure_of: Execution | None = None
    """The one whose failure started it."""
    on_failure: Execution | None = None
    """The one that its failure started."""


def lineage_of(user: Any, execution: Execution) -> Lineage:
    """Return the relations of ``execution`` that ``user`` may see."""
    rule = visible_to(user)
    if rule is None:
        return Lineage()
    seen = Execution.objects.filter(rule).only(*_SHOWN)
    reruns = seen.filter(rerun_of_id=execution.pk).order_by("-created_at", "-pk")[:MAX_RERUNS]
    cause, caused = _cause_of(execution), _caused_by(execution)
    wanted = [pk for pk in (cause, caused) if pk is not None]
    related = {it.pk: it for it in seen.filter(pk__in=wanted)} if wanted else {}
    return Lineage(
        reruns=list(reruns),
        failure_of=related.get(cause or ""),
        on_failure=related.get(caused or ""),
    )


def _caused_by(execution: Execution) -> str | None:
    """Return the id of what the failure of ``execution`` started, if it starts anything."""
    if execution.root_id is not None or get_plan(execution.version_id).on_failure is None:
        return None
    return failure_id(execution.pk)


def _cause_of(execution: Execution) -> str | None:
    if execution.trigger != Execution.Trigger.FAILURE:
        return None
    given = Execution.objects.filter(pk=execution.pk).only("input").get().input
    found = given.get("execution_id") if isinstance(given, dict) else None
    # What somebody wrote into an input is no relation.
    is_it = isinstance(found, str) and failure_id(found) == execution.pk
    return found if is_it else None
