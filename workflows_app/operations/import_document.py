"""Bringing a file in as a workflow: our own definitions, and those of Agipo.

Refuses to guess what a file is, and to overwrite anything: an import makes a new workflow.

    WorkflowError
    └── NotImportable     the document is neither format
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from workflows_app.authoring.errors import WorkflowError
from workflows_app.authoring.registry import registry
from workflows_app.language.agipo import convert, is_agipo
from workflows_app.language.agipo_notes import Note
from workflows_app.models import Workflow, new_workflow_id
from workflows_app.models.workflow import WORKFLOW_ID
from workflows_app.operations.save_draft import create_draft

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Format = Literal["celeriac", "agipo"]
FORMATS: Final[tuple[str, ...]] = get_args(Format)


class NotImportable(WorkflowError):
    """The document is not a workflow of a format that is read here."""

    code = "import.unknown_format"

    def __init__(self) -> None:
        super().__init__(
            "this is no workflow: give a definition (an object with 'nodes' and 'edges') "
            "or a workflow.json of Agipo (an object with 'steps' and 'bindings')"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A document, recognised."""

    format: Format
    definition: dict[str, Any]
    notes: tuple[Note, ...] = ()
    """What a conversion could not carry over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a document."""

    workflow: Workflow
    format: Format
    notes: tuple[Note, ...]


def recognise(document: Any) -> Readable:
    """Return the definition that ``document`` holds or converts to.  Saves nothing.

    Raises:
        NotImportable: if it is neither format.
    """
    if is_agipo(document):
        converted = convert(document)
        return Readable(format="agipo", definition=converted.definition, notes=converted.notes)
    if isinstance(document, Mapping) and ("nodes" in document or "schema_version" in document):
        return Readable(format="celeriac", definition=dict(document))
    raise NotImportable


def import_document(
    document: Any,
    *,
    owner: AbstractBaseUser | None,
    by: AbstractBaseUser | None = None,
    name: str | None = None,
    workflow_id: str | None = None,
) -> Imported:
    """Return a new workflow made of ``document``, published if it compiles.

    Its id is ``workflow_id``, else the document's own where that is free, else a new one; its
    name is ``name``, else the document's.

    Raises:
        NotImportable: if the document is neither format.
    """
    readable = recognise(document)
    definition = readable.definition | ({"name": name} if name else {})
    wanted = workflow_id or definition.get("id")
    chosen = workflow_id or (wanted if _is_free(wanted) else new_workflow_id())
    if "id" in definition:
        definition["id"] = chosen
    workflow = create_draft(definition=definition, owner=owner, by=by, workflow_id=chosen)
    return Imported(workflow=workflow, format=readable.format, notes=readable.notes)


def _is_free(wanted: Any) -> bool:
    """Tell whether ``wanted`` can be the id of a new workflow; those in code come first."""
    return (
        isinstance(wanted, str)
        and len(wanted) <= 200
        and WORKFLOW_ID.regex.fullmatch(wanted) is not None
        and wanted not in registry.workflows
        and not Workflow.objects.filter(pk=wanted).exists()
    )
