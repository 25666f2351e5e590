"""The tables of definitions."""

from workflows_app.models.connection import Connection, entity_id_of
from workflows_app.models.version import WorkflowVersion
from workflows_app.models.workflow import Workflow, new_workflow_id

__all__ = ["Connection", "Workflow", "WorkflowVersion", "entity_id_of", "new_workflow_id"]
