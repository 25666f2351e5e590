"""Python source of a stored workflow.  Reads, and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workflows_app.authoring.errors import WorkflowInvalid
from workflows_app.language.python_source import SourceUnavailable, python_source
from workflows_app.models import Workflow

MAX_ID_CHARS = 200


def export_source(workflow: Workflow, *, definition: Mapping[str, Any] | None = None) -> str:
    """Return a module that builds ``workflow`` as its draft says, or as ``definition`` does.

    Raises:
        WorkflowInvalid: if that cannot be read as a definition.
    """
    document = workflow.definition if definition is None else definition
    try:
        return python_source(document, workflow_id=source_id(workflow))
    except SourceUnavailable as error:
        raise WorkflowInvalid(workflow.pk, error.diagnostics) from None


def source_id(workflow: Workflow) -> str:
    """Return the id that ``workflow`` has in source.

    One that was drawn gets an id made of its name: in code its own would be taken for a second
    workflow that claims the first one's id.
    """
    if workflow.source == Workflow.Source.PYTHON:
        return str(workflow.pk)
    slug = re.sub(r"[^a-z0-9_]+", "-", workflow.name.lower()).strip("-")
    return slug[:MAX_ID_CHARS] or "workflow"
