"""Starting an execution: check the input, pin the version, write the first facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.db import IntegrityError

from executions_app.database_retry import UNAVAILABLE
from executions_app.engine.events import ExecutionStarted, ExecutionStopping
from executions_app.errors import (
    ConnectionsMissing,
    IdempotencyMismatch,
    InputInvalid,
    NotExecutable,
    StartClaimed,
)
from executions_app.models import Execution, new_execution_id
from executions_app.models.execution import EXECUTION_ID
from executions_app.operations.ask_on_start import ask_on_start
from executions_app.operations.given_values import given_json
from executions_app.operations.line_up import line_up
from executions_app.operations.write_once import write_once
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording_new
from workflows_app.authoring.errors import WorkflowError, WorkflowNotInstalled
from workflows_app.interface import get_plan, is_installed, needed_connections
from workflows_app.language.plan import Plan, canonical_json
from workflows_app.language.schemas import apply_defaults, validate_value
from workflows_app.models import Workflow, WorkflowVersion


class WorkflowArchived(WorkflowError):
    """The workflow is archived; nothing was started."""

    code = "workflow.archived"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(f"workflow {workflow_id!r} is archived; unarchive it to run it")


def start_execution(
    workflow: Workflow,
    *,
    input_data: Any = None,
    owner: Any = None,
    runtime_context: Mapping[str, Any] | None = None,
    initial_state: Mapping[str, Any] | None = None,
    resource_id: str = "",
    priority: int | None = None,
    trigger: str = "api",
    execution_id: str | None = None,
    idempotency_key: str | None = None,
    version: WorkflowVersion | None = None,
    rerun_of: Execution | None = None,
    per_step: bool = False,
    cancelled: Mapping[str, str] | None = None,
    begin: Callable[[Frame], None] | None = None,
    is_input_known: bool = True,
) -> Execution:
    """Return an execution of ``workflow`` that was started, or waits in its lane to begin.

    Takes part in the caller's transaction: rolled back, nothing happened; committed, it runs even
    if this process dies on the next line.  With an ``idempotency_key`` that the owner has used
    for the same request before, the earlier execution is returned.  ``per_step`` pauses it after
    its first step; ``priority``, -100 to 100, replaces the workflow's.  ``cancelled`` (``by`` and
    ``reason``) says that it was cancelled before, so that nothing of it begins.  ``begin`` puts it
    somewhere else than at its first steps, before anything of it runs, and without waiting for
    others; if it begins after them its input may not be known, and is then taken as it is.

    Raises:
        NotExecutable: if the workflow has no version that can run.
        WorkflowArchived: if it was put away.
        WorkflowNotInstalled: if it left the code that had defined it, and no version is named.
        InputInvalid: if the input does not fit, or is too large; nothing is started.
        ConnectionsMissing: if the owner has not connected an account that it acts with.
        StartClaimed: if ``execution_id`` was started before.
        StartRefused: if the workflow's ``on_start`` raises; nothing is started.
        LaneUnknown: if the workflow's concurrency key has no value for this input.
        IdempotencyMismatch: if the key belongs to another request.
    """
    version_id = version.pk if version is not None else workflow.published_id
    if version_id is None or workflow.deleted_at is not None:
        raise NotExecutable(workflow.pk, workflow.diagnostics)
    if workflow.archived_at is not None:
        raise WorkflowArchived(workflow.pk)
    if version is None and not is_installed(workflow):
        raise WorkflowNotInstalled(workflow.pk)
    plan = get_plan(version_id)
    execution = Execution(
        pk=_checked_id(execution_id) or new_execution_id(),
        workflow_id=workflow.pk,
        version_id=version_id,
        owner=owner,
        resource_id=resource_id,
        trigger=trigger,
        rerun_of=rerun_of,
        idempotency_key=idempotency_key,
        input=_checked_input(plan, input_data) if is_input_known else input_data,
        runtime_context=_checked_mapping(
            runtime_context, what="runtime context", code="context.invalid"
        ),
        state=_checked_state(plan, initial_state),
    )
    execution.request_hash = _request_hash(execution, input_data)
    earlier = _earlier(execution)
    if earlier is not None:
        return earlier
    _check_connections(plan, owner_id=execution.owner_id)
    queued = line_up(
        execution, published_id=workflow.published_id, priority=priority, per_step=per_step
    )
    ask_on_start(plan, execution)

    def write() -> None:
        # Inside the caller's transaction this is a savepoint, so losing a race spoils nothing.
        with recording_new(execution) as log:
            if queued is None or begin is not None:
                log.add(ExecutionStarted(trigger=trigger, per_step=per_step))
            else:
                log.add(queued)
                log.columns["deadline_at"] = None  # counted from when it begins
            if cancelled is not None:
                log.add(ExecutionStopping(cause="cancel", **cancelled))
            if begin is not None:
                begin(log)

    try:
        write_once(execution, write)
    except IntegrityError:
        return _lost_race(execution)
    if queued is not None:
        with suppress(*UNAVAILABLE):  # it was started, and that is what counts
            execution.refresh_from_db()  # its turn may have come with the commit
    return execution


def _checked_id(execution_id: str | None) -> str | None:
    if execution_id is not None and not EXECUTION_ID.regex.match(execution_id):
        raise InputInvalid([("run_id", "use 1 to 200 of A-Z a-z 0-9 . _ : -")], what="run_id")
    return execution_id


def _checked_input(plan: Plan, input_data: Any) -> Any:
    value = given_json(input_data, what="input")
    if plan.inputs:
        value = apply_defaults(plan.inputs, {} if value is None else value)
        problems = validate_value(plan.inputs, value)
        if problems:
            raise InputInvalid([(item.path, item.message) for item in problems])
        declared = plan.inputs.get("properties")
        # Only what is declared reaches a workflow: agents and forms send more than was asked.
        if isinstance(value, dict) and isinstance(declared, Mapping) and _is_closed(plan.inputs):
            value = {name: item for name, item in value.items() if name in declared}
    return value


def _is_closed(schema: Mapping[str, Any]) -> bool:
    return not any(
        key in schema
        for key in (
            "additionalProperties",
            "patternProperties",
            "$ref",
            "anyOf",
            "oneOf",
            "allOf",
            "unevaluatedProperties",
        )
    )


def _checked_mapping(value: Mapping[str, Any] | None, *, what: str, code: str) -> Any:
    data = given_json({} if value is None else value, what=what, code=code)
    if not isinstance(data, dict):
        raise InputInvalid([("", "must be an object")], what=what, code=code)
    return data


def _checked_state(plan: Plan, initial_state: Mapping[str, Any] | None) -> Any:
    value = _checked_mapping(initial_state, what="initial", code="state.invalid")
    if plan.state:
        value = apply_defaults(plan.state, value)
        problems = validate_value(plan.state, value)
        if problems:
            raise InputInvalid(
                [(item.path, item.message) for item in problems],
                what="initial",
                code="state.invalid",
            )
    return value


def _check_connections(plan: Plan, *, owner_id: int | None) -> None:
    needed = needed_connections(plan, owner_id=owner_id)
    missing = [need for need in needed if need.connection_id is None]
    if missing:
        raise ConnectionsMissing(
            sorted({need.toolkit for need in missing}),
            [node_id for need in missing for node_id in need.node_ids],
        )


def _request_hash(execution: Execution, input_data: Any) -> str:
    value = given_json(input_data, what="input")
    text = canonical_json(
        [execution.workflow_id, value, execution.runtime_context, execution.resource_id]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _earlier(execution: Execution) -> Execution | None:
    """Return the execution that this very request started before, if it did."""
    if execution.idempotency_key is None:
        return None
    same_key = Execution.objects.filter(
        owner_id=execution.owner_id, idempotency_key=execution.idempotency_key
    ).first()
    if same_key is None:
        return None
    if same_key.request_hash != execution.request_hash:
        raise IdempotencyMismatch(execution.idempotency_key, same_key.pk)
    return same_key


def _lost_race(execution: Execution) -> Execution:
    earlier = _earlier(execution)
    if earlier is None:
        raise StartClaimed(execution.pk) from None
    return earlier
