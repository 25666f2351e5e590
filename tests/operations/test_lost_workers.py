"""Workers that are lost, late or slow: what a second look at the row must find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from executions_app import dispatch
from executions_app.dispatch import Due
from executions_app.engine.outcomes import Succeeded
from executions_app.models import Event, StepRun
from executions_app.operations.audit import differences
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.record_attempt import announce, record_outcome
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun() -> list[str]:
    """The executions whose body was called."""
    return []


@pytest.fixture
def started(begun: list[str], monkeypatch: pytest.MonkeyPatch) -> StepRun:
    """A step that waits for a worker; messages go nowhere."""
    monkeypatch.setattr(dispatch, "send", lambda due: None)

    def body(ctx: object) -> str:
        begun.append("once")
        return "done"

    workflow = create_workflow(id="lost-workers").then(create_step(body, id="only")).commit()
    run = workflow.create_run()
    run.start_async(input_data={})
    return StepRun.objects.get(execution_id=run.id)


def claimed(row: StepRun) -> Claim:
    claim = claim_attempt(row.pk, row.attempt)
    assert claim is not None
    return claim


def let_the_lease_run_out(row: StepRun) -> None:
    StepRun.objects.filter(pk=row.pk).update(wake_at=timezone.now() - timedelta(seconds=1))


def types_in_the_log(row: StepRun) -> list[str]:
    events = Event.objects.filter(execution_id=row.execution_id).order_by("seq")
    return list(events.values_list("type", flat=True))


def test_a_step_that_was_announced_is_not_started_again_by_its_outcome(started: StepRun) -> None:
    claim = claimed(started)
    announce(claim)

    assert record_outcome(claim, Attempt(outcome=Succeeded(output=1)))

    assert types_in_the_log(started).count("step_started") == 1
    assert differences(started.execution_id) == []


def test_a_body_whose_worker_was_lost_is_not_begun_again_after_a_cancel(
    started: StepRun, begun: list[str]
) -> None:
    claimed(started)
    cancel_execution(started.execution_id)
    let_the_lease_run_out(started)
    rescue()

    execute_attempt(started.pk, started.attempt)

    assert begun == []
    assert types_in_the_log(started)[-1] == "execution_cancelled"
    assert differences(started.execution_id) == []


def test_a_loss_that_is_told_after_the_end_leaves_the_log_as_it_ended(
    started: StepRun, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(due: Sequence[Due]) -> None:
        for item in due:
            execute_attempt(item.step_run_id, item.attempt)

    claimed(started)
    let_the_lease_run_out(started)
    monkeypatch.setattr(dispatch, "send", at_once)

    rescue()

    assert begun == ["once"]
    assert types_in_the_log(started)[-1] == "execution_completed"
    assert differences(started.execution_id) == []
