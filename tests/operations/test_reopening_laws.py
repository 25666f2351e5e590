"""Whatever fails and is tried again, and wherever somebody travels to, the result is the same."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions_app.models import StepRun
from executions_app.run import Run
from executions_app.testing import in_memory
from tests.language.random_definitions import (
    BODIES,
    CHILD_DEFINITION,
    SELF_RUNNING,
    definitions,
)
from tests.operations.calls import check_laws
from workflows_app.authoring import create_step, workflow_from_definition
from workflows_app.authoring.registry import registry
from workflows_app.language.plan import face_of, node_of

#: More of them find more: set it to thousands now and then.
EXAMPLES = int(os.environ.get("CELERIAC_RANDOM_DEFINITIONS", "60")) // 3

pytestmark = pytest.mark.django_db
thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


class Unreliable:
    """The bodies of random definitions, some of whose calls fail; counts those that do not."""

    def __init__(self) -> None:
        self.fails = frozenset[int]()
        self.calls = 0
        self.done: Counter[str] = Counter()

    def begin(self, fails: frozenset[int] = frozenset()) -> None:
        self.fails, self.calls, self.done = fails, 0, Counter()

    def body(self, name: str, value: Any) -> Any:
        self.calls += 1
        if self.calls in self.fails:
            raise ValueError("planned")
        output = BODIES[name](value)
        self.done[name] += 1
        return output


@pytest.fixture
def bodies() -> Iterator[Unreliable]:
    """Know the steps and the nested workflow that random definitions name."""
    unreliable = Unreliable()
    known = {name: registry._steps.pop(name, None) for name in BODIES}
    for name in BODIES:
        registry.add_step(create_step(id=name, execute=partial(unreliable.body, name)))
    workflow_from_definition(CHILD_DEFINITION)
    yield unreliable
    for name, before in known.items():
        registry._steps.pop(name)
        if before is not None:
            registry._steps[name] = before


def _run(definition: dict[str, Any], number: int) -> Run:
    run = workflow_from_definition(definition, id="random").create_run()
    run.start(input_data={"n": number})
    check_laws(run.id)
    return run


@thorough
@given(
    definition=definitions(kinds=SELF_RUNNING | {"workflow", "bail"}, depth=2, width=3),
    number=st.integers(-3, 3),
    fails=st.frozensets(st.integers(1, 20), max_size=6),
    data=st.data(),
)
def test_what_is_tried_again_comes_to_what_it_would_have_and_repeats_nothing(
    bodies: Unreliable,
    definition: dict[str, Any],
    number: int,
    fails: frozenset[int],
    data: st.DataObject,
) -> None:
    with in_memory():
        bodies.begin()
        expected = _run(definition, number).get_result()
        done = bodies.done.copy()

        bodies.begin(fails)
        run = _run(definition, number)
        for _ in range(len(fails)):
            if run.status != "failed":
                break
            run.retry(data.draw(st.sampled_from([None, *_failed(run)]), label="retried"))
            check_laws(run.id)

        if bodies.calls >= max(fails, default=0) or run.status == "completed":
            assert run.status == expected.status
            assert run.get_result().result == expected.result
            assert bodies.done == done


@thorough
@given(
    definition=definitions(kinds=SELF_RUNNING | {"workflow"}, depth=2, width=3),
    number=st.integers(-3, 3),
    fails=st.frozensets(st.integers(1, 20), max_size=1),
    data=st.data(),
)
def test_wherever_somebody_travels_to_the_result_stays(
    bodies: Unreliable,
    definition: dict[str, Any],
    number: int,
    fails: frozenset[int],
    data: st.DataObject,
) -> None:
    with in_memory():
        bodies.begin()
        expected = _run(definition, number).get_result()
        run = _run(definition, number)

        for _ in range(2):
            bodies.begin(fails)
            there = sorted(StepRun.objects.filter(execution_id=run.id).values_list("node_id"))
            key = data.draw(st.sampled_from(there), label="step")[0]
            run.time_travel(node_of(key))
            check_laws(run.id)
            if run.status == "failed":
                run.retry()
                check_laws(run.id)

            assert run.get_result().result == expected.result


def _failed(run: Run) -> list[str]:
    rows = StepRun.objects.filter(execution_id=run.id, status="failed")
    return sorted({face_of(node_of(key)) for key in rows.values_list("node_id", flat=True)})
