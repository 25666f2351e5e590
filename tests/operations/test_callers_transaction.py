"""Commands inside a transaction of the caller's: rolled back nothing was, committed all was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from executions_app import dispatch
from executions_app.models import Event, Execution, Signal, StepRun
from executions_app.operations.audit import differences, orphans
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.run import Run
from executions_app.streaming import publish as publishing
from workflows_app.authoring import StepContext, create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)

Command = Callable[[Run], Any]


def ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({}) if ctx.resume_data is None else ctx.resume_data


class Messages(list[str]):
    """What was sent: ids of steps that are due, and hints for those who follow."""


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Messages:
    sent = Messages()
    monkeypatch.setattr(
        dispatch, "send", lambda due: sent.extend(f"due {item.step_run_id}" for item in due)
    )

    class Redis:
        def publish(self, channel: str, text: str) -> None:
            sent.append(f"news {text}")

    monkeypatch.setattr(publishing, "redis_client", Redis)
    monkeypatch.setattr(publishing, "_quiet_until", 0.0)
    return sent


@pytest.fixture
def run(messages: Messages) -> Run:
    """An execution that asks, beside a wait for an event."""
    workflow = (
        create_workflow(id="callers-transaction")
        .parallel([create_step(id="ask", execute=ask), create_step(id="other", execute=ask)])
        .wait_for_event("go")
        .commit()
    )
    return workflow.create_run()


def deliver(run: Run) -> None:
    """Do what is due."""
    while row := StepRun.objects.filter(
        execution_id=run.id, claimed_at=None, due_at__isnull=False, wake_at__isnull=False
    ).first():
        execute_attempt(row.pk, row.attempt)


EVENTS = 2


def stored(run: Run) -> list[Any]:
    """Return everything the tables hold of ``run``."""
    return [
        list(model.objects.filter(**{name: run.id}).order_by("pk").values())
        for model, name in (
            (Execution, "pk"),
            (StepRun, "execution_id"),
            (Event, "execution_id"),
            (Signal, "execution_id"),
        )
    ]


def begin(run: Run) -> None:
    run.start_async(input_data=1)


def suspend(run: Run) -> None:
    begin(run)
    deliver(run)


COMMANDS: dict[str, tuple[Command, Command]] = {
    "start": (lambda run: None, begin),
    "resume": (suspend, lambda run: run.resume("ask", resume_data=2)),
    "send_event": (suspend, lambda run: run.send_event("go", {"yes": 1})),
    "cancel": (suspend, lambda run: run.cancel()),
    "cancel what runs": (begin, lambda run: run.cancel()),
}


@pytest.mark.parametrize(("before", "command"), COMMANDS.values(), ids=COMMANDS)
def test_what_is_rolled_back_never_happened(
    run: Run, messages: Messages, before: Command, command: Command
) -> None:
    before(run)
    messages.clear()
    was = stored(run)

    with transaction.atomic():
        command(run)
        transaction.set_rollback(True)

    assert stored(run) == was
    assert messages == []


@pytest.mark.parametrize(("before", "command"), COMMANDS.values(), ids=COMMANDS)
def test_what_is_committed_happened_and_is_told_only_then(
    run: Run, messages: Messages, before: Command, command: Command
) -> None:
    before(run)
    messages.clear()
    was = stored(run)

    with transaction.atomic():
        command(run)
        assert messages == []

    now = stored(run)
    assert now != was
    # An event that nobody waits for yet is kept, and nothing is told.
    assert (f"news {run.id}" in messages) is (now[EVENTS] != was[EVENTS])
    deliver(run)
    assert differences(run.id) == []
    assert not list(orphans())


def test_a_savepoint_that_is_rolled_back_takes_only_its_own_back(
    run: Run, messages: Messages
) -> None:
    with transaction.atomic():
        begin(run)
        with transaction.atomic():
            run.cancel()
            transaction.set_rollback(True)

    deliver(run)

    assert run.status == "suspended"
    assert messages.count(f"news {run.id}") >= 1
