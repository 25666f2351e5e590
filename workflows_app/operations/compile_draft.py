"""Compiling the saved draft again, because what it may name has changed.  Changes no definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version
from workflows_app.operations.save_draft import locked_draft

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def compile_draft(workflow: Workflow, *, by: AbstractBaseUser | None) -> Workflow:
    """Return ``workflow`` with the outcome of compiling its draft now, published if it can run.

    One that is defined in code is compiled when its process starts, so it is returned as it is.

    Raises:
        RevisionConflict: if the draft was saved while it was being compiled.
    """
    if workflow.source == Workflow.Source.PYTHON:
        return workflow
    compiled = compile_document(
        workflow.definition, owner_id=workflow.owner_id, workflow_id=workflow.pk
    )
    with transaction.atomic():
        row = locked_draft(workflow, expected_revisions=frozenset({workflow.revision}))
        row.compile_status = compiled.status
        row.diagnostics = [item.to_json() for item in compiled.diagnostics]
        row.save(update_fields=["compile_status", "diagnostics"])
        if compiled.plan is not None:
            publish_version(row, compiled=compiled, definition=row.definition, by=by)
    return row
