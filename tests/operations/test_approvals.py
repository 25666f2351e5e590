"""What people are asked follows the life of the run that asks."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Approval
from executions_app.operations.audit import differences, orphans
from executions_app.operations.cancel import cancel_execution
from tests.api.asking import in_this_process
from workflows_app.authoring import Workflow, create_step, create_workflow

pytestmark = pytest.mark.django_db


def asking(workflow_id: str, **options: Any) -> Workflow:
    return create_workflow(id=workflow_id).approval("ok", title="Go on?", **options).commit()


def status_of_the_question() -> str:
    return Approval.objects.get().status


def check(run: Any) -> None:
    assert differences(run.id) == []
    assert not list(orphans())


@pytest.mark.parametrize("on_deadline", ["fail", "skip", "approve", "reject"])
def test_a_question_whose_deadline_passes_expires(on_deadline: Any) -> None:
    workflow = asking(f"expiring-{on_deadline}", deadline=60, on_deadline=on_deadline)
    with in_this_process() as engine:
        run = workflow.create_run()
        run.start(input_data={})
        before = status_of_the_question()

        engine.advance(61)

        assert (before, status_of_the_question()) == ("open", "expired")
        assert run.status == ("failed" if on_deadline == "fail" else "completed")
        check(run)


def test_a_question_of_a_cancelled_execution_is_withdrawn() -> None:
    with in_this_process():
        run = asking("cancelled-question").create_run()
        run.start(input_data={})

        cancel_execution(run.id)

        assert status_of_the_question() == "withdrawn"
        check(run)


def test_a_question_that_no_answer_can_help_is_withdrawn() -> None:
    def refuse(value: Any) -> Any:
        raise ValueError("no")

    inner = asking("doomed-inner")
    workflow = (
        create_workflow(id="doomed-question")
        .parallel([inner, create_step(id="refuse", execute=refuse)])
        .commit()
    )
    with in_this_process():
        run = workflow.create_run()
        run.start(input_data={})
        check(run)

        assert (run.status, status_of_the_question()) == ("failed", "withdrawn")
