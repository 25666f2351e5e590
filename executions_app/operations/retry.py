"""Trying again what failed: what went well stays, also in the executions nested inside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from executions_app.database_retry import retried
from executions_app.engine.statuses import ExecutionStatus, NodeStatus
from executions_app.errors import NotApplicable, UnknownStep
from executions_app.models import Execution
from executions_app.operations.failed_steps import StepName, choice_of, failed_site, name_of
from executions_app.operations.reopen import Command, Site, reopen_all
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from workflows_app.language.plan import node_of

_INSTEAD = {
    ExecutionStatus.COMPLETED: "rerun() it, or time_travel() to a step",
    ExecutionStatus.CANCELLED: "time_travel() to the step to go on from, or rerun() it",
    ExecutionStatus.SUSPENDED: "resume() it",
    ExecutionStatus.PAUSED: "unpause() it",
}


@retried
def retry_execution(
    execution_id: str, *, step: StepName = None, by: str = "", reason: str = ""
) -> Execution:
    """Run the steps that made an execution fail once more, and what follows, in the same
    execution; return it as it then stands.

    ``step`` chooses one of them, or those inside it: an id, a path of ids (a list, or dotted) into
    nested workflows, or a key with rounds.  Of what has completed nothing runs again.  Attempts
    are counted from 1 again, and a timeout of the whole begins anew.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it has not failed, or its time ran out.
        UnknownStep: if ``step`` is none of those that failed.
    """
    with recording(execution_id) as log:
        reopen_all(_site(log, step), Command(cause="retry", by=by, reason=reason))
    return Execution.objects.get(pk=execution_id)


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run, and the execution it is of."""

    execution_id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """What a retry would do."""

    again: list[PlannedRun]
    """Runs that would be done again, at least: what follows them may come to more."""
    kept: list[PlannedRun]
    """Runs that would keep what they came to."""


def plan_retry(execution_id: str, *, step: StepName = None) -> RetryPlan:
    """Return what :func:`retry_execution` would do, and do nothing.

    Raises:
        ExecutionNotFound, NotApplicable, UnknownStep: as that would.
    """
    plan = RetryPlan([], [])
    with suppress(_Seen), recording(execution_id) as log:
        _plan(_site(log, step), plan)
        raise _Seen  # nothing of it is written
    return plan


class _Seen(Exception):
    pass


def _plan(site: Site, plan: RetryPlan) -> None:
    what = site.reopening(with_what_follows=False)
    frame = site.frame
    for key, it in frame.state.nodes.items():
        node = frame.plan.by_id[node_of(key)]
        run = PlannedRun(frame.id, key, node.title)
        if key in what.resets or (key in site.keys and key not in site.inside):
            plan.again.append(run)
        elif key not in what.reopens and it.status is NodeStatus.COMPLETED:
            plan.kept.append(run)
    for inner in site.inside.values():
        _plan(inner, plan)


def _site(log: Frame, step: StepName) -> Site:
    """Return what is done again of a root that failed."""
    root = log.recording.root
    check_failed(root, "retried")
    site, places = failed_site(root, choice_of(log, step))
    if places and not site.keys:
        raise UnknownStep(name_of(step), [place.name for place in places])
    return site


def check_failed(root: Frame, command: str) -> None:
    """Refuse what only an execution can take that failed because of a step.

    Raises:
        NotApplicable: if it is another.
    """
    status = root.state.status
    if status is not ExecutionStatus.FAILED:
        raise NotApplicable(command, status.value, instead=_INSTEAD.get(status, ""))
    if root.state.stopping == "timeout":
        instead = "its time ran out: time_travel() to the step to go on from, or rerun() it"
        raise NotApplicable(command, status.value, instead=instead)
