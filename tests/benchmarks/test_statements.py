"""What a step costs in statements, commits and messages, and that it costs the same at any place.

Counts, not times: they are exact on a busy machine, and what makes a step slow shows in them first.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from typing import Any

import pytest
from django.db import connection

from executions_app import dispatch
from executions_app.models import Execution
from executions_app.streaming import publish
from tests.benchmarks import in_process
from workflows_app.authoring import clone_step, create_step, create_workflow
from workflows_app.authoring.registry import registry

pytestmark = pytest.mark.django_db(transaction=True)

LENGTH = 150
WIDTH = 60


@pytest.fixture(autouse=True)
def own_registry(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A running broker nobody thinks away, and a registry that forgets this test."""
    monkeypatch.setattr(dispatch, "_breaker", dispatch._Breaker())
    monkeypatch.setattr(publish, "_quiet_until", 0.0)
    before = {item.name: copy(getattr(registry, item.name)) for item in fields(registry)}
    yield
    for name, value in before.items():
        setattr(registry, name, value)


def numbered(prefix: str, count: int) -> list[Any]:
    add_one = create_step(id="counted", execute=lambda x: x + 1)
    return [clone_step(add_one, id=f"{prefix}{number}") for number in range(count)]


@pytest.fixture
def chain() -> list[in_process.Cost]:
    """The costs of all steps of a chain, without the first, which fills caches, and the last."""
    workflow = create_workflow(id="counted-chain")
    for step in numbered("s", LENGTH):
        workflow.then(step)
    return costs_of(workflow.commit(), output=LENGTH)[1:-1]


@pytest.fixture
def arms() -> list[in_process.Cost]:
    """The costs of all arms of a fan that are neither first nor last."""
    workflow = create_workflow(id="counted-fan").parallel(numbered("arm", WIDTH))
    join = create_step(id="join", execute=lambda xs: sum(xs.values()))
    return costs_of(workflow.then(join).commit(), output=WIDTH)[1 : WIDTH - 1]


def costs_of(workflow: Any, *, output: int) -> list[in_process.Cost]:
    execution_id = workflow.create_run().start_async(input_data=0)
    costs = in_process.run(execution_id)
    assert Execution.objects.get(pk=execution_id).output == output
    return costs


def test_a_step_takes_at_most_twelve_statements(chain: list[in_process.Cost]) -> None:
    most = max(chain, key=lambda cost: len(cost.statements))

    assert 3 <= len(most.statements) <= 12, most.statements


def test_a_step_commits_at_most_twice(chain: list[in_process.Cost]) -> None:
    assert {cost.commits for cost in chain} <= {1, 2}


def test_a_step_sends_one_message_and_at_most_one_hint(chain: list[in_process.Cost]) -> None:
    assert {cost.commands["lpush"] for cost in chain} == {1}
    assert {cost.commands["publish"] for cost in chain} == {1}


def test_the_last_step_of_a_long_chain_costs_what_the_second_does(
    chain: list[in_process.Cost],
) -> None:
    assert chain[-1].statements == chain[0].statements
    assert len({tuple(cost.statements) for cost in chain}) == 1


def test_the_last_arm_of_a_fan_costs_what_the_second_does(arms: list[in_process.Cost]) -> None:
    # The arm's row and the join's are written in either order; both are locked before.
    assert len({tuple(sorted(cost.statements)) for cost in arms}) == 1
    assert len(arms[0].statements) <= 12, arms[0].statements
    assert {cost.commits for cost in arms} <= {1, 2}
    assert {cost.commands["lpush"] for cost in arms} == {0}


def test_counting_sees_every_statement_and_every_commit(redis_url: str) -> None:
    cost = in_process.Cost()
    execution = create_workflow(id="counted-one").then(numbered("s", 1)[0]).commit().create_run()

    with in_process.counting(cost):
        execution.start_async(input_data=0)
        connection.cursor().execute("SELECT 1")
        Execution.objects.update(resource_id="x")

    assert cost.statements.count("SELECT 1") == 1
    assert cost.commits >= 2
    assert cost.commands["lpush"] == 1
