"""A step costs the same wherever it stands: as many statements, as long, however big the plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app.engine.outcomes import Succeeded
from executions_app.models import Execution
from executions_app.operations.record_attempt import record_outcome
from executions_app.runner.execute import Attempt
from tests.journal.histories import ListBroker, claim, publish, start

pytestmark = pytest.mark.django_db(transaction=True)

#: A step costs no more statements than this, and two commits.
MOST_STATEMENTS = 12
LONG = 2_000
#: Bytes by which the statements of two steps may differ: digits of ids and sequence numbers.
DIGITS = 100
WIDE = 500


def _cost(work: Callable[[], object]) -> tuple[int, int]:
    """Return how many statements ``work`` runs, and their bytes."""
    with CaptureQueriesContext(connection) as captured:
        work()
    texts = [query["sql"] for query in captured]
    return len(texts), sum(map(len, texts))


def _assert_same(first: tuple[int, int], last: tuple[int, int]) -> None:
    """Later ids and numbers have more digits, and nothing else may make a difference."""
    assert first[0] == last[0]
    assert abs(first[1] - last[1]) <= DIGITS


def _step(broker: ListBroker) -> None:
    claimed = claim(broker.waiting.pop(0))
    assert claimed is not None
    assert record_outcome(claimed, Attempt(outcome=Succeeded(output=None)))


def test_the_last_steps_of_a_long_chain_cost_what_the_first_cost(broker: ListBroker) -> None:
    names = [f"n{number:04}" for number in range(LONG)]
    needs = {name: names[index - 1 : index] if index else [] for index, name in enumerate(names)}
    execution = start(publish(needs))
    costs = {}

    for number in range(LONG):
        if number in (10, LONG - 10):
            costs[number] = _cost(lambda: _step(broker))
        else:
            _step(broker)

    _assert_same(costs[10], costs[LONG - 10])
    assert costs[10][0] <= MOST_STATEMENTS
    assert Execution.objects.get(pk=execution.pk).status == "completed"


def test_the_last_arms_of_a_wide_block_cost_what_the_first_cost(broker: ListBroker) -> None:
    arms = [f"arm{number:03}" for number in range(WIDE)]
    execution = start(publish({**{arm: [] for arm in arms}, "join": arms}))
    costs = {}

    for number in range(WIDE):
        if number in (1, WIDE - 2):
            costs[number] = _cost(lambda: _step(broker))
        else:
            _step(broker)

    _assert_same(costs[1], costs[WIDE - 2])
    assert costs[1][0] <= MOST_STATEMENTS
    _step(broker)
    assert Execution.objects.get(pk=execution.pk).status == "completed"
