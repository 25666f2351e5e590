"""Saving a definition, whatever is wrong with it, and publishing it when nothing is.

Refuses to lose somebody's work: a save against an older revision raises and changes nothing.

    WorkflowError
    ├── RevisionConflict     the draft was saved by somebody else meanwhile
    └── WorkflowReadOnly     the workflow is defined in code
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from workflows_app.authoring.errors import WorkflowError
from workflows_app.interface import compile_document
from workflows_app.language.outline import count_nodes
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from workflows_app.language.compile import Compiled

UNNAMED = "Untitled workflow"
MAX_NAME = 200


class RevisionConflict(WorkflowError):
    """The draft is no longer the one the change was made to; ``details`` hold both sides."""

    code = "revision.conflict"

    def __init__(
        self, current: Workflow, *, expected: frozenset[int], yours: Mapping[str, Any] | None
    ) -> None:
        super().__init__(
            f"workflow {current.pk!r} is at revision {current.revision}; merge your change into "
            "that one and send its revision as If-Match",
            details={
                "expected_revisions": sorted(expected),
                "yours": {"definition": yours},
                "theirs": {"revision": current.revision, "definition": current.definition},
            },
        )


class WorkflowReadOnly(WorkflowError):
    """What code defines is changed in code."""

    code = "workflow.read_only"

    def __init__(self, workflow: Workflow) -> None:
        place = workflow.module or "a workflows.py of an installed app"
        super().__init__(
            f"workflow {workflow.pk!r} is defined in Python; change it in {place}",
            details={"module": workflow.module},
        )


def create_draft(
    *,
    definition: Mapping[str, Any],
    owner: AbstractBaseUser | None,
    by: AbstractBaseUser | None = None,
    workflow_id: str | None = None,
) -> Workflow:
    """Return a new drawn workflow that holds ``definition``, published if it compiles.

    ``workflow_id`` is chosen here unless it is given.  ``by`` is who did it, if not the owner.
    """
    owner_id = None if owner is None else owner.pk
    workflow = Workflow(source=Workflow.Source.DRAWN, owner=owner, revision=1)
    if workflow_id is not None:
        workflow.id = workflow_id
    compiled = compile_document(definition, owner_id=owner_id, workflow_id=workflow.pk)
    _write(workflow, definition, compiled)
    with transaction.atomic():
        workflow.save(force_insert=True)
        _publish(workflow, definition, compiled, by or owner)
    return workflow


def save_draft(
    workflow: Workflow,
    *,
    definition: Mapping[str, Any],
    by: AbstractBaseUser | None,
    expected_revisions: frozenset[int] | None = None,
) -> Workflow:
    """Return ``workflow`` with ``definition`` as its draft, compiled, and published if it can run.

    A definition with errors is saved all the same; the version published before stays.  Name and
    description of the row are the definition's.  ``expected_revisions`` of ``None`` overwrites
    whatever is there.

    Raises:
        RevisionConflict: if the stored revision is none of ``expected_revisions``.
        WorkflowReadOnly: if code defines the workflow.
    """
    # Compiling may take a while: it is done before the row is locked.
    compiled = compile_document(definition, owner_id=workflow.owner_id, workflow_id=workflow.pk)
    with transaction.atomic():
        row = locked_draft(workflow, expected_revisions=expected_revisions, yours=definition)
        row.revision += 1
        _write(row, definition, compiled)
        row.save(
            update_fields=[
                "name",
                "description",
                "revision",
                "definition",
                "compile_status",
                "diagnostics",
                "node_count",
                "updated_at",
            ]
        )
        _publish(row, definition, compiled, by)
    return row


def locked_draft(
    workflow: Workflow,
    *,
    expected_revisions: frozenset[int] | None,
    yours: Mapping[str, Any] | None = None,
    even_from_code: bool = False,
) -> Workflow:
    """Return the row of ``workflow`` as it stands, locked (FOR UPDATE) until the transaction ends.

    Raises:
        RevisionConflict: if its revision is none of ``expected_revisions``.
        Workflow.DoesNotExist: if it has been deleted meanwhile.
        WorkflowReadOnly: if code defines it.
    """
    if workflow.source == Workflow.Source.PYTHON and not even_from_code:
        raise WorkflowReadOnly(workflow)
    row = Workflow.objects.select_for_update().get(pk=workflow.pk, deleted_at=None)
    if expected_revisions is not None and row.revision not in expected_revisions:
        raise RevisionConflict(row, expected=expected_revisions, yours=yours)
    return row


def _write(row: Workflow, definition: Mapping[str, Any], compiled: Compiled) -> None:
    name = definition.get("name")
    description = definition.get("description")
    row.name = (name.strip() if isinstance(name, str) else "")[:MAX_NAME] or row.name or UNNAMED
    row.description = description if isinstance(description, str) else ""
    row.definition = dict(definition)
    row.node_count = count_nodes(definition)
    row.compile_status = compiled.status
    row.diagnostics = [item.to_json() for item in compiled.diagnostics]


def _publish(
    row: Workflow,
    definition: Mapping[str, Any],
    compiled: Compiled,
    by: AbstractBaseUser | None,
) -> None:
    if compiled.plan is not None:
        publish_version(row, compiled=compiled, definition=definition, by=by)
