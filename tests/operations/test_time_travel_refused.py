"""Where nobody can travel nothing changes; and travelling on to another version."""

# ruff: noqa: F811 (a fixture is imported, then asked for by its name)
from __future__ import annotations

from typing import Any

import pytest

from executions_app.errors import (
    ExecutionNotFound,
    ExecutionRunning,
    InputInvalid,
    NotApplicable,
    UnknownStep,
    VersionDiffers,
)
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.time_travel import time_travel
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from tests.operations.travelling import calls, nested, row  # noqa: F401
from workflows_app.authoring import create_step, create_workflow
from workflows_app.operations.sync_registry import ensure_published

pytestmark = pytest.mark.django_db(transaction=True)


def _everything(run_id: str) -> tuple[Any, ...]:
    return (
        Execution.objects.filter(pk=run_id).values().get(),
        list(StepRun.objects.filter(execution_id=run_id).order_by("pk").values()),
        list(Event.objects.filter(execution_id=run_id).order_by("seq").values()),
    )


def test_what_is_refused_changes_nothing(calls: Calls) -> None:
    def typed(value: int) -> int:
        return value

    workflow = (
        create_workflow(id="travel-refused")
        .then(calls.step("a"))
        .then(create_step(id="typed", execute=typed))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        before = _everything(run.id)

        for refused, options in [
            (UnknownStep, {"step": "nowhere"}),
            (UnknownStep, {"step": ""}),
            (UnknownStep, {"step": None}),
            (UnknownStep, {"step": "a", "context": {"nowhere": 1}}),
            (InputInvalid, {"step": "typed", "input_data": "x"}),
            (InputInvalid, {"step": "a", "initial_state": [1]}),
            (InputInvalid, {"step": "a", "input_data": object()}),
        ]:
            with pytest.raises(refused):
                run.time_travel(**options)

    assert _everything(run.id) == before


def test_what_is_at_work_is_left_alone(calls: Calls) -> None:
    workflow = create_workflow(id="travel-running").then(calls.step("a")).sleep(60).commit()
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        with pytest.raises(ExecutionRunning, match="still running"):
            run.time_travel("a")
        engine.run_until_idle()
        with pytest.raises(ExecutionRunning, match="waiting"):
            run.time_travel("a")


def test_what_was_never_started_needs_a_context(calls: Calls) -> None:
    with pytest.raises(ExecutionNotFound):
        row(calls, "travel-nothing").create_run().time_travel("b")


def test_a_nested_execution_does_not_travel_by_itself(calls: Calls) -> None:
    with in_memory():
        run = nested(calls, "travel-alone").create_run()
        run.start(input_data=1)
        inner = Execution.objects.get(parent_id=run.id)

        with pytest.raises(NotApplicable, match="travel in the one around it"):
            time_travel(inner.pk, step="i1")


def _publish_again(calls: Calls, *steps: str) -> None:
    workflow = create_workflow(id="travel-version")
    for step in steps:
        workflow = workflow.then(calls.step(step))
    ensure_published(workflow.commit())


def test_it_goes_on_with_the_published_version(calls: Calls) -> None:
    with in_memory() as engine:
        run = row(calls, "travel-version", b=9).create_run()
        run.start(input_data=1)
        _publish_again(calls, "a", "b", "x", "c")

        time_travel(run.id, step="b", version="latest")
        engine.run_until_idle()
        check_laws(run.id)
        again = time_travel(run.id, step="x")
        engine.run_until_idle()

    again.refresh_from_db()
    assert (again.status, again.output) == ("completed", 5)
    assert calls.counts == {"a": 1, "b": 2, "x": 2, "c": 2}
    assert set(StepRun.objects.values_list("version_id", flat=True)) == {again.version_id}
    check_laws(run.id)


def test_a_version_without_what_is_kept_is_refused(calls: Calls) -> None:
    with in_memory():
        run = row(calls, "travel-version", c=9).create_run()
        run.start(input_data=1)
        before = _everything(run.id)
        _publish_again(calls, "other", "b", "c")

        with pytest.raises(VersionDiffers, match="'a' no more"):
            time_travel(run.id, step="c", version="latest")

    assert _everything(run.id) == before
    check_laws(run.id)
