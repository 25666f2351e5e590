"""Trying again what failed: what went well stays, also in the executions nested inside."""

from __future__ import annotations

from executions_app.database_retry import retried
from executions_app.engine.statuses import ExecutionStatus
from executions_app.errors import NotApplicable, UnknownStep
from executions_app.models import Execution
from executions_app.operations.failed_steps import StepName, choice_of, failed_site, name_of
from executions_app.operations.reopen import Command, reopen_all
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording

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
        root = log.recording.root
        check_failed(root, "retried")
        site, places = failed_site(root, choice_of(log, step))
        if places and not site.keys:
            raise UnknownStep(name_of(step), [place.name for place in places])
        reopen_all(site, Command(cause="retry", by=by, reason=reason))
    return Execution.objects.get(pk=execution_id)


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
