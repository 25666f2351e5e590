"""A question with a deadline that nobody has answered when its execution ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from executions_app.models import Event, StepRun
from executions_app.operations.retry import retry_execution
from executions_app.testing import Engine, in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import workflow_from_definition
from workflows_app.authoring.registry import registry

pytestmark = pytest.mark.django_db

ASKS = {"id": "asks", "type": "approval", "title": "May it?", "deadline": 60}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with in_memory() as engine:
        yield engine


def test_a_deadline_adds_nothing_to_an_execution_that_has_ended(engine: Engine) -> None:
    nodes = [ASKS, {"id": "bail", "type": "bail"}]
    run = workflow_from_definition({"name": "ends early", "nodes": nodes}).create_run()
    run.start_async()
    assert run.status == "completed"

    engine.advance(3_600)

    last = Event.objects.filter(execution_id=run.id).order_by("-seq").first()
    assert last is not None
    assert last.type == "execution_completed"
    check_laws(run.id)


def test_a_deadline_counts_again_when_the_execution_goes_on(engine: Engine) -> None:
    registry.add_step(Calls().step("fails-once", failing=1))
    broken = {"id": "broken", "type": "step", "step": "fails-once"}
    bail = {"id": "bail", "type": "bail"}
    definition = {"name": "goes on", "nodes": [ASKS, broken, bail], "edges": [["broken", "bail"]]}
    run = workflow_from_definition(definition).create_run()
    run.start_async(input_data=1)
    engine.run_until_idle()
    engine.advance(600)
    assert run.status == "failed"

    retry_execution(run.id)
    row = StepRun.objects.get(execution_id=run.id, node_id="asks")
    check_laws(run.id)

    assert row.wake_at == row.due_at
