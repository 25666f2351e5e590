"""Django's admin for executions: history, and the commands start, cancel and run again.

Refuses to write history: only the operations do.
"""

from __future__ import annotations

from executions_app.admin.execution import ExecutionAdmin
from executions_app.admin.schedule import ScheduleAdmin

__all__ = ["ExecutionAdmin", "ScheduleAdmin"]
