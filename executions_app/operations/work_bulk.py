"""Working off one command to many executions, a piece at a time, so that it keeps no worker long.

Each execution is commanded in the transaction that moves the position past it.  So a worker that
dies has done what is counted and nothing else, and a message that comes twice does nothing twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from executions_app import database, dispatch
from executions_app.database_retry import UNAVAILABLE, known_to_fail, retried
from executions_app.errors import ExecutionNotFound
from executions_app.models import BulkCommand, Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.delete import delete_execution
from executions_app.operations.retry import retry_execution
from executions_app.runner import leaving
from executions_app.streaming.channels import visible_to
from workflows_app.authoring.errors import WorkflowError

logger = logging.getLogger("celeriac.bulk")

#: Executions commanded by one message, at most.
PIECE: Final = 100
#: Nor does a piece take much longer than this.
PIECE_SECONDS: Final = 5.0
#: Failures that are kept with their words.
ERRORS_KEPT: Final = 20
#: Commands that a rescuer looks at in one round.
BATCH: Final = 20
#: A message is never thought lost later than this.
_LONGEST_WAIT: Final = timedelta(minutes=5)
#: The execution has gone on, or is gone, since the command was asked for.
_NOT_APPLICABLE: Final = frozenset(
    {"command.not_applicable", "command.unknown_step", ExecutionNotFound.code}
)

Action = BulkCommand.Action
_COMMANDS: Mapping[str, Callable[[str, BulkCommand], Any]] = MappingProxyType(
    {
        Action.CANCEL: lambda key, bulk: cancel_execution(key, reason=bulk.reason, by=_by(bulk)),
        Action.RETRY: lambda key, bulk: retry_execution(key, reason=bulk.reason, by=_by(bulk)),
        Action.DELETE: lambda key, bulk: delete_execution(key),
    }
)


def work_bulk(bulk_id: str) -> None:
    """Work off the next piece of a command, and have a worker told if something is left.

    Safe to call twice, also at once.
    """
    rows = BulkCommand.objects.filter(pk=bulk_id, status=BulkCommand.Status.RUNNING)
    bulk = rows.select_related("owner").first()
    if bulk is None:
        return
    until = time.monotonic() + PIECE_SECONDS
    for _ in range(PIECE):
        if not _command_next(bulk):
            return
        if time.monotonic() >= until or leaving.has_begun():
            break
    dispatch.tell_bulk(bulk_id)


def wake_bulk_commands() -> int:
    """Send messages again that seem lost; return how many."""
    now = database.now()
    due = BulkCommand.objects.filter(wake_at__lte=now).order_by("wake_at")
    if not due.exists():
        return 0
    with transaction.atomic():
        found = list(database.locked(due.only("pk", "wake_at", "sends"), skip=True)[:BATCH])
        for bulk in found:
            bulk.sends = min(bulk.sends + 1, 10)
            bulk.wake_at = _wake_at(now, sends=bulk.sends)
            bulk.save(update_fields=["sends", "wake_at"])
    for bulk in found:
        dispatch.tell_bulk(bulk.pk)
    return len(found)


@retried
def _command_next(bulk: BulkCommand) -> bool:
    """Command the next execution; return whether there is one after it that is ours to command."""
    with known_to_fail():
        rows = BulkCommand.objects.filter(pk=bulk.pk, status=BulkCommand.Status.RUNNING)
        # Who finds it held leaves it to whoever holds it.
        row = database.locked(rows.defer("execution_ids", "reason"), skip=True).first()
        if row is None:
            return False
        _count(row, bulk.execution_ids[row.position], bulk)
        row.position += 1
        row.sends = 0
        now = database.now()
        is_over = row.position >= len(bulk.execution_ids)
        if is_over:
            row.status, row.ended_at, row.wake_at = BulkCommand.Status.COMPLETED, now, None
        else:
            row.wake_at = _wake_at(now)
        row.save(
            update_fields=[
                *("position", "done", "failed", "not_applicable", "errors"),
                *("status", "ended_at", "wake_at", "sends"),
            ]
        )
    return not is_over


def _count(row: BulkCommand, execution_id: str, bulk: BulkCommand) -> None:
    """Command one execution and count what came of it in ``row``."""
    try:
        _command(execution_id, bulk)
    except WorkflowError as error:
        if error.code in _NOT_APPLICABLE:
            row.not_applicable += 1
        else:
            _note(row, execution_id, error.code, str(error))
    except UNAVAILABLE:
        raise
    except Exception:
        logger.exception(
            "a command to many broke at one of them",
            extra={"action": "bulk.broken", "run_id": execution_id, "bulk_id": row.pk},
        )
        _note(row, execution_id, "server.error", "something broke here; it has been logged")
    else:
        row.done += 1


def _command(execution_id: str, bulk: BulkCommand) -> None:
    # Asked for each one: a command must not outlive its owner's right to give it.
    rule = visible_to(bulk.owner)
    if rule is None or not Execution.objects.filter(rule, pk=execution_id).exists():
        raise ExecutionNotFound(execution_id)
    with transaction.atomic():  # what breaks here leaves the count to be written
        _COMMANDS[bulk.action](execution_id, bulk)


def _note(row: BulkCommand, execution_id: str, code: str, message: str) -> None:
    row.failed += 1
    if len(row.errors) < ERRORS_KEPT:
        failure = {"execution_id": execution_id, "code": code, "message": message}
        row.errors = [*row.errors, failure]


def _wake_at(now: datetime, *, sends: int = 0) -> datetime:
    # A long queue is not a lost message, so each repetition waits twice as long.
    wait = timedelta(seconds=settings.RESCUE_SECONDS * 2**sends)
    return now + min(wait, _LONGEST_WAIT)


def _by(bulk: BulkCommand) -> str:
    name: str = bulk.owner.get_username()
    return name
