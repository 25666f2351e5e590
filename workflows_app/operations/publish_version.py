"""Making a compiled definition the one that new executions run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from workflows_app.language.compile import Compiled
from workflows_app.models import Workflow, WorkflowVersion


@transaction.atomic
def publish_version(
    workflow: Workflow, *, compiled: Compiled, definition: Mapping[str, Any], by: Any = None
) -> WorkflowVersion:
    """Return the version that runs from now on.

    It is the published one when its plan is the same, so that moving a node on the canvas makes
    no version; a new one, numbered next, otherwise.

    Raises:
        ValueError: if ``compiled`` has no plan.
    """
    if compiled.plan is None:
        raise ValueError(f"workflow {workflow.pk!r} does not compile, so it cannot be published")
    # Numbers are dense because whoever adds one holds the workflow's row.
    Workflow.objects.select_for_update(of=("self",)).only("pk").get(pk=workflow.pk)
    published = WorkflowVersion.objects.filter(pk=workflow.published_id).first()
    if published is None or published.plan_hash != compiled.plan_hash:
        last = WorkflowVersion.objects.filter(workflow=workflow).aggregate(last=Max("number"))
        published = WorkflowVersion.objects.create(
            workflow=workflow,
            number=(last["last"] or 0) + 1,
            definition=dict(definition),
            plan=compiled.plan.dump(),
            plan_hash=compiled.plan_hash,
            diagnostics=[item.to_json() for item in compiled.diagnostics],
            created_by=by,
        )
    if workflow.published_id != published.pk:
        workflow.published = published
        workflow.save(update_fields=["published", "updated_at"])
    return published
