"""Why one run does not go on, told from its row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from executions_app.engine.statuses import ExecutionStatus, NodeStatus
from executions_app.models import Approval, Execution, StepRun
from executions_app.waiting_reasons.reason import Code, Reason, moment
from workflows_app.interface import PlanUnreadable, get_plan
from workflows_app.language.plan import NodeKind, node_of

_ERROR_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When somebody looks, and what stands around the runs: by execution and key."""

    now: datetime
    children: dict[tuple[str, str], Execution] = field(default_factory=dict)
    approvals: dict[tuple[str, str], Approval] = field(default_factory=dict)
    busy: dict[str, int] = field(default_factory=dict)
    """Steps that workers hold, by queue; counted when somebody asks."""


def reason_of(
    run: StepRun, execution: Execution, look: Look, *, path: tuple[str | int, ...]
) -> Reason | None:
    """Return why ``run`` of ``execution`` does not go on; ``None`` where what is inside it, or
    what holds the whole execution, says so."""
    said = partial(Reason, execution_id=execution.pk, key=run.node_id, path=path)
    if run.claimed_at is not None:
        return said(**_in_hands(run, look))
    if run.kind == NodeKind.WORKFLOW and run.due_at is None:
        child = look.children.get((execution.pk, run.node_id))
        return None if child is None else said(**_nested(child))
    if run.due_at is not None and run.due_at <= look.now:
        is_parked = execution.status == ExecutionStatus.PAUSED
        return None if is_parked else said(**_due(run, look))
    if run.unknown_since is not None and run.due_at is not None:
        return said(**_without_code(run, run.unknown_since))
    match run.status:
        case NodeStatus.RETRYING:
            return said(**_retry(run, execution))
        case NodeStatus.WAITING if run.event:
            return said(**_event(run))
        case NodeStatus.WAITING if run.due_at is not None:
            return said(
                code=Code.SLEEP,
                message=f"it sleeps until {moment(run.due_at)}",
                since=run.scheduled_at,
                until=run.due_at,
            )
        case NodeStatus.SUSPENDED if run.kind == NodeKind.APPROVAL:
            return said(**_approval(run, look.approvals.get((execution.pk, run.node_id))))
        case NodeStatus.SUSPENDED:
            return said(
                code=Code.ANSWER,
                message="it asks for an answer; resume gives it one",
                since=run.suspended_at,
                until=run.due_at,
                details={"labels": list(run.labels)},
            )
    return None


def _in_hands(run: StepRun, look: Look) -> dict[str, Any]:
    seen = run.wake_at and run.wake_at - timedelta(seconds=settings.LEASE_SECONDS)
    said = {
        "since": run.claimed_at,
        "details": {
            "worker": run.claimed_by,
            "attempt": run.attempt,
            "seen_at": seen and seen.isoformat(),
        },
    }
    if run.wake_at is not None and run.wake_at <= look.now:
        message = (
            f"worker {run.claimed_by} has not been heard of since {moment(seen)}; the step is "
            "taken up again as soon as another worker looks"
        )
        return {**said, "code": Code.WORKER_LOST, "message": message, "until": run.wake_at}
    message = f"worker {run.claimed_by} has been running it since {moment(run.claimed_at)}"
    return {**said, "code": Code.RUNNING, "message": message}


def _nested(child: Execution) -> dict[str, Any]:
    return {
        "code": Code.NESTED,
        "message": f"it waits for execution {child.pk} of {child.workflow_id!r}, which runs in it",
        "since": child.created_at,
        "details": {
            "execution_id": child.pk,
            "workflow": child.workflow_id,
            "status": child.status,
        },
    }


def _due(run: StepRun, look: Look) -> dict[str, Any]:
    queue = run.queue or settings.WORKFLOW_QUEUES[0]
    if run.queue not in look.busy:
        look.busy[run.queue] = _busy_on(run.queue, look.now)
    busy = look.busy[run.queue]
    others = (
        f"workers have {busy:,} others of that queue in their hands"
        if busy
        else "nobody is at work on that queue: see that a worker serves it"
    )
    lost = f"{run.deaths} worker(s) were lost over it; " if run.deaths else ""
    return {
        "code": Code.RECOVERING if run.deaths else Code.DUE,
        "message": f"{lost}it has been due in queue {queue!r} since {moment(run.due_at)}, and no "
        f"worker has taken it up; {others}",
        "since": run.due_at,
        "details": {
            "queue": queue,
            "attempt": run.attempt,
            "sends": run.sends,
            "deaths": run.deaths,
            "busy": busy,
        },
    }


def _busy_on(queue: str, now: datetime) -> int:
    """Return how many steps of ``queue`` workers hold: their leases end soon, and have an index."""
    horizon = now + timedelta(seconds=2 * settings.LEASE_SECONDS)
    leased = StepRun.objects.filter(wake_at__gt=now, wake_at__lte=horizon, queue=queue)
    return leased.exclude(claimed_at=None).count()


def _without_code(run: StepRun, since: datetime) -> dict[str, Any]:
    until = since + timedelta(seconds=settings.UNKNOWN_STEP_GRACE_SECONDS)
    return {
        "code": Code.CODE_MISSING,
        "message": f"no worker that took it up had the code of {run.name!r}; this attempt fails "
        f"at {moment(until)} unless one that has it is deployed",
        "since": since,
        "until": until,
    }


def _retry(run: StepRun, execution: Execution) -> dict[str, Any]:
    attempts = _attempts_of(run, execution)
    of = f" of {attempts}" if attempts else ""
    error = run.error or {}
    last = f"{error.get('code')}: {error.get('message')}"[:_ERROR_CHARS] if error else ""
    failed = f"; the last one failed with {last}" if last else ""
    return {
        "code": Code.RETRY,
        "message": f"attempt {run.attempt}{of} follows at {moment(run.due_at)}{failed}",
        "since": run.scheduled_at,
        "until": run.due_at,
        "details": {"attempt": run.attempt, "attempts": attempts, "error": last},
    }


def _attempts_of(run: StepRun, execution: Execution) -> int | None:
    try:
        node = get_plan(execution.version_id).by_id.get(node_of(run.node_id))
    except PlanUnreadable:
        return None
    return None if node is None else node.retry.attempts + 1


def _event(run: StepRun) -> dict[str, Any]:
    until = f" until {moment(run.due_at)}" if run.due_at else ""
    return {
        "code": Code.EVENT,
        "message": f"it waits for the event {run.event!r}{until}; sending it lets it go on",
        "since": run.scheduled_at,
        "until": run.due_at,
        "details": {"event": run.event},
    }


def _approval(run: StepRun, task: Approval | None) -> dict[str, Any]:
    names = [str(name) for name in task.assignees] if task else []
    who = ", ".join(names) or "whoever may see the execution"
    until = f" until {moment(run.due_at)}" if run.due_at else ""
    return {
        "code": Code.APPROVAL,
        "message": f"it asks {who} for an answer{until}",
        "since": run.suspended_at,
        "until": run.due_at,
        "details": {"task": task and task.pk, "assignees": names},
    }
