"""Which executions somebody asks for: the query parameters of their list, of their figures, and of
commands to many.  Refuses what it does not know; adds nothing to what somebody may see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet

from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution
from executions_app.queries import matching, started_by_somebody
from workflows_app.api.filters import Filter, choices, moment, text, whole_number

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "workflow": text("Only of the workflow of this id."),
        "status": choices("Only in this state.", [status.value for status in ExecutionStatus]),
        "trigger": choices("Only started in this way.", Execution.Trigger.values),
        "version": whole_number("Only of this version.", least=1, most=2**31 - 1),
        "created_after": moment("Only those made later."),
        "created_before": moment("Only those made earlier."),
        "resource_id": text("Only those of this resource."),
        "parent": text("Only those directly inside this execution; else only outermost ones."),
        "q": text("The beginning of an id, or part of the workflow's name.", max_length=100),
    }
)

Rows = QuerySet[Execution]
_NARROW: Mapping[str, Callable[[Rows, Any], Rows]] = MappingProxyType(
    {
        "workflow": lambda rows, value: rows.filter(workflow_id=value),
        "status": lambda rows, values: _one_of(rows, "status", values),
        "trigger": lambda rows, values: _one_of(rows, "trigger", values),
        "version": lambda rows, value: rows.filter(version__number=value),
        "created_after": lambda rows, value: rows.filter(created_at__gt=value),
        "created_before": lambda rows, value: rows.filter(created_at__lt=value),
        "resource_id": lambda rows, value: rows.filter(resource_id=value),
        "parent": lambda rows, value: rows.filter(parent_id=value),
        "q": matching,
    }
)


def narrowed(rows: Rows, asked: Mapping[str, Any]) -> Rows:
    """Return those of ``rows`` that fit ``asked``, values as :data:`FILTERS` read them.

    What runs inside others is left out, unless it is asked for.
    """
    if "parent" not in asked and Execution.Trigger.NESTED not in asked.get("trigger", ()):
        rows = started_by_somebody(rows)
    for name, value in asked.items():
        rows = _NARROW[name](rows, value)
    return rows


def _one_of(rows: Rows, column: str, values: list[str]) -> Rows:
    # One alone is read along an index in the list's order.
    if len(values) == 1:
        return rows.filter(**{column: values[0]})
    return rows.filter(**{f"{column}__in": values})
