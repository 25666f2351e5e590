"""Going back to a step of an execution, and on from there; what comes before it stays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from executions_app import dispatch
from executions_app.database_retry import retried
from executions_app.engine.events import ExecutionReopened, ExecutionResumed
from executions_app.engine.reopening import in_order
from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from executions_app.errors import (
    ExecutionNotFound,
    ExecutionRunning,
    NotApplicable,
    NotExecutable,
    VersionDiffers,
)
from executions_app.models import Execution, StepRun
from executions_app.operations.failed_steps import StepName
from executions_app.operations.given_values import given_json, given_state
from executions_app.operations.reopen import Command
from executions_app.operations.start_execution import start_execution
from executions_app.operations.supply import replace_value
from executions_app.operations.travel import travel
from executions_app.operations.travel_values import Values, check_input, given_outputs
from executions_app.operations.travel_way import Way, way_to
from executions_app.operations.unchanged import UNCHANGED
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from workflows_app.interface import find_version, get_plan
from workflows_app.language.plan import Plan, face_of, node_of
from workflows_app.models import Workflow


@retried
def time_travel(
    execution_id: str,
    *,
    step: StepName,
    input_data: Any = UNCHANGED,
    context: Mapping[str, Any] | None = None,
    initial_state: Mapping[str, Any] | None = None,
    resume_data: Any = UNCHANGED,
    per_step: bool = False,
    version: str = "pinned",
    by: str = "",
    reason: str = "",
    workflow: Workflow | None = None,
) -> Execution:
    """Run an execution again from ``step`` on, and return it as it then stands.

    ``step`` is an id, or a path of ids (a list, or dotted) into nested workflows.  What comes
    before it does not run: its outputs are those of ``context`` (step -> output, or a step's
    result; dotted names reach into nested workflows), else those recorded, else ``{}``.

    - ``input_data`` is what the step receives, instead of what the one before it put out;
    - ``initial_state`` replaces the shared state; ``resume_data`` answers the first suspension;
    - ``version="latest"`` goes on with the published version;
    - ``per_step`` pauses the execution again after one step.

    A loop starts over; of a foreach only the items run that did not succeed; in a branch the
    conditions are asked again where something changed, and only the step's own arm may run.  An
    execution that was never started is, if there is a ``context`` and its ``workflow``.

    Raises:
        ExecutionNotFound: if it was never started, and there is no ``context``.
        ExecutionRunning: if something of it is at work, or it waits.
        UnknownStep: if ``step``, or a step in ``context``, is not there.
        StepNotApplicable: if a step before it was never reached.
        InputInvalid: if a value does not fit, or cannot be stored.
        VersionDiffers: if the published version, asked for by ``version="latest"``, lacks steps
            of which something is kept.
        NotApplicable: if it is nested in another execution.
    """
    if version not in ("pinned", "latest"):
        raise ValueError(f"version must be 'pinned' or 'latest', not {version!r}")
    command = Command(cause="time_travel", by=by, reason=reason)
    options = _Options(step, input_data, context, initial_state, resume_data, per_step)
    existing = Execution.objects.filter(pk=execution_id).first()
    if existing is None:
        if context is None or workflow is None:
            raise ExecutionNotFound(execution_id)
        return _of_a_new_one(execution_id, workflow, options, command)
    with recording(execution_id) as log:
        _check_at_rest(log)
        if existing.started_at is None:  # it was cancelled while it waited for its turn
            log.columns["started_at"] = log.now
        way = way_to(log.plan, step)
        _travel(log, way, existing.workflow_id, options, command, is_new=False)
        if version == "latest":
            _go_on_by_the_latest(log, existing.workflow_id, step, command)
        _unpause(log, command)
    return Execution.objects.get(pk=execution_id)


class _Options:
    """What a traveller brings along."""

    def __init__(
        self,
        step: StepName,
        input_data: Any,
        context: Mapping[str, Any] | None,
        initial_state: Mapping[str, Any] | None,
        resume_data: Any,
        per_step: bool,
    ) -> None:
        self.step = step
        self.input_data = (
            UNCHANGED if input_data is UNCHANGED else given_json(input_data, what="input")
        )
        self.context = context
        self.initial_state = initial_state
        self.resume_data = (
            UNCHANGED if resume_data is UNCHANGED else given_json(resume_data, what="resume")
        )
        self.per_step = per_step


def _travel(
    log: Frame,
    way: Way,
    workflow_id: str,
    options: _Options,
    command: Command,
    *,
    is_new: bool,
) -> None:
    outputs = given_outputs(log.plan, way, options.context)
    if "input" in outputs:
        replace_value(log, "input", outputs.pop("input"))
    if options.input_data is not UNCHANGED:
        check_input(way.target, options.input_data, workflow_id=workflow_id)
    if options.initial_state is not None:
        replace_value(log, "state", given_state(log.plan, options.initial_state))
    values = Values(outputs=outputs, input_data=options.input_data, is_new=is_new)
    travel(log, way, values, command, per_step=options.per_step)
    if options.resume_data is not UNCHANGED:
        answer = {"data": options.resume_data, "by": command.by}
        replace_value(log, "travel_answer", answer)


def _go_on_by_the_latest(log: Frame, workflow_id: str, step: StepName, command: Command) -> None:
    latest = find_version(workflow_id)
    if latest is None:
        raise NotExecutable(workflow_id, ())
    if latest.pk == log.execution.version_id:
        return
    plan = get_plan(latest.pk)
    way_to(plan, step)
    gone = [key for key in in_order(log.plan, _begun(log)) if not _has_place(plan, log.plan, key)]
    if gone:
        raise VersionDiffers(list(dict.fromkeys(face_of(node_of(key)) for key in gone)))
    fact = ExecutionReopened(
        cause=command.cause,
        version=latest.pk,
        left=log.execution.version_id,
        by=command.by,
        reason=command.reason,
    )
    log.go_on_by(latest.pk, plan, fact)


def _begun(log: Frame) -> list[str]:
    nodes = log.state.nodes.items()
    return [key for key, it in nodes if it.status is not NodeStatus.PENDING]


def _has_place(plan: Plan, before: Plan, key: str) -> bool:
    """Whether ``plan`` has the node of the run ``key`` where the plan ``before`` has it."""
    there, here = plan.by_id.get(node_of(key)), before.by_id[node_of(key)]
    return there is not None and (there.kind, there.body) == (here.kind, here.body)


def _check_at_rest(log: Frame) -> None:
    if log.execution.parent_id is not None:
        raise NotApplicable(
            "travelled in by itself",
            log.state.status.value,
            instead=f"travel in the one around it, {log.recording.root.id!r}, with the path of ids",
        )
    status = log.state.status
    held = StepRun.objects.filter(root_id=log.id, claimed_at__isnull=False)
    moves = (ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.WAITING)
    if status in moves or held.exists():
        raise ExecutionRunning(log.id, status.value)


def _unpause(log: Frame, command: Command) -> None:
    """Let what was paused beside the step go on too."""
    log.write_rows()
    nested = Execution.objects.filter(root_id=log.id, status=ExecutionStatus.PAUSED)
    for pk in nested.order_by("created_at", "pk").values_list("pk", flat=True):
        frame = log.recording.frame(pk)
        if frame.state.status not in FINAL and frame.state.status is ExecutionStatus.PAUSED:
            frame.add(ExecutionResumed(by=command.by, reason=command.reason))
            frame.load_all()
    parked = StepRun.objects.filter(
        root_id=log.id, claimed_at=None, due_at__isnull=False, wake_at=None
    )
    due = parked.filter(due_at__lte=log.now).values_list("pk", "attempt", "queue", "name")
    messages = [
        dispatch.Due(step_run_id=pk, attempt=attempt, queue=queue, label=name)
        for pk, attempt, queue, name in due
    ]
    parked.update(wake_at=F("due_at"))
    transaction.on_commit(partial(dispatch.send, messages))


def _of_a_new_one(
    execution_id: str, workflow: Workflow, options: _Options, command: Command
) -> Execution:
    if workflow.published_id is None:
        raise NotExecutable(workflow.pk, workflow.diagnostics)
    way = way_to(get_plan(workflow.published_id), options.step)
    return start_execution(
        workflow,
        trigger=Execution.Trigger.PYTHON,
        execution_id=execution_id,
        is_input_known=False,
        begin=lambda log: _travel(log, way, workflow.pk, options, command, is_new=True),
    )
