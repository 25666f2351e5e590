"""Making an earlier version the draft again.  Refuses to rewrite history: it is one more save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.operations.save_draft import save_draft

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def restore_version(
    version: WorkflowVersion,
    *,
    by: AbstractBaseUser | None,
    expected_revisions: frozenset[int] | None = None,
) -> Workflow:
    """Return the workflow of ``version`` with that version's definition as its draft.

    It is compiled against what is installed today and published if it can run.

    Raises:
        RevisionConflict: if the stored revision is none of ``expected_revisions``.
        WorkflowReadOnly: if code defines the workflow.
    """
    return save_draft(
        version.workflow,
        definition=version.definition,
        by=by,
        expected_revisions=expected_revisions,
    )
