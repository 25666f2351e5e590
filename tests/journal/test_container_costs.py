"""A round of a foreach or a loop costs the same at the beginning and at the end."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app.models import StepRun
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.testing import in_memory
from workflows_app.authoring import create_step, create_workflow
from workflows_app.authoring.workflow import Workflow

pytestmark = pytest.mark.django_db

ITEMS = 600
ROUNDS = 200
#: Bytes by which two rounds may differ: digits of numbers, and which of them stand in a row.
DIGITS = 400

step = create_step(id="plus-one", execute=lambda value: value + 1)
EACH = create_workflow(id="cost-foreach").foreach(step, concurrency=5).commit()
LOOP = create_workflow(id="cost-loop").dowhile(step, f"input < {ROUNDS}").commit()


def costs(workflow: Workflow, input_data: object) -> tuple[list[tuple[int, int]], object]:
    """Run ``workflow``; return how many statements each attempt took, their bytes, and the
    result."""
    found = []
    with in_memory():
        run = workflow.create_run()
        run.start_async(input_data=input_data)
        due = StepRun.objects.filter(execution_id=run.id, due_at__isnull=False, claimed_at=None)
        while row := due.order_by("pk").values_list("pk", "attempt").first():
            connection.queries_log.clear()
            with CaptureQueriesContext(connection) as captured:
                execute_attempt(*row)
            texts = [query["sql"] for query in captured]
            found.append((len(texts), sum(map(len, texts))))
        return found, run.get_result().result


def assert_flat(found: list[tuple[int, int]]) -> None:
    early, late = found[10], found[-10]
    assert late[0] == early[0]
    assert late[1] - early[1] <= DIGITS


def test_the_last_items_of_a_long_foreach_cost_what_the_first_cost() -> None:
    found, result = costs(EACH, list(range(ITEMS)))

    assert result == [number + 1 for number in range(ITEMS)]
    assert len(found) == ITEMS
    assert_flat(found)


def test_the_last_rounds_of_a_long_loop_cost_what_the_first_cost() -> None:
    found, result = costs(LOOP, 0)

    assert result == ROUNDS
    assert len(found) == ROUNDS
    assert_flat(found)
