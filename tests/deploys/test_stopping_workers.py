"""A worker that stops: what it is told of it passes on, what it holds it gives back, fenced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from executions_app.engine.outcomes import Succeeded
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.record_attempt import record_outcome
from executions_app.runner import leaving
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.context import StepContext
from executions_app.runner.execute import Attempt
from executions_app.runner.give_back import give_back
from executions_app.runner.heartbeat import Heartbeat, Watched
from tests.journal.histories import ListBroker, check_laws, list_broker, publish, start
from workflows_app.authoring import create_step
from workflows_app.authoring.registry import registry

pytestmark = pytest.mark.django_db(transaction=True)

begun: list[bool] = []


@pytest.fixture
def broker() -> Iterator[ListBroker]:
    """A list of messages, and one step to send them for."""

    def body(value: object, ctx: StepContext) -> str:
        begun.append(ctx.restart)
        return "done"

    begun.clear()
    registry._steps["journal-step"] = [create_step(id="journal-step", execute=body)]
    with list_broker() as messages:
        yield messages
    leaving.forget()


@pytest.fixture
def held(broker: ListBroker) -> Claim:
    """The only step of an execution, in this worker's hands."""
    start(publish({"a": []}))
    message = broker.waiting.pop()
    claim = claim_attempt(message.step_run_id, message.attempt)
    assert claim is not None
    return claim


def row_of(claim: Claim) -> StepRun:
    return StepRun.objects.get(pk=claim.step_run_id)


def execution_of(claim: Claim) -> Execution:
    return Execution.objects.get(pk=claim.execution_id)


def test_what_a_stopping_worker_is_told_of_another_is_told(broker: ListBroker) -> None:
    start(publish({"a": []}))
    message = broker.waiting.pop()

    leaving.begin(seconds=60)
    execute_attempt(message.step_run_id, message.attempt)

    assert begun == []
    assert [(it.step_run_id, it.attempt) for it in broker.waiting] == [
        (message.step_run_id, message.attempt)
    ]
    assert StepRun.objects.get(pk=message.step_run_id).claimed_at is None


def test_what_is_given_back_is_due_at_once_and_costs_neither_attempt_nor_life(
    held: Claim, broker: ListBroker
) -> None:
    assert give_back(held)

    row = row_of(held)
    assert (row.status, row.attempt, row.deaths, row.stops) == ("scheduled", 1, 0, 1)
    assert (row.claimed_at, row.epoch) == (None, held.epoch + 1)
    assert [it.step_run_id for it in broker.waiting] == [row.pk]
    assert broker.inside_transaction == []
    check_laws(execution_of(held))


def test_whoever_gave_back_writes_nothing_any_more(held: Claim) -> None:
    give_back(held)

    assert not record_outcome(held, Attempt(outcome=Succeeded(output="late")))
    assert not give_back(held)
    assert row_of(held).output is None


def test_what_has_ended_is_not_given_back(held: Claim, broker: ListBroker) -> None:
    record_outcome(held, Attempt(outcome=Succeeded(output="in time")))

    assert not give_back(held)

    assert broker.waiting == []
    assert execution_of(held).status == "completed"


def test_the_next_worker_knows_that_the_body_had_begun(held: Claim, broker: ListBroker) -> None:
    give_back(held)
    message = broker.waiting.pop()

    execute_attempt(message.step_run_id, message.attempt)

    assert begun == [True]
    assert execution_of(held).output == "done"
    lines = Event.objects.filter(execution=held.execution_id, type="log")
    assert "it is begun again" in lines.get().data["message"]
    check_laws(execution_of(held))


def test_what_is_paused_meanwhile_stays_parked(held: Claim, broker: ListBroker) -> None:
    pause_execution(held.execution_id)

    give_back(held)

    assert (broker.waiting, row_of(held).wake_at) == ([], None)
    unpause_execution(held.execution_id)
    message = broker.waiting.pop()
    execute_attempt(message.step_run_id, message.attempt)
    assert execution_of(held).status == "completed"


def test_the_heartbeat_gives_back_what_has_not_ended_in_time_and_ends_the_process(
    held: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(leaving, "end_process", lambda: ended.append(row_of(held).status))
    heart = Heartbeat()
    watched = Watched(
        claim=held,
        timeout_seconds=None,
        on_lasting=None,
        on_timeout=lambda _: None,
        on_leaving=give_back,
    )
    heart._watched[held.step_run_id] = watched

    leaving.begin(seconds=60)
    heart._round([watched])
    assert (ended, row_of(held).claimed_at is None) == ([], False)

    leaving.begin(seconds=0)
    heart._round([watched])
    assert (ended, row_of(held).claimed_at is None) == (["scheduled"], True)


def test_the_earlier_of_two_ends_counts() -> None:
    leaving.forget()
    assert leaving.seconds_left() is None

    leaving.begin(seconds=60)
    leaving.begin(seconds=600)

    assert leaving.has_begun()
    assert leaving.seconds_left() == pytest.approx(60, abs=5)
    leaving.forget()
    assert not leaving.has_begun()
