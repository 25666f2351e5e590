"""A new execution that begins in the middle, with what an earlier one had come to."""

from __future__ import annotations

import pytest

from executions_app.errors import StepNotApplicable
from executions_app.models import Execution
from executions_app.operations.rerun import rerun_execution
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_it_begins_at_the_step_and_leaves_the_earlier_one_as_it_is(calls: Calls) -> None:
    workflow = (
        create_workflow(id="from-row")
        .then(calls.step("a"))
        .foreach(calls.step("item"), id="each")
        .then(calls.step("z", execute=sum))
        .commit()
    )
    workflow = (
        create_workflow(id="from-row-2")
        .then(calls.step("a"))
        .then(calls.step("b"))
        .then(calls.step("c"))
        .commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        before = run.start(input_data=1)

        again = rerun_execution(Execution.objects.get(pk=run.id), from_step="c")
        engine.run_until_idle()

    again.refresh_from_db()
    assert (again.status, again.output, again.rerun_of_id) == ("completed", 4, run.id)
    assert calls.counts == {"a": 1, "b": 1, "c": 2}
    assert run.get_result() == before
    check_laws(run.id)
    check_laws(again.pk)


def test_it_begins_inside_a_nested_workflow(calls: Calls) -> None:
    inner = create_workflow(id="from-w").then(calls.step("i1")).then(calls.step("i2")).commit()
    workflow = create_workflow(id="from-outer").then(calls.step("a")).then(inner).commit()
    with in_memory() as engine:
        run = workflow.create_run()
        run.start(input_data=1)

        again = rerun_execution(Execution.objects.get(pk=run.id), from_step="from-w.i2")
        engine.run_until_idle()

    again.refresh_from_db()
    assert again.output == 4
    assert calls.counts == {"a": 1, "i1": 1, "i2": 2}
    check_laws(again.pk)


def test_it_does_not_begin_after_what_was_never_reached(calls: Calls) -> None:
    workflow = (
        create_workflow(id="from-far")
        .then(calls.step("a", failing=1))
        .then(calls.step("b"))
        .then(calls.step("c"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        with pytest.raises(StepNotApplicable, match="a, b"):
            rerun_execution(Execution.objects.get(pk=run.id), from_step="c")

    assert Execution.objects.count() == 1
