"""Routes under ``/api/`` that are about executions.  An id that cannot be one leads nowhere."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from executions_app.api.bulk_commands import (
    ListBulkCommands,
    ShowBulkCommand,
    StartBulkCommand,
)
from executions_app.api.cancel_execution import CancelExecution
from executions_app.api.delete_execution import DeleteExecution
from executions_app.api.execute_workflow import ExecuteWorkflow
from executions_app.api.execution_stats import ExecutionStats
from executions_app.api.list_events import ListEvents
from executions_app.api.list_executions import ListExecutions
from executions_app.api.list_logs import ListLogs
from executions_app.api.list_steps import ListSteps
from executions_app.api.pause_execution import PauseExecution, UnpauseExecution
from executions_app.api.preview_schedule import PreviewSchedule
from executions_app.api.preview_source import PreviewSource
from executions_app.api.rerun_execution import RerunExecution
from executions_app.api.restart_execution import RestartExecution
from executions_app.api.resume_execution import ResumeExecution
from executions_app.api.retry_execution import RetryExecution
from executions_app.api.schedule_commands import PauseSchedule, ResumeSchedule, TriggerSchedule
from executions_app.api.schedules import (
    ChangeSchedule,
    CreateSchedule,
    DeleteSchedule,
    ListFires,
    ListSchedules,
    ShowSchedule,
)
from executions_app.api.send_event import SendEvent
from executions_app.api.show_execution import ShowExecution
from executions_app.api.show_scope import ShowScope
from executions_app.api.show_step import ShowStep
from executions_app.api.skip_step import SkipStep
from executions_app.api.step_stats import StepStats
from executions_app.api.stream_events import StreamEvents
from executions_app.api.tasks import AnswerTask, ListTasks, ShowTask
from executions_app.api.time_travel import TimeTravel
from executions_app.api.try_step import TryStep
from executions_app.api.waiting import CountWaiting, ListWaiting
from workflows_app.api.url_parts import CountPart
from workflows_app.api.views import at


class _ExecutionId(StringConverter):
    """Ids of executions and of schedules."""

    regex = r"[A-Za-z0-9._:\-]{1,200}"


class _RunKey(StringConverter):
    """Keys of runs: the step, and the rounds around it."""

    regex = r"[A-Za-z0-9._:\-]{1,200}(?:\[[0-9]{1,9}\]){0,10}"


register_converter(_ExecutionId, "execution_id")
register_converter(_RunKey, "run_key")
register_converter(CountPart, "task_id")

_ONE = "executions/<execution_id:execution_id>/"
_SCHEDULE = "schedules/<execution_id:schedule_id>/"

urlpatterns: list[URLPattern] = [
    path("workflows/preview/", PreviewSource.as_view()),
    path("workflows/scope/", ShowScope.as_view()),
    path("workflows/<execution_id:workflow_id>/execute/", ExecuteWorkflow.as_view()),
    path("workflows/<execution_id:workflow_id>/test-step/", TryStep.as_view()),
    path("workflows/<execution_id:workflow_id>/step-stats/", StepStats.as_view()),
    path("executions/", ListExecutions.as_view()),
    # Before the ids, so that no execution can take the address.
    path("executions/stats/", ExecutionStats.as_view()),
    path("executions/bulk/", at(ListBulkCommands, StartBulkCommand)),
    path("executions/bulk/<execution_id:bulk_id>/", ShowBulkCommand.as_view()),
    path(_ONE, at(ShowExecution, DeleteExecution)),
    path(f"{_ONE}events/", ListEvents.as_view()),
    path(f"{_ONE}stream/", StreamEvents.as_view()),
    path(f"{_ONE}logs/", ListLogs.as_view()),
    path(f"{_ONE}steps/", ListSteps.as_view()),
    path(f"{_ONE}steps/<run_key:step_id>/", ShowStep.as_view()),
    path(f"{_ONE}cancel/", CancelExecution.as_view()),
    path(f"{_ONE}pause/", PauseExecution.as_view()),
    path(f"{_ONE}unpause/", UnpauseExecution.as_view()),
    path(f"{_ONE}resume/", ResumeExecution.as_view()),
    path(f"{_ONE}send-event/", SendEvent.as_view()),
    path(f"{_ONE}retry/", RetryExecution.as_view()),
    path(f"{_ONE}skip/", SkipStep.as_view()),
    path(f"{_ONE}restart/", RestartExecution.as_view()),
    path(f"{_ONE}time-travel/", TimeTravel.as_view()),
    path(f"{_ONE}rerun/", RerunExecution.as_view()),
    path("tasks/", ListTasks.as_view()),
    path("tasks/<task_id:task_id>/", ShowTask.as_view()),
    path("tasks/<task_id:task_id>/answer/", AnswerTask.as_view()),
    path("waiting/", ListWaiting.as_view()),
    path("waiting/count/", CountWaiting.as_view()),
    path("schedules/", at(ListSchedules, CreateSchedule)),
    path("schedules/preview/", PreviewSchedule.as_view()),
    path(_SCHEDULE, at(ShowSchedule, ChangeSchedule, DeleteSchedule)),
    path(f"{_SCHEDULE}pause/", PauseSchedule.as_view()),
    path(f"{_SCHEDULE}resume/", ResumeSchedule.as_view()),
    path(f"{_SCHEDULE}trigger/", TriggerSchedule.as_view()),
    path(f"{_SCHEDULE}fires/", ListFires.as_view()),
]
