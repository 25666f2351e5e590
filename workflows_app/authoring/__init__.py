"""Everything a ``workflows.py`` needs.  Import from here; the modules behind may move."""

from workflows_app.authoring.context import StepContext
from workflows_app.authoring.creating import (
    clone_workflow,
    create_workflow,
    workflow_from_definition,
)
from workflows_app.authoring.errors import (
    DuplicateStep,
    NonRetryableError,
    NotSupported,
    WorkflowEmpty,
    WorkflowError,
    WorkflowInvalid,
    WorkflowUncommitted,
)
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.sources import (
    constant,
    expression,
    from_context,
    from_state,
    map_variable,
    template,
)
from workflows_app.authoring.step import Step, clone_step, create_step, step
from workflows_app.authoring.workflow import Workflow

__all__ = [
    "DuplicateStep",
    "NonRetryableError",
    "NotSupported",
    "Retry",
    "Step",
    "StepContext",
    "Workflow",
    "WorkflowEmpty",
    "WorkflowError",
    "WorkflowInvalid",
    "WorkflowUncommitted",
    "clone_step",
    "clone_workflow",
    "constant",
    "create_step",
    "create_workflow",
    "expression",
    "from_context",
    "from_state",
    "map_variable",
    "step",
    "template",
    "workflow_from_definition",
]
