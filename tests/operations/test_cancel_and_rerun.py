"""Cancelling and running again, as far as the tables show it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from executions_app import database
from executions_app.errors import ExecutionNotFound, NotApplicable
from executions_app.models import Event, Execution
from executions_app.operations.cancel import cancel_execution, time_out_execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.rescue import rescue
from tests.journal.histories import (
    ListBroker,
    check_laws,
    claim,
    fail,
    journal_step,
    list_broker,
    publish,
    start,
    succeed,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def broker() -> Iterator[ListBroker]:
    with journal_step(), list_broker() as messages:
        yield messages


def test_a_cancel_says_who_and_why_and_cancelling_again_changes_nothing() -> None:
    execution = start(publish({"a": []}))

    cancelled = cancel_execution(execution.pk, reason="enough", by="ada")
    again = cancel_execution(execution.pk, reason="other", by="bob")

    assert cancelled.status == again.status == "cancelled"
    assert again.last_seq == cancelled.last_seq
    last = Event.objects.filter(execution=execution).latest("seq")
    assert (last.type, last.data["reason"], last.data["by"]) == (
        "execution_cancelled",
        "enough",
        "ada",
    )
    check_laws(execution)


@pytest.mark.parametrize("ending", ["completed", "failed"])
def test_what_has_ended_keeps_its_end(broker: ListBroker, ending: str) -> None:
    execution = start(publish({"a": []}))
    mine = claim(broker.waiting[0])
    assert mine is not None
    (succeed if ending == "completed" else fail)(mine)

    with pytest.raises(NotApplicable) as refused:
        cancel_execution(execution.pk)

    assert refused.value.details == {"status": ending}


def test_what_is_not_there_cannot_be_cancelled() -> None:
    with pytest.raises(ExecutionNotFound):
        cancel_execution("nobody")


def test_a_step_that_waits_for_a_retry_is_cancelled_at_once(broker: ListBroker) -> None:
    retry = {"a": {"retry": {"attempts": 1, "delay": 60}}}
    execution = start(publish({"a": []}, retry))
    mine = claim(broker.waiting[0])
    assert mine is not None
    fail(mine)

    assert cancel_execution(execution.pk).status == "cancelled"
    check_laws(execution)


def test_an_overdue_execution_is_stopped_by_the_rescuer(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"]}, timeout=60))
    mine = claim(broker.waiting[0])
    assert mine is not None
    past = database.exact_now() - timedelta(seconds=1)
    Execution.objects.filter(pk=execution.pk).update(deadline_at=past)

    rescue()
    rescue()
    succeed(mine, "kept")

    ended = Execution.objects.get(pk=execution.pk)
    assert ended.status == "failed"
    assert ended.error["code"] == "execution.timeout"
    stops = Event.objects.filter(execution=execution, type="execution_stopping")
    assert stops.count() == 1


def test_a_cancel_after_the_time_ran_out_does_not_change_the_reason(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    mine = claim(broker.waiting[0])
    assert mine is not None
    time_out_execution(execution.pk)

    cancel_execution(execution.pk)
    succeed(mine)

    assert Execution.objects.get(pk=execution.pk).status == "failed"


def test_a_rerun_pins_the_version_that_ran_or_takes_the_newest() -> None:
    workflow = publish({"a": []})
    first = start(workflow, input_data={"n": 1}, runtime_context={"c": 1})

    again = rerun_execution(first)

    assert (again.input, again.runtime_context) == ({"n": 1}, {"c": 1})
    assert again.version_id == first.version_id
    assert again.rerun_of_id == first.pk
    assert again.trigger == "rerun"
    assert rerun_execution(first, input_data=None, version="latest").input is None
    with pytest.raises(ValueError, match="pinned"):
        rerun_execution(first, version="oldest")
