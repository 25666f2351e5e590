"""Django's admin for executions: history, commands, schedules, and what people are asked.

Refuses to write history: only the operations do.
"""

from __future__ import annotations

from executions_app.admin.approval import ApprovalAdmin
from executions_app.admin.execution import ExecutionAdmin
from executions_app.admin.schedule import ScheduleAdmin

__all__ = ["ApprovalAdmin", "ExecutionAdmin", "ScheduleAdmin"]
