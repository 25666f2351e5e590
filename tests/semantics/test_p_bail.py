"""Section P: bailing out."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import p_bail as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(274, "a step that bails ends the run as completed with what it bailed with")
def test_a_step_bails(stage: Stage) -> None:
    result = stage.run(workflows.bails, "bail")

    assert (result.status, result.result) == ("completed", {"result": "bailed"})
    assert result.steps["A"].status == "completed"
    assert result.steps["A"].output == {"result": "bailed"}
    assert "B" not in result.steps
    assert stage.counts(result) == {"A": 1}


@scenario(274, "a step that bails ends the run as completed with what it bailed with")
def test_a_step_that_does_not_bail_goes_on(stage: Stage) -> None:
    result = stage.run(workflows.bails, "go on")

    assert (result.status, result.result) == ("completed", {"result": "go on"})
    assert stage.counts(result) == {"A": 1, "B": 1}
