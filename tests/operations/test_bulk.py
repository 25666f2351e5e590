"""One command to many executions: each is commanded once, whoever dies and whatever comes twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection

from executions_app import database, dispatch, sync_points
from executions_app.models import BulkCommand, Execution
from executions_app.models import Event as Fact
from executions_app.operations import start_bulk as starting
from executions_app.operations import work_bulk as working
from executions_app.operations.audit import differences, orphans
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rescue import rescue
from executions_app.operations.start_bulk import Busy, TooMany, selected, start_bulk
from executions_app.operations.work_bulk import wake_bulk_commands, work_bulk
from executions_app.sync_points import Point
from executions_app.tasks import work_bulk as task
from executions_app.testing import Engine
from tests.api.asking import asking, failing, in_this_process, settled, started
from tests.streaming.log_rows import a_user

pytestmark = pytest.mark.django_db(transaction=True)
_numbers = itertools.count(1)


class Died(BaseException):
    """What ends a worker, as no handler of errors sees it."""


@pytest.fixture
def engine() -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


@pytest.fixture
def ada() -> Any:
    return a_user()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages that were sent."""
    sent: list[str] = []
    monkeypatch.setattr(dispatch, "tell_bulk", sent.append)
    return sent


@pytest.fixture
def listen() -> Iterator[Any]:
    yield sync_points.listen
    sync_points.listen(None)


def some(engine: Engine, owner: Any, count: int = 3, *, failed: bool = False) -> list[Execution]:
    """Return executions that wait for an answer, or have failed."""
    make = failing if failed else asking
    workflow = make(f"bulk-{next(_numbers)}")
    return [started(engine, workflow, owner) for _ in range(count)]


def bulk(action: str, owner: Any, **fields: Any) -> BulkCommand:
    """Return a command to everything that ``owner`` has."""
    rows = Execution.objects.filter(owner=owner)
    return start_bulk(selected(rows, action), action, owner=owner, **fields)


def counts(command: BulkCommand) -> dict[str, Any]:
    command.refresh_from_db()
    names = ("status", "total", "done", "failed", "not_applicable")
    return {name: getattr(command, name) for name in names}


def facts(executions: list[Execution], kind: str) -> list[str]:
    """Return of which executions the log has a fact of this kind, as often as it has."""
    found = Fact.objects.filter(execution__in=executions, type=kind)
    return sorted(found.values_list("execution_id", flat=True))


def ids(executions: list[Execution]) -> list[str]:
    return sorted(execution.pk for execution in executions)


def test_what_goes_on_is_cancelled_and_the_rest_is_counted(engine: Engine, ada: Any) -> None:
    waiting, over = some(engine, ada), some(engine, ada, 2, failed=True)

    command = bulk("cancel", ada, reason="a mistake")
    assert counts(command)["status"] == "running"
    work_bulk(command.pk)

    assert counts(command) == {
        "status": "completed",
        "total": 5,
        "done": 3,
        "failed": 0,
        "not_applicable": 2,
    }
    assert command.ended_at is not None
    for execution in waiting:
        settled(engine, execution)
        assert (execution.status, execution.stop_reason) == ("cancelled", "a mistake")
        assert execution.stopped_by == ada.username
    assert {settled(engine, execution).status for execution in over} == {"failed"}


def test_what_failed_is_retried_once_although_it_fails_again(engine: Engine, ada: Any) -> None:
    executions = some(engine, ada, failed=True)
    command = bulk("retry", ada)

    for _ in range(2):
        work_bulk(command.pk)
        engine.run_until_idle()

    assert counts(command)["done"] == 3
    assert facts(executions, "execution_reopened") == ids(executions)
    assert {settled(engine, execution).status for execution in executions} == {"failed"}


def test_what_is_over_is_deleted(engine: Engine, ada: Any) -> None:
    waiting, over = some(engine, ada, 1), some(engine, ada, 2, failed=True)

    command = bulk("delete", ada)
    work_bulk(command.pk)

    assert (counts(command)["done"], counts(command)["not_applicable"]) == (2, 1)
    assert not Execution.objects.filter(pk__in=ids(over)).exists()
    assert Execution.objects.filter(pk__in=ids(waiting)).count() == 1


def test_what_is_made_after_it_was_asked_for_is_not_touched(engine: Engine, ada: Any) -> None:
    some(engine, ada, 1)
    command = bulk("cancel", ada)
    (later,) = some(engine, ada, 1)

    work_bulk(command.pk)

    assert settled(engine, later).status == "suspended"


def test_what_has_moved_on_meanwhile_is_counted_as_that(engine: Engine, ada: Any) -> None:
    first, second, _ = some(engine, ada, failed=True)
    command = bulk("delete", ada)
    Execution.objects.filter(pk=first.pk).delete()
    Execution.objects.filter(pk=second.pk).update(owner=a_user())

    work_bulk(command.pk)

    assert counts(command) == {
        "status": "completed",
        "total": 3,
        "done": 1,
        "failed": 0,
        "not_applicable": 2,
    }
    assert Execution.objects.filter(pk=second.pk).exists()


def test_an_owner_who_may_no_longer_log_in_commands_nothing(engine: Engine, ada: Any) -> None:
    (execution,) = some(engine, ada, 1)
    command = bulk("cancel", ada)
    ada.is_active = False
    ada.save()

    work_bulk(command.pk)

    assert counts(command)["not_applicable"] == 1
    assert settled(engine, execution).status == "suspended"


def test_nothing_to_do_is_over_at_once(ada: Any, told: list[str]) -> None:
    command = bulk("cancel", ada)

    assert counts(command)["status"] == "completed"
    assert told == []


@pytest.mark.parametrize("point", [Point.RECORDING, Point.RECORDED])
@pytest.mark.parametrize("death", [1, 2, 3])
def test_a_worker_that_dies_in_the_middle_has_done_what_is_counted(
    engine: Engine, ada: Any, listen: Any, death: int, point: Point
) -> None:
    executions = some(engine, ada, failed=True)
    command = bulk("retry", ada)
    reached = itertools.count(1)

    def die(at: Point) -> None:
        if at is point and next(reached) == death:
            raise Died

    listen(die)
    with pytest.raises(Died):
        work_bulk(command.pk)
    listen(None)
    command.refresh_from_db()
    assert command.done == command.position == len(facts(executions, "execution_reopened"))
    assert command.done == (death if point is Point.RECORDED else death - 1)

    work_bulk(command.pk)

    assert counts(command)["done"] == 3
    assert facts(executions, "execution_reopened") == ids(executions)
    for execution in executions:
        settled(engine, execution)


def test_messages_that_come_twice_at_once_command_each_once(
    engine: Engine, ada: Any, listen: Any
) -> None:
    executions = some(engine, ada, failed=True)
    command = bulk("retry", ada)
    held, go_on = Event(), Event()

    def hold(at: Point) -> None:
        if at is Point.RECORDING and not held.is_set():
            held.set()
            go_on.wait(30)

    def work() -> None:
        try:
            work_bulk(command.pk)
        finally:
            connection.close()

    listen(hold)
    first, second = Thread(target=work), Thread(target=work)
    first.start()
    held.wait(30)
    second.start()
    second.join(0.5)  # to PostgreSQL it is another's; SQLite lets it wait for the first to commit
    go_on.set()
    first.join()
    second.join()
    work_bulk(command.pk)

    assert counts(command)["done"] == 3
    assert facts(executions, "execution_reopened") == ids(executions)


def test_a_piece_is_bounded_and_the_rest_is_told_on(
    engine: Engine, ada: Any, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    some(engine, ada, 5)
    command = bulk("cancel", ada)
    monkeypatch.setattr(working, "PIECE", 2)
    done = []

    while counts(command)["status"] == "running":
        task(command.pk)
        done.append(counts(command)["done"])

    assert done == [2, 4, 5]
    assert told == [command.pk] * 3  # when it was asked for, and after each piece but the last


def test_a_message_that_was_lost_is_sent_again_ever_more_seldom_until_it_moves(
    engine: Engine, ada: Any, told: list[str]
) -> None:
    some(engine, ada, 2)
    command = bulk("cancel", ada)
    told.clear()
    assert wake_bulk_commands() == 0
    waits = []

    for _ in range(3):
        command.refresh_from_db()
        engine.now = command.wake_at
        before = len(told)
        rescue()
        assert len(told) == before + 1
        command.refresh_from_db()
        waits.append(command.wake_at - engine.now)

    assert waits[0] < waits[1] < waits[2] <= timedelta(minutes=5)
    work_bulk(command.pk)
    command.refresh_from_db()
    assert (command.status, command.wake_at) == ("completed", None)
    engine.now += timedelta(days=1)
    assert wake_bulk_commands() == 0


def test_a_database_that_fails_leaves_the_rest_for_later(
    engine: Engine, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(engine, ada)
    command = bulk("cancel", ada)
    calls = itertools.count(1)

    def away(key: str, **options: Any) -> Any:
        if next(calls) == 2:
            raise OperationalError("the server closed the connection")
        return cancel_execution(key, **options)

    monkeypatch.setattr(working, "cancel_execution", away)

    work_bulk(command.pk)

    # Nothing of it was written, so it was tried again at once.
    assert counts(command)["done"] == 3


def test_what_breaks_at_one_is_told_and_the_others_are_done(
    engine: Engine, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    executions = some(engine, ada)
    bad = max(executions, key=lambda it: it.pk)
    command = bulk("cancel", ada)

    def break_at_one(key: str, **options: Any) -> Any:
        cancel_execution(key, **options)
        if key == bad.pk:
            raise RuntimeError("secret words")

    monkeypatch.setattr(working, "cancel_execution", break_at_one)

    work_bulk(command.pk)

    assert (counts(command)["done"], counts(command)["failed"]) == (2, 1)
    assert command.errors == [
        {
            "execution_id": bad.pk,
            "code": "server.error",
            "message": "something broke here; it has been logged",
        }
    ]
    assert settled(engine, bad).status == "suspended"


def test_only_the_first_failures_are_kept_in_words(
    engine: Engine, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(engine, ada, 4)
    command = bulk("cancel", ada)
    monkeypatch.setattr(working, "ERRORS_KEPT", 2)
    monkeypatch.setattr(working, "cancel_execution", lambda key, **options: 1 / 0)

    work_bulk(command.pk)

    assert (counts(command)["failed"], len(command.errors)) == (4, 2)


def test_too_many_are_refused_and_nothing_is_done(
    engine: Engine, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(engine, ada, 4)
    monkeypatch.setattr(starting, "LIMIT", 3)

    found = selected(Execution.objects.filter(owner=ada), "cancel")

    assert (found.would, found.is_too_many) == (4, True)
    with pytest.raises(TooMany):
        start_bulk(found, "cancel", owner=ada)
    assert not BulkCommand.objects.exists()


def test_an_account_has_so_many_at_work_and_old_ones_are_forgotten(
    engine: Engine, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(engine, ada, 1)
    monkeypatch.setattr(starting, "MAX_RUNNING", 1)
    first = bulk("cancel", ada)

    with pytest.raises(Busy):
        bulk("cancel", ada)
    work_bulk(first.pk)
    engine.now = database.now() + timedelta(days=31)
    second = bulk("cancel", ada)

    assert list(BulkCommand.objects.all()) == [second]
    assert not list(orphans())


def test_rows_equal_the_log_after_a_command_to_nested_workflows(engine: Engine, ada: Any) -> None:
    (execution,) = some(engine, ada, 1)

    command = bulk("cancel", ada)
    work_bulk(command.pk)

    assert differences(execution.pk) == []
