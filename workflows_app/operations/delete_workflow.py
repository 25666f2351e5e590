"""Taking a workflow away from those who start executions.  Refuses to touch history.

The row stays for the executions that name it; those that are running go on.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from workflows_app.authoring.registry import registry
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import locked_draft


def delete_workflow(
    workflow: Workflow, *, expected_revisions: frozenset[int] | None = None
) -> None:
    """Mark ``workflow`` as deleted.  One from code can be deleted once its code is gone.

    Raises:
        RevisionConflict: if the stored revision is none of ``expected_revisions``.
        WorkflowReadOnly: if code defines it.
    """
    with transaction.atomic():
        row = locked_draft(
            workflow,
            expected_revisions=expected_revisions,
            even_from_code=workflow.pk not in registry.workflows,
        )
        row.deleted_at = timezone.now()
        row.save(update_fields=["deleted_at"])
