"""Finding what an address names.  Refuses to tell a foreign id from one that never was."""

from __future__ import annotations

from rest_framework.request import Request

from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Connection, Workflow, WorkflowVersion
from workflows_app.queries import connections_for, versions_of, workflows_for


class WorkflowNotFound(WorkflowError):
    """The caller can see no workflow of this id."""

    code = "workflow.not_found"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(f"there is no workflow {workflow_id!r}; /api/workflows/ lists yours")


class VersionNotFound(WorkflowError):
    """The workflow has no version of this number."""

    code = "version.not_found"

    def __init__(self, workflow_id: str, number: int) -> None:
        super().__init__(
            f"workflow {workflow_id!r} has no version {number}; "
            f"/api/workflows/{workflow_id}/versions/ lists them"
        )


class ConnectionNotFound(WorkflowError):
    """The caller has no connection of this id."""

    code = "connection.not_found"

    def __init__(self, connection_id: int) -> None:
        super().__init__(f"there is no connection {connection_id}; /api/connections/ lists yours")


class ToolNotFound(WorkflowError):
    """No tool answers to this name."""

    code = "tool.not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no tool {name!r}; /api/tools/ lists them")


class SampleNotFound(WorkflowError):
    """No sample has this name."""

    code = "sample.not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no sample {name!r}; /api/samples/ lists them")


def workflow_of(request: Request, workflow_id: str) -> Workflow:
    """Return the workflow ``workflow_id`` if the caller may see it.

    Raises:
        WorkflowNotFound: if not.
    """
    found = workflows_for(request.user).filter(pk=workflow_id).first()
    if found is None:
        raise WorkflowNotFound(workflow_id)
    return found


def version_of(workflow: Workflow, number: int) -> WorkflowVersion:
    """Return version ``number`` of ``workflow``.

    Raises:
        VersionNotFound: if there is none.
    """
    found = versions_of(workflow).filter(number=number).first()
    if found is None:
        raise VersionNotFound(workflow.pk, number)
    return found


def connection_of(request: Request, connection_id: int) -> Connection:
    """Return the caller's connection ``connection_id``.

    Raises:
        ConnectionNotFound: if they have none of that id.
    """
    found = connections_for(request.user).filter(pk=connection_id).first()
    if found is None:
        raise ConnectionNotFound(connection_id)
    return found
