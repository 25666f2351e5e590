"""The tables of executions."""

from executions_app.models.event import Event
from executions_app.models.execution import Execution, new_execution_id
from executions_app.models.step_run import StepRun

__all__ = ["Event", "Execution", "StepRun", "new_execution_id"]
