"""Section A: basic execution and results."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import a_basic as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(1, "a single step: its output is the result, it is called once, and the input is shown")
def test_a_single_step(stage: Stage) -> None:
    result = stage.run(workflows.single, {})

    step = result.steps["A"]
    assert result.status == "completed"
    assert (step.status, step.payload) == ("completed", {})
    assert result.result == step.output == {"result": "success"}
    assert result.steps["input"] == {}
    assert stage.counts(result) == {"A": 1}
