"""Section X: workflows that start by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.sync_schedules import row_id, sync_schedules
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import x_schedules as workflows
from workflows_app.authoring import Schedule as Rule
from workflows_app.authoring import Workflow, WorkflowError, create_workflow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]


def scheduled(workflow: Workflow) -> Schedule:
    """Return the schedule of ``workflow``, written as a deployment writes it, and no other."""
    sync_schedules()
    Schedule.objects.exclude(workflow_id=workflow.id).delete()
    return Schedule.objects.get(pk=row_id(workflow.id, None))


def next_slot(schedule: Schedule) -> datetime:
    schedule.refresh_from_db()
    assert schedule.next_slot_at is not None
    return schedule.next_slot_at


def pass_time(stage: Stage, until: datetime) -> None:
    """Let the clock go past ``until``."""
    if stage.engine is not None:
        stage.engine.advance(until - stage.engine.now + timedelta(seconds=1))
    else:
        stage.wait_until(lambda: stage.now() > until, what=f"{until}")


@scenario(397, "a slot starts a run with the schedule's input, state and context, under its id")
def test_a_slot_starts_a_run(stage: Stage) -> None:
    schedule = scheduled(workflows.report)
    slot = next_slot(schedule)

    fired = fire_schedules(now=slot)

    run_id = f"sched_{schedule.pk}_{int(slot.timestamp() * 1000)}"
    run = workflows.report.create_run(run_id)
    result = stage.end_of(run)
    assert (fired, schedule.pk) == (1, "wf_x-report")
    assert (slot.month, slot.day, slot.hour) == (1, 1, 8)  # nine o'clock in Berlin
    assert result.result == {"input": {"kind": "yearly"}, "state": {"seen": 0}, "tenant": "T1"}
    assert Execution.objects.get(pk=run_id).trigger == "schedule"
    (told,) = stage.events(run, "execution_started")
    assert told["trigger"] == "schedule"
    assert ScheduleFire.objects.get().execution_id == run_id


@scenario(398, "two clocks, one slot that is due: one run")
def test_two_clocks_start_one_run(stage: Stage) -> None:
    schedule = scheduled(workflows.report)
    slot = next_slot(schedule)
    barrier = threading.Barrier(2)
    fired: list[int] = []

    def tick() -> None:
        barrier.wait()
        try:
            fired.append(fire_schedules(now=slot))
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()

    (execution,) = Execution.objects.all()
    assert sorted(fired) == [0, 1]
    run = workflows.report.create_run(execution.pk)
    assert stage.end_of(run).status == "completed"
    assert stage.counts(run) == {"report": 1}


@pytest.mark.parametrize(
    ("made", "named"),
    [
        pytest.param(lambda: Rule(cron="61 * * * *"), "cron", id="cron"),
        pytest.param(lambda: Rule(cron="* * *"), "cron", id="fields"),
        pytest.param(
            lambda: Rule(cron="0 9 * * *", timezone="Mars/Base"), "Mars/Base", id="timezone"
        ),
        pytest.param(
            lambda: create_workflow(
                id="x-twice",
                schedule=[Rule(cron="0 9 * * *", id="one"), Rule(interval=60, id="one")],
            ),
            "'one'",
            id="ids",
        ),
    ],
)
@scenario(399, "a wrong cron text, time zone or id is an error where it is written")
def test_a_wrong_schedule_is_refused(stage: Stage, made: Callable[[], Any], named: str) -> None:
    with pytest.raises(WorkflowError, match=named):
        made()


@scenario(400, "paused: nothing is fired; resumed: the next regular slot and none of the missed")
def test_a_pause_is_not_made_up_for(stage: Stage) -> None:
    schedule = scheduled(workflows.often)
    missed = next_slot(schedule)

    pause_schedule(schedule.pk)
    pause_schedule(schedule.pk)
    pass_time(stage, missed + timedelta(seconds=1))
    sync_schedules()
    while_paused = fire_schedules(now=stage.now())
    resumed_at = stage.now()
    resume_schedule(schedule.pk)
    slot = next_slot(schedule)
    resume_schedule(schedule.pk)
    again = next_slot(schedule)
    pass_time(stage, slot)
    fired = fire_schedules(now=slot)

    assert while_paused == 0
    assert slot == again
    assert resumed_at - timedelta(seconds=1) < slot <= resumed_at + timedelta(seconds=2)
    assert slot > missed
    assert fired == 1
    (execution,) = Execution.objects.all()
    assert stage.end_of(workflows.often.create_run(execution.pk)).status == "completed"
