"""What bodies put out when their output looks at steps outside and inside of them."""

from __future__ import annotations

import pytest

from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.operations.start_execution import start_execution
from executions_app.testing import in_memory
from tests.published import published

pytestmark = pytest.mark.django_db


def test_the_output_of_a_foreach_reads_an_outer_step_and_its_own_round() -> None:
    body = {
        "nodes": [{"id": "b_inside", "type": "map", "fields": {"n": {"from": "item"}}}],
        "edges": [],
        # In alphabetical order the step outside comes first.
        "output": {"both": {"expression": "steps.a_outside.k + steps.b_inside.n"}},
    }
    nodes = [
        {"id": "a_outside", "type": "map", "fields": {"k": {"value": 10}}},
        {"id": "each", "type": "foreach", "items": {"value": [1, 2]}, "body": body},
    ]
    with in_memory() as engine:
        run = start_execution(published(nodes, [["a_outside", "each"]]))
        engine.run_until_idle()

    assert Execution.objects.get(pk=run.pk).output == [{"both": 11}, {"both": 12}]
    assert differences(run.pk) == []
    assert not list(orphans())
