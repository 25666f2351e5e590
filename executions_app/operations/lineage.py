"""Which executions came of one, and of which it came.  Reads only what somebody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, When

from executions_app.models import Execution
from executions_app.operations.call_hooks import failure_id
from executions_app.streaming.channels import visible_to

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
    caused, cause = failure_id(execution.pk), _cause_of(execution)
    is_related = Q(pk=caused) if cause is None else Q(pk=caused) | Q(pk=cause)
    rows = seen.filter(Q(rerun_of_id=execution.pk) | is_related).order_by(
        Case(When(is_related, then=0), default=1), "-created_at", "-pk"
    )
    found = {it.pk: it for it in rows[: MAX_RERUNS + 2]}
    on_failure = found.pop(caused, None)
    failure_of = found.pop(cause, None) if cause is not None else None
    reruns = list(found.values())[:MAX_RERUNS]
    return Lineage(reruns=reruns, failure_of=failure_of, on_failure=on_failure)


def _cause_of(execution: Execution) -> str | None:
    if execution.trigger != Execution.Trigger.FAILURE:
        return None
    given = Execution.objects.filter(pk=execution.pk).only("input").get().input
    found = given.get("execution_id") if isinstance(given, dict) else None
    # What somebody wrote into an input is no relation.
    is_it = isinstance(found, str) and failure_id(found) == execution.pk
    return found if is_it else None
