"""Everything a ``workflows.py`` needs.  Import from here; the modules behind may move."""

from workflows_app.authoring.concurrency import Concurrency, Rate
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
from workflows_app.authoring.named_steps import (
    NamedStep,
    use_agent,
    use_step,
    use_tool,
    use_workflow,
)
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.schedule import Schedule
from workflows_app.authoring.scope import Scope, scope
from workflows_app.authoring.sources import (
    code,
    constant,
    expression,
    from_context,
    from_path,
    from_state,
    map_variable,
    template,
)
from workflows_app.authoring.step import Step, clone_step, create_step, step
from workflows_app.authoring.workflow import Workflow

__all__ = [
    "Concurrency",
    "DuplicateStep",
    "NamedStep",
    "NonRetryableError",
    "NotSupported",
    "Rate",
    "Retry",
    "Schedule",
    "Scope",
    "Step",
    "StepContext",
    "Workflow",
    "WorkflowEmpty",
    "WorkflowError",
    "WorkflowInvalid",
    "WorkflowUncommitted",
    "clone_step",
    "clone_workflow",
    "code",
    "constant",
    "create_step",
    "create_workflow",
    "expression",
    "from_context",
    "from_path",
    "from_state",
    "map_variable",
    "scope",
    "step",
    "template",
    "use_agent",
    "use_step",
    "use_tool",
    "use_workflow",
    "workflow_from_definition",
]
