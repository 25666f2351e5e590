"""Putting a drawn workflow away, and taking it out again.  Refuses to touch anything else of it.

What is archived is in no list and starts nothing; what runs goes on, and so do workflows that have
it inside themselves.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from workflows_app.models import Workflow
from workflows_app.operations.save_draft import locked_draft


def archive_workflow(workflow: Workflow) -> Workflow:
    """Return ``workflow``, archived; again changes nothing.

    Raises:
        WorkflowReadOnly: if code defines it.
    """
    return _set_archived(workflow, archived=True)


def unarchive_workflow(workflow: Workflow) -> Workflow:
    """Return ``workflow``, in the list and ready to run again; again changes nothing.

    Raises:
        WorkflowReadOnly: if code defines it.
    """
    return _set_archived(workflow, archived=False)


@transaction.atomic
def _set_archived(workflow: Workflow, *, archived: bool) -> Workflow:
    row = locked_draft(workflow, expected_revisions=None)
    if archived != (row.archived_at is not None):
        row.archived_at = timezone.now() if archived else None
        row.save(update_fields=["archived_at"])
    return row
