"""The commands of the admin: what each asks, to whom it is open, when it fits, and what it does.

Refuses to decide anything: every command is one operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from executions_app.admin.command_forms import (
    EventForm,
    ReasonForm,
    RerunForm,
    ResumeForm,
    RetryForm,
    SkipForm,
    TravelForm,
)
from executions_app.admin.visibility import may_cancel, may_start
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.models import Execution
from executions_app.operations.answer_task import resume_for
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.restart import restart_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.skip import skip_step
from executions_app.operations.time_travel import time_travel

#: What a database column for idempotency keys holds.
MAX_KEY_CHARS = 255

Asked = Mapping[str, Any]
S = ExecutionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What the page asks before it acts, and how to act on one execution."""

    name: str
    label: str
    """On the page of an execution, where it fits."""
    title: str
    """Of the page, with what it acts on."""
    question: str
    done: str
    """Told afterwards, with the number of executions."""
    act: Callable[[HttpRequest, Execution, Asked], Execution]
    """Does it; returns the execution to look at next."""
    fits: Callable[[Execution], bool]
    """Whether it is offered; the operation decides."""
    form: type[forms.Form] = ReasonForm
    is_allowed: Callable[[HttpRequest], bool] = may_cancel
    is_dangerous: bool = False
    makes_new: bool = False
    """Whether it leads to another execution."""


def _by(request: HttpRequest) -> str:
    name: str = request.user.get_username()
    return name


def _told(request: HttpRequest, asked: Asked) -> dict[str, str]:
    return {"by": _by(request), "reason": asked.get("reason", "").strip()}


def _rerun(request: HttpRequest, execution: Execution, asked: Asked) -> Execution:
    key = asked["key"]
    # It goes on belonging to whom it belonged: their connections are the ones it uses.
    return rerun_execution(
        execution,
        version=asked["version"] or "pinned",
        from_step=asked["from_step"] or None,
        owner=execution.owner,
        idempotency_key=f"admin:{key}:{execution.pk}"[:MAX_KEY_CHARS] if key else None,
    )


def _travel(request: HttpRequest, execution: Execution, asked: Asked) -> Execution:
    given = {} if asked["input"] is None else {"input_data": asked["input"]}
    return time_travel(
        execution.pk,
        step=asked["step"],
        version=asked["version"] or "pinned",
        **given,
        **_told(request, asked),
    )


def _goes_on(execution: Execution) -> bool:
    return execution.status not in FINAL and not execution.stopping


def _broke(execution: Execution) -> bool:
    return execution.status == S.FAILED and execution.stopping != "timeout"


CANCEL = Command(
    name="cancel",
    label="Cancel",
    title="Cancel {what}",
    question="Nothing new starts; a step that runs may finish, and its result is kept.",
    done="Asked {count} to stop.",
    act=lambda request, it, asked: cancel_execution(it.pk, **_told(request, asked)),
    fits=lambda it: it.status not in FINAL,
    is_dangerous=True,
)
PAUSE = Command(
    name="pause",
    label="Pause",
    title="Pause {what}",
    question="A step that runs may finish; nothing else begins until it is let go on.",
    done="Paused {count}.",
    act=lambda request, it, asked: pause_execution(it.pk, **_told(request, asked)),
    fits=lambda it: _goes_on(it) and it.status != S.PAUSED,
)
UNPAUSE = Command(
    name="unpause",
    label="Let go on",
    title="Let {what} go on",
    question="It goes on where it stood; what came due meanwhile is due at once.",
    done="Let {count} go on.",
    act=lambda request, it, asked: unpause_execution(it.pk, **_told(request, asked)),
    fits=lambda it: it.status == S.PAUSED,
)
RESUME = Command(
    name="resume",
    label="Answer",
    title="Answer what {what} asks",
    question="The step goes on with the answer.",
    done="Answered {count}.",
    act=lambda request, it, asked: resume_for(
        request.user, it.pk, data=asked["data"], step=asked["step"] or None
    ),
    fits=lambda it: _goes_on(it) and it.suspended > 0 and it.status != S.PAUSED,
    form=ResumeForm,
)
SEND_EVENT = Command(
    name="send-event",
    label="Send event",
    title="Send {what} an event",
    question="The wait that was reached first goes on; an event that comes early is kept.",
    done="Sent {count} the event.",
    act=lambda request, it, asked: send_event(it.pk, by=_by(request), **asked),
    fits=_goes_on,
    form=EventForm,
)
RETRY = Command(
    name="retry",
    label="Retry",
    title="Retry {what}",
    question="What failed runs again, in the same execution; what went well is kept.",
    done="Retried {count}.",
    act=lambda request, it, asked: retry_execution(
        it.pk, step=asked["step"] or None, **_told(request, asked)
    ),
    fits=_broke,
    form=RetryForm,
)
SKIP = Command(
    name="skip",
    label="Skip a step",
    title="Skip a step of {what}",
    question="It goes on as if the step had put out what you give here; the history says so.",
    done="Skipped the step of {count}.",
    act=lambda request, it, asked: skip_step(
        it.pk, step=asked["step"], output=asked["output"], **_told(request, asked)
    ),
    fits=lambda it: _goes_on(it) or _broke(it),
    form=SkipForm,
)
RESTART = Command(
    name="restart",
    label="Restart",
    title="Restart {what}",
    question="What is due is sent to the workers again; nothing that has completed runs again.",
    done="Restarted {count}.",
    act=lambda request, it, asked: restart_execution(it.pk, **_told(request, asked)),
    fits=lambda it: it.status in (S.RUNNING, S.WAITING),
)
TIME_TRAVEL = Command(
    name="time-travel",
    label="Go on from a step",
    title="Go on from a step of {what}",
    question="The step and what follows it run again, in the same execution.",
    done="Took {count} back to the step.",
    act=_travel,
    fits=lambda it: it.root_id is None and it.status not in (S.RUNNING, S.WAITING, S.PENDING),
    form=TravelForm,
)
RERUN = Command(
    name="rerun",
    label="Run again",
    title="Run {what} again",
    question="A new execution is started with the same input; this one stays as it is.",
    done="Started {count} again.",
    act=_rerun,
    fits=lambda it: True,
    form=RerunForm,
    is_allowed=may_start,
    makes_new=True,
)
#: In the order of the buttons.
COMMANDS = (
    *(RESUME, SEND_EVENT, PAUSE, UNPAUSE, RETRY, SKIP, TIME_TRAVEL, RESTART, CANCEL),
    RERUN,
)


def offered(request: HttpRequest, execution: Execution) -> list[Command]:
    """Return the commands that fit ``execution`` and are open to the user."""
    return [it for it in COMMANDS if it.is_allowed(request) and it.fits(execution)]
