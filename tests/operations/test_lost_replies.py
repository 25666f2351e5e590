"""A database whose answer to a commit is lost: it has happened, and nobody here knows.

Whatever is then done again finds out for itself whether it was done before.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from executions_app.engine.statuses import FINAL
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.rescue import rescue
from executions_app.operations.resume import resume_execution
from executions_app.operations.start_execution import start_execution
from executions_app.runner.heartbeat import Heartbeat
from tests.chaos.network import failing_network
from tests.chaos.proxy import UPDATED, Loss, Proxy
from tests.journal.histories import (
    STEP_ID,
    ListBroker,
    check_laws,
    let_time_pass,
    list_broker,
    publish,
)
from workflows_app.authoring import StepContext, create_step
from workflows_app.authoring.registry import registry
from workflows_app.models import Workflow

Body = Callable[[Any, StepContext], Any]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="an SQLite file answers in this very process"
    ),
]

#: What a client says in each transaction that may lose its answer.
CLAIM = Loss(answered=UPDATED, asked=b"SET epoch = epoch + 1")
STARTED, BEGAN = b"execution_started", b"step_started"
COMPLETED, RESUMED, CANCELLED = b"step_completed", b"step_resumed", b"execution_stopping"
ENDS = ("step_completed", "step_failed", "step_skipped", "step_cancelled")


@pytest.fixture
def network(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A network that fails between this process and its database."""
    # The thread of an earlier test has a connection past this network.
    monkeypatch.setattr("executions_app.operations.execute_attempt.heartbeat", Heartbeat())
    with failing_network() as proxy:
        yield proxy


@pytest.fixture
def broker() -> Iterator[ListBroker]:
    with list_broker() as messages:
        yield messages


@pytest.fixture
def bodies() -> Iterator[Counter[str]]:
    """How often the body of each step began."""
    yield Counter()
    registry._steps.pop(STEP_ID, None)


def published(body: Body, *names: str) -> Workflow:
    """Return a workflow of steps in a row that all have this body."""
    registry._steps[STEP_ID] = [create_step(id=STEP_ID, execute=body)]
    return publish({name: names[:n][-1:] for n, name in enumerate(names)})


@pytest.fixture
def workflow(bodies: Counter[str]) -> Workflow:
    """Two steps in a row that count how often they begin."""

    def body(value: Any, ctx: StepContext) -> Any:
        bodies[ctx.step_id] += 1
        return ctx.step_id

    return published(body, "first", "second")


def ends(execution: Execution) -> Counter[str]:
    """Return how often the end of each node is recorded."""
    found = Event.objects.filter(execution_id=execution.pk, type__in=ENDS)
    return Counter(data["node_id"] for data in found.values_list("data", flat=True))


def times(execution: Execution, kind: str) -> int:
    return Event.objects.filter(execution_id=execution.pk, type=kind).count()


def deliver(broker: ListBroker) -> None:
    """Hand every message on, as long as there are any."""
    while broker.waiting:
        message = broker.waiting.pop(0)
        execute_attempt(message.step_run_id, message.attempt)


def bring_to_its_end(execution: Execution, broker: ListBroker, rounds: int = 20) -> Execution:
    """Let a rescuer find what nobody was told of, until the execution has ended."""
    for _ in range(rounds):
        deliver(broker)
        current = Execution.objects.get(pk=execution.pk)
        if current.status in FINAL:
            check_laws(current)
            return current
        let_time_pass(execution_id=execution.pk)
        rescue()
    raise AssertionError(f"no end after {rounds} rounds")


def test_a_claim_whose_answer_is_lost_is_still_this_workers(
    network: Proxy, broker: ListBroker, workflow: Workflow, bodies: Counter[str]
) -> None:
    execution = start_execution(workflow)
    loss = network.lose(Loss(answered=CLAIM.answered, asked=CLAIM.asked))

    deliver(broker)

    assert loss.lost == 1
    assert bodies == {"first": 1, "second": 1}
    assert bring_to_its_end(execution, broker).status == "completed"
    assert not StepRun.objects.filter(execution=execution, deaths__gt=0).exists()
    assert set(ends(execution).values()) == {1}


def test_an_outcome_whose_answer_is_lost_is_recorded_once(
    network: Proxy, broker: ListBroker, workflow: Workflow, bodies: Counter[str]
) -> None:
    execution = start_execution(workflow)
    loss = network.lose(Loss(asked=COMPLETED))

    deliver(broker)

    assert loss.lost == 1
    assert bring_to_its_end(execution, broker).status == "completed"
    assert bodies == {"first": 1, "second": 1}
    assert ends(execution) == {"first": 1, "second": 1}


def test_an_outcome_that_was_cut_off_is_recorded_by_the_next_try(
    network: Proxy, broker: ListBroker, bodies: Counter[str]
) -> None:
    def body(value: Any, ctx: StepContext) -> Any:
        bodies[ctx.step_id] += 1
        network.cut()
        return "done"

    execution = start_execution(published(body, "only"))

    deliver(broker)

    ended = Execution.objects.get(pk=execution.pk)
    assert (ended.status, ended.output) == ("completed", "done")
    assert bodies == {"only": 1}
    check_laws(ended)


def test_a_beginning_that_is_told_twice_stands_in_the_log_once(
    network: Proxy, broker: ListBroker, bodies: Counter[str]
) -> None:
    told = threading.Event()

    def body(value: Any, ctx: StepContext) -> Any:
        assert told.wait(20)
        return "done"

    execution = start_execution(published(body, "only"))
    loss = network.lose(Loss(asked=BEGAN))

    def watch() -> None:
        while not loss.lost:
            threading.Event().wait(0.01)
        told.set()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    deliver(broker)

    watcher.join(20)
    assert bring_to_its_end(execution, broker).output == "done"
    assert times(execution, "step_started") == 1


def test_a_start_with_a_key_whose_answer_is_lost_starts_one(
    network: Proxy, broker: ListBroker, workflow: Workflow
) -> None:
    loss = network.lose(Loss(asked=STARTED))

    execution = _insist(lambda: start_execution(workflow, idempotency_key="k"))

    assert loss.lost == 1
    assert [row.pk for row in Execution.objects.all()] == [execution.pk]
    assert bring_to_its_end(execution, broker).status == "completed"


def test_a_start_without_a_key_whose_answer_is_lost_is_told_by_its_own_id(
    network: Proxy, broker: ListBroker, workflow: Workflow
) -> None:
    loss = network.lose(Loss(asked=STARTED))

    execution = start_execution(workflow)

    assert loss.lost == 1
    assert [row.pk for row in Execution.objects.all()] == [execution.pk]
    assert times(execution, "execution_started") == 1
    assert bring_to_its_end(execution, broker).status == "completed"


def test_a_caller_of_the_api_who_sends_the_request_again_starts_one(
    network: Proxy, broker: ListBroker, workflow: Workflow
) -> None:
    client = _client(workflow)
    loss = network.lose(Loss(asked=STARTED))

    def ask() -> Any:
        return client.post(
            f"/api/workflows/{quote(workflow.pk)}/execute/", headers={"Idempotency-Key": "k"}
        )

    answers = [ask(), ask()]

    assert loss.lost == 1
    assert answers[0].status_code in (202, 503)
    if answers[0].status_code == 503:
        assert answers[0].headers["Retry-After"]
    assert answers[1].status_code == 202
    assert Execution.objects.get().pk == answers[1].json()["execution_id"]


def test_an_answer_to_a_question_counts_once(
    network: Proxy, broker: ListBroker, bodies: Counter[str]
) -> None:
    execution = _suspended(bodies, broker)
    loss = network.lose(Loss(asked=RESUMED))

    with contextlib.suppress(OperationalError):
        resume_execution(execution.pk, data={"n": 1})

    assert loss.lost == 1
    assert bring_to_its_end(execution, broker).output == {"n": 1}
    assert times(execution, "step_resumed") == 1
    assert bodies == {"ask": 2}


def test_a_cancel_whose_answer_is_lost_has_cancelled(
    network: Proxy, broker: ListBroker, bodies: Counter[str]
) -> None:
    execution = _suspended(bodies, broker)
    loss = network.lose(Loss(asked=CANCELLED))

    with contextlib.suppress(OperationalError):
        cancel_execution(execution.pk)

    assert loss.lost == 1
    assert Execution.objects.get(pk=execution.pk).status == "cancelled"
    assert times(execution, "execution_cancelled") == 1
    check_laws(execution)


def test_a_rescuer_whose_answer_is_lost_sends_again_later(
    network: Proxy, broker: ListBroker, workflow: Workflow, bodies: Counter[str]
) -> None:
    execution = start_execution(workflow)
    broker.waiting.clear()
    let_time_pass(execution_id=execution.pk)
    loss = network.lose(Loss(asked=b"SKIP LOCKED"))

    try:
        rescue()
    except OperationalError:
        connection.close()

    assert loss.lost == 1
    assert bring_to_its_end(execution, broker).status == "completed"
    assert bodies == {"first": 1, "second": 1}


@pytest.mark.parametrize("seed", range(3))
def test_among_answers_lost_at_random_nothing_is_recorded_twice(
    network: Proxy, broker: ListBroker, bodies: Counter[str], seed: int
) -> None:
    def body(value: Any, ctx: StepContext) -> Any:
        bodies[f"{ctx.run_id} {ctx.step_id}"] += 1
        return value

    workflow = published(body, *(f"step{number}" for number in range(6)))
    network._random = random.Random(seed)
    loss = network.lose(Loss(chance=0.3, at_most=40))

    started = [
        _insist(lambda n=n: start_execution(workflow, idempotency_key=f"k{n}")) for n in range(5)
    ]
    for _ in range(200):
        if not Execution.objects.exclude(status__in=FINAL).exists():
            break
        _insist(lambda: deliver(broker))
        _insist(let_time_pass)
        _insist(rescue)
    network.heal()

    assert loss.lost > 5
    assert Execution.objects.count() == len(started)
    for execution in started:
        assert Execution.objects.get(pk=execution.pk).status == "completed"
        assert set(ends(execution).values()) == {1}
        check_laws(execution)
    assert set(bodies.values()) == {1}


def _insist(work: Callable[[], Any]) -> Any:
    """Return what ``work`` does once the database's answer arrives, as a caller tries again."""
    for _ in range(20):
        try:
            return work()
        except OperationalError:
            connection.close()
    raise AssertionError("twenty failures in a row")


def _client(workflow: Workflow) -> APIClient:
    """Return a client of the workflow's owner."""
    ada = User.objects.create_user("ada")
    Workflow.objects.filter(pk=workflow.pk).update(owner=ada)
    client = APIClient()
    client.force_authenticate(ada)
    return client


def _suspended(bodies: Counter[str], broker: ListBroker) -> Execution:
    """Return an execution that asks something."""

    def body(value: Any, ctx: StepContext) -> Any:
        bodies[ctx.step_id] += 1
        return ctx.suspend({}) if ctx.resume_data is None else ctx.resume_data

    execution = start_execution(published(body, "ask"))
    deliver(broker)
    assert Execution.objects.get(pk=execution.pk).status == "suspended"
    return execution
