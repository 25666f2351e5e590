"""What lists of workflows show of executions: the newest of each workflow.  Reads only, in one
statement, however many workflows there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from executions_app.models import Execution
from executions_app.streaming.channels import visible_to
from workflows_app.api.last_executions import LastExecution
from workflows_app.models import Workflow


def latest_executions(user: Any, workflow_ids: Collection[str]) -> Mapping[str, LastExecution]:
    """Return the newest execution of each of ``workflow_ids`` that ``user`` may see; nothing that
    runs inside others, and no test of a step."""
    rule = visible_to(user)
    if rule is None:
        return {}
    of_one = Execution.objects.filter(rule, workflow_id=OuterRef("pk"), root__isnull=True)
    of_one = of_one.exclude(trigger=Execution.Trigger.TEST)
    newest = Subquery(of_one.order_by("-created_at", "-id").values("pk")[:1])
    keys = Workflow.objects.filter(pk__in=workflow_ids).values_list(newest)
    rows = Execution.objects.filter(pk__in=keys).order_by()
    return {
        row.workflow_id: LastExecution(
            id=row.pk, status=row.status, created_at=row.created_at, ended_at=row.ended_at
        )
        for row in rows.only("pk", "workflow_id", "status", "created_at", "ended_at")
    }
