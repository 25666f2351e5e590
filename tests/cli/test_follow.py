"""Following: every event once and in order, however the looks fall between them."""

from __future__ import annotations

import pytest

from executions_app.errors import ExecutionNotFound
from executions_app.following import follow as following
from executions_app.following.follow import Look, TimeIsUp, looks
from executions_app.models import Execution, StepRun
from executions_app.operations.start_execution import start_execution
from executions_app.runner.claim import claim_attempt
from tests.cli.definitions import saved, waiting
from tests.cli.worker import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def execution() -> Execution:
    return start_execution(saved(waiting(), "wait"))


def seqs(*seen: Look) -> list[int]:
    return [event["seq"] for look in seen for event in look.events]


def test_events_between_two_looks_are_seen_once(execution: Execution) -> None:
    seen = looks(execution.pk)
    first, second = next(seen), next(seen)
    work_off(execution.pk)

    rest = list(seen)

    assert seqs(first) == [1, 2]
    assert seqs(second) == []
    assert seqs(first, *rest) == list(range(1, Execution.objects.get().last_seq + 1))
    assert [look.is_final for look in (first, second, *rest)] == [False] * (len(rest) + 1) + [True]


def test_a_long_log_is_read_in_parts_and_ends_only_with_the_last(
    execution: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off(execution.pk)
    monkeypatch.setattr(following, "BATCH", 2)

    seen = list(looks(execution.pk))

    assert seqs(*seen) == list(range(1, Execution.objects.get().last_seq + 1))
    assert [look.is_final for look in seen[:-1]] == [False] * (len(seen) - 1)
    assert seen[-1].is_final


def test_what_a_worker_holds_is_seen_before_it_is_in_the_log(execution: Execution) -> None:
    row = StepRun.objects.get(execution=execution, node_id="say")
    assert claim_attempt(row.pk, row.attempt) is not None

    look = next(looks(execution.pk))

    assert list(look.claimed) == ["say"]


def test_following_begins_where_it_is_told(execution: Execution) -> None:
    assert seqs(next(looks(execution.pk, after=1))) == [2]


def test_time_that_is_up_ends_the_following_after_a_look(execution: Execution) -> None:
    seen = looks(execution.pk, timeout_seconds=0)

    assert seqs(next(seen)) == [1, 2]
    with pytest.raises(TimeIsUp):
        next(seen)


def test_an_execution_that_is_deleted_meanwhile_is_missed(execution: Execution) -> None:
    seen = looks(execution.pk)
    next(seen)
    execution.delete()

    with pytest.raises(ExecutionNotFound):
        next(seen)
