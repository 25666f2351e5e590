"""Making workflows: empty ones, copies, and from documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workflows_app.authoring.datatypes import data_type
from workflows_app.authoring.registry import registry
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.workflow import Workflow


def create_workflow(
    *,
    id: str,
    description: str = "",
    name: str | None = None,
    input_schema: Any = None,
    output_schema: Any = None,
    state_schema: Any = None,
    retry: Retry | None = None,
    timeout: float | timedelta | None = None,
) -> Workflow:
    """Return an empty workflow to add steps to.

    Schemas are pydantic models or types, JSON Schemas, or nothing; ``timeout`` bounds a whole
    execution, in seconds.
    """
    return Workflow(
        id=id,
        description=description,
        name=name,
        input_type=data_type(input_schema),
        output_type=data_type(output_schema),
        state_type=data_type(state_schema),
        retry=retry,
        timeout_seconds=timeout.total_seconds() if isinstance(timeout, timedelta) else timeout,
    )


def clone_workflow(original: Workflow, *, id: str) -> Workflow:
    """Return a committed copy of ``original`` under another id, with everything it has."""
    copy = Workflow(
        id=id,
        description=original.description,
        name=id if original.name == original.id else original.name,
        input_type=original.input_type,
        output_type=original.output_type,
        state_type=original.state_type,
        retry=original.retry,
        timeout_seconds=original.timeout_seconds,
    )
    copy.steps = dict(original.steps)
    copy.callables = dict(original.callables)
    copy._document = original._document
    copy._nodes = [_moved(node, original.id, id) for node in original._nodes]
    copy._edges = list(original._edges)
    copy._ids.update(original._ids)
    copy._tail, copy._tail_is_block = original._tail, original._tail_is_block
    return copy.commit()


def workflow_from_definition(document: Mapping[str, Any], *, id: str | None = None) -> Workflow:
    """Return a committed workflow that runs ``document``.

    Its id is ``id``, else the document's ``id``, else its name in lower case with dashes.

    Raises:
        WorkflowInvalid: if the document does not compile.
    """
    name = str(document.get("name") or "workflow")
    workflow_id = id or document.get("id") or "-".join(name.lower().split())
    workflow = Workflow(
        id=str(workflow_id),
        name=name,
        description=str(document.get("description") or ""),
        input_type=data_type(document.get("inputs") or None),
    )
    workflow._document = dict(document)
    # What the document was made from, if this process has it, says which steps are meant.
    origin = registry.workflows.get(str(document.get("id")))
    if origin is not None:
        workflow.steps = dict(origin.steps)
        workflow.callables = dict(origin.callables)
    return workflow.commit()


def _moved(node: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return ``node`` with the places of its callables in workflow ``new``."""
    moved = dict(node)
    if "code" in moved:
        moved["code"] = f"{new}/{moved['code'].removeprefix(old + '/')}"
    if "fields" in moved:
        moved["fields"] = {
            field: (
                {"code": f"{new}/{source['code'].removeprefix(old + '/')}"}
                if "code" in source
                else source
            )
            for field, source in moved["fields"].items()
        }
    return moved
