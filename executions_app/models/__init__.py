"""The tables of executions."""

from executions_app.models.approval import Approval
from executions_app.models.bulk_command import BulkCommand
from executions_app.models.event import Event
from executions_app.models.execution import Execution, new_execution_id
from executions_app.models.item import Item
from executions_app.models.schedule import Schedule
from executions_app.models.schedule_fire import ScheduleFire
from executions_app.models.signal import Signal
from executions_app.models.step_run import StepRun

__all__ = [
    "Approval",
    "BulkCommand",
    "Event",
    "Execution",
    "Item",
    "Schedule",
    "ScheduleFire",
    "Signal",
    "StepRun",
    "new_execution_id",
]
