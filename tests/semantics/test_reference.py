"""Random definitions come out of the engine as the reference reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions_app.operations.audit import differences, orphans
from executions_app.testing import in_memory
from tests.language.random_definitions import (
    ALL_KINDS,
    BODIES,
    CHILD_DEFINITION,
    EVENT,
    SELF_RUNNING,
    definitions,
)
from tests.semantics.reference import Reference
from workflows_app.authoring import create_step, workflow_from_definition
from workflows_app.authoring.registry import registry

#: More of them find more: set it to thousands now and then.
EXAMPLES = int(os.environ.get("CELERIAC_RANDOM_DEFINITIONS", "60"))
ANSWER = {"approved": True}
REFERENCE = Reference(bodies=BODIES, child=CHILD_DEFINITION, event=7, answer=ANSWER)

pytestmark = pytest.mark.django_db
thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def steps() -> Iterator[None]:
    """Know the steps and the nested workflow that random definitions name."""
    known = {name: registry._steps.pop(name, None) for name in BODIES}
    for name, body in BODIES.items():
        registry.add_step(create_step(id=name, execute=body))
    workflow_from_definition(CHILD_DEFINITION)
    yield
    for name, before in known.items():
        registry._steps.pop(name)
        if before is not None:
            registry._steps[name] = before


def outcome(definition: dict[str, Any], number: int) -> tuple[str, Any]:
    """Run ``definition`` on the engine, answering and sending what it waits for."""
    workflow = workflow_from_definition(definition, id="random")
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data={"n": number})
        engine.run_until_idle()
        while run.status in ("suspended", "waiting"):
            if run.status == "suspended":
                run.resume_async(run.get_result().suspended[0], resume_data=ANSWER)
            else:
                run.send_event(EVENT, REFERENCE.event)
            engine.run_until_idle()
        result = run.get_result()
        assert differences(run.id) == []
        assert list(orphans()) == []
    return result.status, result.result


@thorough
@given(
    definition=definitions(kinds=ALL_KINDS - {"bail"}, depth=2, width=3),
    number=st.integers(-3, 3),
)
def test_what_waits_and_asks_comes_out_as_the_reference_says(
    definition: dict[str, Any], number: int
) -> None:
    assert outcome(definition, number) == REFERENCE.run(definition, {"n": number})


@thorough
@given(
    # Without questions: who bails while somebody else is asked does not wait for the answer.
    definition=definitions(kinds=SELF_RUNNING | {"workflow", "bail"}, depth=2, width=3),
    number=st.integers(-3, 3),
)
def test_what_ends_early_comes_out_as_the_reference_says(
    definition: dict[str, Any], number: int
) -> None:
    assert outcome(definition, number) == REFERENCE.run(definition, {"n": number})


@thorough
@given(
    definition=definitions(kinds=SELF_RUNNING | {"workflow"}, failures=True, depth=2, width=3),
    number=st.integers(-3, 3),
)
def test_what_may_fail_comes_out_as_the_reference_says(
    definition: dict[str, Any], number: int
) -> None:
    status, result = outcome(definition, number)
    expected, value = REFERENCE.run(definition, {"n": number})

    assert status == expected
    if status == "completed":
        assert result == value
