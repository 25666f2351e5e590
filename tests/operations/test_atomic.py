"""Atomic steps: what the body writes and the record of its outcome last together, or neither."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from pydantic import AfterValidator

from executions_app import dispatch
from executions_app.models import Event, StepRun
from executions_app.operations import record_attempt as attempts
from executions_app.operations.audit import differences, orphans
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.rescue import rescue
from executions_app.result import ExecutionResult
from executions_app.run import Run
from executions_app.testing import in_memory
from tests.journal.histories import let_time_pass
from workflows_app.authoring import StepContext, Workflow, create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send no messages: the tests deliver them by hand."""
    monkeypatch.setattr(dispatch, "send", lambda due: None)


def atomic(body: Callable[..., Any], **options: Any) -> Workflow:
    """Return a workflow of one atomic step."""
    step = create_step(id="book", execute=body, atomic=True, **options)
    return create_workflow(id="atomic-booking").then(step).commit()


def write(ctx: StepContext) -> None:
    Group.objects.create(name=f"{ctx.run_id}/{uuid.uuid4()}")


def books(value: Any, ctx: StepContext) -> str:
    write(ctx)
    return "booked"


def written(run: Run) -> int:
    return Group.objects.filter(name__startswith=run.id).count()


def types(run: Run) -> list[str]:
    return list(
        Event.objects.filter(execution=run.id).order_by("seq").values_list("type", flat=True)
    )


def check(run: Run) -> None:
    assert differences(run.id) == []
    assert not list(orphans())


def started(workflow: Workflow) -> tuple[Run, StepRun]:
    run = workflow.create_run()
    run.start_async()
    return run, StepRun.objects.get(execution_id=run.id)


def in_memory_result(workflow: Workflow, **crashes: int) -> tuple[Run, ExecutionResult]:
    with in_memory() as engine:
        for script, times in crashes.items():
            getattr(engine, script)("book", times=times)
        run = workflow.create_run()
        result = run.start()
        check(run)
    return run, result


def test_a_body_that_returns_leaves_its_writes() -> None:
    run, result = in_memory_result(atomic(books))

    assert (result.status, result.result) == ("completed", "booked")
    assert written(run) == 1


def test_a_body_that_raises_takes_its_writes_back_and_its_failure_is_kept() -> None:
    def body(value: Any, ctx: StepContext) -> None:
        ctx.logger.info("about to write")
        write(ctx)
        raise ValueError("no room")

    run, result = in_memory_result(atomic(body))

    assert (result.status, result.error["message"]) == ("failed", "no room")
    assert written(run) == 0
    assert "log" in types(run)


def test_only_the_writes_of_the_attempt_that_worked_are_there() -> None:
    def body(value: Any, ctx: StepContext) -> int:
        write(ctx)
        if ctx.retry_count < 2:
            raise ValueError("again")
        return ctx.retry_count

    run, result = in_memory_result(atomic(body, retries=2))

    assert result.result == 2
    assert written(run) == 1


@pytest.mark.parametrize("script", ["crash_before", "crash_after"])
def test_a_worker_that_dies_before_the_commit_leaves_nothing(script: str) -> None:
    run, result = in_memory_result(atomic(books), **{script: 2})

    assert result.status == "completed"
    assert written(run) == 1


def test_a_process_that_is_killed_while_recording_leaves_nothing(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        assert written(run) == 1
        raise Killed

    run, row = started(atomic(books))

    with monkeypatch.context() as broken:
        broken.setattr(attempts, "add_outcome", die)
        with pytest.raises(Killed):
            execute_attempt(row.pk, 1)

    assert written(run) == 0
    let_time_pass()
    rescue()
    assert execute_attempt(row.pk, 1)
    assert run.status == "completed"
    assert written(run) == 1
    check(run)


def test_a_message_that_comes_twice_books_once(quiet: None) -> None:
    run, row = started(atomic(books))

    assert execute_attempt(row.pk, 1)
    assert execute_attempt(row.pk, 1) is None

    assert written(run) == 1
    check(run)


def test_a_worker_that_lost_its_lease_takes_its_writes_back(quiet: None) -> None:
    begun: list[int] = []

    def is_overtaken(value: Any) -> Any:
        # After the claim and before the transaction, so that SQLite lets others write.
        begun.append(len(begun))
        if len(begun) == 1:
            let_time_pass()
            rescue()
            assert execute_attempt(row.pk, 1)
            assert written(run) == 1
        return value

    def body(value: Any, ctx: StepContext) -> str:
        write(ctx)
        return f"booked by {len(begun)}"

    taken_over = Annotated[Any, AfterValidator(is_overtaken)]
    run, row = started(atomic(body, input_schema=taken_over))

    execute_attempt(row.pk, 1)

    assert begun == [0, 1]
    assert written(run) == 1
    assert run.get_result().result == "booked by 2"
    check(run)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite breaks off no session")
def test_a_body_may_think_for_longer_than_a_session_may_hold_its_locks_in_silence(
    quiet: None,
) -> None:
    def said() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            return str(cursor.fetchone()[0])

    run, row = started(atomic(lambda value, ctx: said()))

    execute_attempt(row.pk, 1)

    assert run.get_result().result == "0"
    assert said() == "30s"


def test_a_rescue_while_the_body_runs_lets_one_of_two_workers_book(quiet: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("while a body writes, SQLite lets nobody else write")
    others: list[str] = []

    def body(value: Any, ctx: StepContext) -> str:
        write(ctx)
        if not others:
            others.append("second")
            other = threading.Thread(target=second_worker)
            other.start()
            other.join()
        return "booked"

    def second_worker() -> None:
        try:
            let_time_pass()
            rescue()
            execute_attempt(row.pk, 1)
        finally:
            connection.close()

    run, row = started(atomic(body))

    execute_attempt(row.pk, 1)

    assert written(run) == 1
    assert types(run).count("step_completed") == 1
    check(run)


def test_what_the_database_refuses_at_the_commit_fails_the_step(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any) -> None:
        self.roll_back()
        raise IntegrityError("a deferred constraint")

    run, row = started(atomic(books))
    monkeypatch.setattr("executions_app.runner.one_transaction.OneTransaction.commit", refuse)

    execute_attempt(row.pk, 1)

    assert run.status == "failed"
    assert run.get_result().error["name"] == "IntegrityError"
    assert written(run) == 0
    check(run)


def test_a_transaction_that_the_body_broke_fails_the_step() -> None:
    def body(value: Any, ctx: StepContext) -> str:
        write(ctx)
        try:
            with transaction.atomic(savepoint=False):
                raise ValueError("inside")
        except ValueError:
            return "as if nothing had happened"

    run, result = in_memory_result(atomic(body))

    assert result.status == "failed"
    assert written(run) == 0


def test_what_an_atomic_body_says_is_recorded_with_its_outcome(quiet: None) -> None:
    seen: list[list[str]] = []

    def body(value: Any, ctx: StepContext) -> str:
        ctx.logger.info("one")
        ctx.writer.write({"n": 1})
        seen.append(types(run))
        return "said"

    run, row = started(atomic(body))

    execute_attempt(row.pk, 1)

    assert seen == [["execution_started", "step_scheduled"]]
    assert types(run)[2:6] == ["step_started", "log", "step_output", "step_completed"]


def test_an_answer_that_is_asked_for_keeps_what_was_written() -> None:
    def body(value: Any, ctx: StepContext) -> Any:
        write(ctx)
        return ctx.suspend({"ask": 1}) if ctx.resume_data is None else ctx.resume_data

    with in_memory():
        run = atomic(body).create_run()

        assert run.start().status == "suspended"
        assert written(run) == 1
        assert run.resume(resume_data=7).result == 7
        assert written(run) == 2
        check(run)


@pytest.mark.parametrize("fails", [False, True])
def test_an_asynchronous_body_writes_into_the_same_transaction(fails: bool) -> None:
    async def body(value: Any, ctx: StepContext) -> str:
        await Group.objects.acreate(name=f"{ctx.run_id}/async")
        if fails:
            raise ValueError("no room")
        return "booked"

    run, result = in_memory_result(atomic(body))

    assert (result.error or {}).get("message") == ("no room" if fails else None)
    assert result.result == (None if fails else "booked")
    assert written(run) == (0 if fails else 1)
