"""The stage itself: who runs bodies, and whether a broken law is seen."""

from __future__ import annotations

import os

import pytest

from executions_app.models import StepRun
from tests.semantics.stage import Stage
from tests.semantics.workflows import a_basic as workflows

pytestmark = pytest.mark.django_db(transaction=True)


def test_bodies_run_here_in_memory_and_elsewhere_on_workers(stage: Stage) -> None:
    result = stage.run(workflows.three)

    processes = {call.process for call in stage.calls(result)}
    assert (processes == {os.getpid()}) is stage.is_memory
    assert (os.getpid() in processes) is stage.is_memory


def test_the_diary_tells_runs_apart(stage: Stage) -> None:
    first, second = (stage.run(workflows.echo, number) for number in range(2))

    assert [call.input for call in stage.calls(first)] == [0]
    assert [call.input for call in stage.calls(second)] == [1]


def test_rows_that_differ_from_the_log_are_seen(stage: Stage) -> None:
    result = stage.run(workflows.single)
    rows = StepRun.objects.filter(execution_id=result.execution_id)
    rows.update(status="failed")

    with pytest.raises(AssertionError, match="the log says"):
        stage.check_laws()

    rows.update(status="completed")
