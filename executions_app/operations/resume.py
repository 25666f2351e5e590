"""Answering what is suspended: the data is checked, the run goes on, a second answer is told so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from executions_app.database_retry import retried
from executions_app.engine.events import StepCompleted, StepResumed
from executions_app.engine.preview import OutputTooLarge, check_size
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.engine.storable import NotStorable
from executions_app.errors import (
    InputInvalid,
    NotApplicable,
    NotSuspended,
    ResumeDataInvalid,
    ValueTooLarge,
)
from executions_app.models import Approval, Execution
from executions_app.recording import approvals
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from executions_app.suspensions import StepName, Suspension, chosen
from workflows_app.authoring.datatypes import DataInvalid, NotJson, to_json
from workflows_app.interface import find_step
from workflows_app.language.plan import NodeKind, node_of
from workflows_app.language.schemas import apply_defaults, validate_value


@retried
def resume_execution(
    execution_id: str,
    *,
    data: Any = None,
    step: StepName = None,
    label: str | None = None,
    foreach_index: int | None = None,
    runtime_context: Mapping[str, Any] | None = None,
    by: str = "",
) -> Execution:
    """Resume what is suspended with ``data`` and return the execution as it then stands.

    ``step`` is an id, a path of ids into nested workflows (a list, or dotted), or objects with
    an id; it may be left out when one step is suspended.  Of a foreach all suspended items are
    resumed, or the one ``foreach_index`` names, or the one that has the ``label``.
    ``runtime_context`` sets keys of the runtime context.  Takes part in the caller's transaction.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotSuspended, ResumeAmbiguous, ResumeUnknownStep, ResumeUnknownLabel: if it is not clear
            what is meant, or nothing is suspended.
        ResumeDataInvalid: if ``data`` does not fit what the step asks for; try again with other.
        ResumeClaimed: if somebody else was quicker.
        NotApplicable: if the execution is paused.
    """
    with recording(execution_id) as log:
        execution = Execution.objects.get(pk=execution_id)
        if log.recording.root.state.status is ExecutionStatus.PAUSED:
            raise NotApplicable("resumed before it is unpaused", "paused")
        if log.state.status in FINAL or log.state.stopping is not None:
            raise NotSuspended(execution_id, log.state.status.value)
        meant = chosen(execution, step=step, label=label, foreach_index=foreach_index)
        answers = [(item, _checked(log, item, data)) for item in meant]
        if runtime_context:
            _set_context(log, meant, runtime_context)
        for item, answer in answers:
            _go_on(log.recording.frame(item.execution_id), item, answer, by=by)
    return Execution.objects.get(pk=execution_id)


def _go_on(frame: Frame, item: Suspension, answer: Any, *, by: str) -> None:
    frame.load(item.key)
    attempt = frame.state.node(item.key).attempt
    is_approval = item.kind == NodeKind.APPROVAL
    frame.add(
        StepResumed(node_id=item.key, attempt=attempt, data=answer, by=by),
        resume_data=answer,
        resumed_at=frame.now,
        due_at=None if is_approval else frame.now,
    )
    if is_approval:
        frame.add(StepCompleted(node_id=item.key, attempt=attempt, output=answer), output=answer)
        approvals.close(frame, item.key, Approval.Status.ANSWERED, by=by, answer=answer)


def _checked(log: Frame, item: Suspension, data: Any) -> Any:
    """Return ``data`` as the step asks for it, defaults applied."""
    frame = log.recording.frame(item.execution_id)
    node = frame.plan.by_id[node_of(item.key)]
    try:
        value = check_size(to_json(data), limit_bytes=settings.LIMITS.value_bytes)
        if node.kind is NodeKind.APPROVAL:
            return _fitting(dict(node.form or {}), value)
        if node.kind is NodeKind.STEP:
            workflow_id = Execution.objects.values_list("workflow_id", flat=True).get(pk=frame.id)
            step = find_step(node.ref, workflow_id=workflow_id)
            return step.resume_type.normalise(value) if step is not None else value
    except DataInvalid as error:
        raise ResumeDataInvalid(error.problems) from None
    except OutputTooLarge as error:
        raise ValueTooLarge(str(error), what="resume", details=error.details) from None
    except (NotJson, NotStorable) as error:
        raise ResumeDataInvalid([("", str(error))]) from None
    return value


def _fitting(form: dict[str, Any], value: Any) -> Any:
    value = apply_defaults(form, value)
    problems = validate_value(form, value)
    if problems:
        raise ResumeDataInvalid([(problem.path, problem.message) for problem in problems])
    return value


def _set_context(log: Frame, meant: list[Suspension], changes: Mapping[str, Any]) -> None:
    try:
        values = to_json(dict(changes))
    except NotJson as error:
        problems = [("", str(error))]
        raise InputInvalid(problems, what="runtime context", code="context.invalid") from None
    around = {log.id, log.recording.root.id}
    for item in meant:
        frame = log.recording.frame(item.execution_id)
        around.add(frame.id)
        while frame.execution.parent_id is not None:
            around.add(frame.execution.parent_id)
            frame = log.recording.frame(frame.execution.parent_id)
    for execution_id in sorted(around):
        log.recording.frame(execution_id).merge_context(values)
