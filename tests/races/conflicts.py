"""Transactions that PostgreSQL gives up (F23): a deadlock, and writes that others overtook.

They are made to happen by somebody who takes the locks the wrong way round, and by a stricter
isolation than ours.  Whoever called hears nothing of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction

from executions_app.engine.outcomes import Succeeded, Suspended
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.record_attempt import record_outcome
from executions_app.operations.resume import resume_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.runner.claim import Claim
from executions_app.runner.execute import Attempt
from tests.races.commands import BROKE
from tests.races.side_by_side import Other
from tests.races.stories import Stage, done, step, story

Work = Callable[[], Any]
_PATIENCE_SECONDS = 60.0
_ALL_NODES = [
    step("a"),
    step("b"),
    {"id": "wait", "type": "wait_for_event", "event": "go"},
]


def _record(mine: Claim) -> bool:
    tried = Attempt(outcome=Succeeded(output=1))
    return record_outcome(mine, tried, patience_seconds=_PATIENCE_SECONDS)


def _prepared(stage: Stage) -> tuple[Execution, Work]:
    """Return an execution and one of the things that may be done to it, in turn."""
    execution = stage.start("all kinds", lambda: {"nodes": _ALL_NODES, "edges": []})
    first, second = stage.claims()
    match stage.number % 5:
        case 0:
            return execution, partial(_record, first)
        case 1:
            return execution, partial(cancel_execution, execution.pk)
        case 2:
            return execution, partial(send_event, execution.pk, event="go", data=1)
        case 3:
            assert done(first, Suspended())
            return execution, partial(resume_execution, execution.pk, data=1)
        case _:
            send_event(execution.pk, event="go")
            assert done(first, BROKE)
            assert done(second)
            return execution, partial(retry_execution, execution.pk)


@story("F23", times=500, database="postgresql")
def a_deadlock_is_lost_and_nobody_hears_of_it(stage: Stage) -> None:
    execution, work = _prepared(stage)
    rows = StepRun.objects.filter(execution=execution).select_for_update()

    with _tried_again() as count:
        with transaction.atomic():
            _set("SET LOCAL deadlock_timeout = '30s'")
            assert list(rows)
            # Whoever finds the circle gives up: the one that looks soon after it has closed.
            other = Other(_with("deadlock_timeout", "150ms", work))
            other.wait_for_lock()
            assert Execution.objects.select_for_update(of=("self",)).get(pk=execution.pk)
        came = other.end()

    assert not isinstance(came, Exception), came
    assert count() == 1
    stage.check(execution, status=Execution.objects.get(pk=execution.pk).status)


@story("F23", times=500, database="postgresql")
def a_conflict_is_lost_and_nobody_hears_of_it(stage: Stage) -> None:
    execution, work = _prepared(stage)

    with _tried_again() as count:
        with transaction.atomic():
            Execution.objects.filter(pk=execution.pk).update(resource_id="somebody")
            other = Other(_with("default_transaction_isolation", "repeatable read", work))
            other.wait_for_lock()
        came = other.end()

    assert not isinstance(came, Exception), came
    assert count() == 1
    stage.check(execution, status=Execution.objects.get(pk=execution.pk).status)


def _with(setting: str, value: str, work: Work) -> Work:
    """Return ``work``, done on a connection that is set so."""

    def so() -> Any:
        _set(f"SET {setting} = '{value}'")
        try:
            return work()
        finally:
            _set(f"RESET {setting}")

    return so


def _set(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def _tried_again() -> Iterator[Callable[[], int]]:
    """Count how often something was tried again for the database's sake."""
    found: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if getattr(record, "action", "") == "database.again":
                found.append(record)

    logger, listener = logging.getLogger("celeriac.database"), Listener()
    logger.addHandler(listener)
    try:
        yield lambda: len(found)
    finally:
        logger.removeHandler(listener)
