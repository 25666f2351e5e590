"""Following: every event once and in order, however the looks fall between them."""

from __future__ import annotations

import pytest

from executions_app.errors import ExecutionNotFound
from executions_app.management import follow as following
from executions_app.management.follow import Look, TimeIsUp, follow
from executions_app.models import Execution, StepRun
from executions_app.operations.start_execution import start_execution
from executions_app.runner.claim import claim_attempt
from tests.cli.definitions import saved, waiting
from tests.cli.worker import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def execution() -> Execution:
    return start_execution(saved(waiting(), "wait"))


def seqs(*looks: Look) -> list[int]:
    return [event["seq"] for look in looks for event in look.events]


def test_events_between_two_looks_are_seen_once(execution: Execution) -> None:
    looks = follow(execution.pk, poll_seconds=0)
    first, second = next(looks), next(looks)
    work_off(execution.pk)

    rest = list(looks)

    assert seqs(first) == [1, 2]
    assert seqs(second) == []
    assert seqs(first, *rest) == list(range(1, Execution.objects.get().last_seq + 1))
    assert [look.is_final for look in (first, second, *rest)] == [False] * (len(rest) + 1) + [True]


def test_a_long_log_is_read_in_parts_and_ends_only_with_the_last(
    execution: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off(execution.pk)
    monkeypatch.setattr(following, "BATCH", 2)

    looks = list(follow(execution.pk, poll_seconds=0))

    assert seqs(*looks) == list(range(1, Execution.objects.get().last_seq + 1))
    assert [look.is_final for look in looks[:-1]] == [False] * (len(looks) - 1)
    assert looks[-1].is_final


def test_what_a_worker_holds_is_seen_before_it_is_in_the_log(execution: Execution) -> None:
    row = StepRun.objects.get(execution=execution, node_id="say")
    assert claim_attempt(row.pk, row.attempt) is not None

    look = next(follow(execution.pk))

    assert list(look.claimed) == ["say"]


def test_following_begins_where_it_is_told(execution: Execution) -> None:
    assert seqs(next(follow(execution.pk, after=1))) == [2]


def test_time_that_is_up_ends_the_following_after_a_look(execution: Execution) -> None:
    looks = follow(execution.pk, timeout_seconds=0)

    assert seqs(next(looks)) == [1, 2]
    with pytest.raises(TimeIsUp):
        next(looks)


def test_an_execution_that_is_deleted_meanwhile_is_missed(execution: Execution) -> None:
    looks = follow(execution.pk, poll_seconds=0)
    next(looks)
    execution.delete()

    with pytest.raises(ExecutionNotFound):
        next(looks)
