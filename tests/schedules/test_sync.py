"""Schedules that code defines: rows in step with the code, which keep what people did."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.signals import post_migrate

from executions_app import database, startup
from executions_app.models import Schedule
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.pause_schedule import pause_schedule
from executions_app.operations.set_schedule import (
    ScheduleReadOnly,
    change_schedule,
    delete_schedule,
)
from executions_app.operations.sync_schedules import row_id, sync_schedules
from tests.schedules.rows import MINUTE, NOON, a_schedule, executions, lasting
from workflows_app.authoring import create_step, create_workflow
from workflows_app.authoring.registry import RegistryProblem, registry
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft
from workflows_app.operations.sync_registry import sync_registry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_what_a_test_defines() -> Iterator[None]:
    tables = (registry.workflows, registry.compiled, registry._steps, registry._origins)
    kept, problems = [dict(table) for table in tables], list(registry.problems)
    registry.workflows.clear()
    yield
    for table, before in zip(tables, kept, strict=True):
        table.clear()
        table.update(before)  # type: ignore[arg-type]
    registry.problems[:] = problems


def define(workflow_id: str, *schedules: Rule) -> Workflow:
    """Let code define a workflow with ``schedules``; its row is there already."""
    registry.workflows[workflow_id] = SimpleNamespace(schedules=schedules)  # type: ignore[assignment]
    row = Workflow.objects.filter(pk=workflow_id).first()
    if row is None:
        row = create_draft(definition=lasting(), owner=None, workflow_id=workflow_id)
        Workflow.objects.filter(pk=workflow_id).update(source=Workflow.Source.PYTHON)
    return row


def rows() -> dict[str, Schedule]:
    return {row.pk: row for row in Schedule.objects.all()}


def test_each_schedule_of_a_workflow_is_a_row_with_an_id_made_of_both() -> None:
    define("report", Rule(cron="0 9 * * *", timezone="Asia/Kolkata", input_data={"a": 1}))
    define("sweep", Rule(interval=60, id="often"), Rule(interval=3600, id="seldom"))

    changed = sync_schedules()

    assert sorted(changed) == sorted(rows())
    assert sorted(rows()) == ["wf_report", "wf_sweep__often", "wf_sweep__seldom"]
    row = rows()["wf_report"]
    assert (row.cron, row.timezone, row.input) == ("0 9 * * *", "Asia/Kolkata", {"a": 1})
    assert (row.source, row.owner) == ("python", None)
    assert row.next_slot_at is not None
    assert row.next_slot_at > database.now()


def test_a_workflow_says_its_schedules_where_it_is_written() -> None:
    step = create_step(id="sync-say", execute=lambda value: value)
    create_workflow(id="written", schedule=Rule(interval=60, overlap="allow")).then(step).commit()

    sync_registry()
    changed = sync_schedules()

    assert changed == ["wf_written"]
    assert rows()["wf_written"].overlap == "allow"


def test_nothing_changes_where_code_did_not() -> None:
    define("report", Rule(cron="0 9 * * *"))
    sync_schedules()
    before = Schedule.objects.values().get()

    changed = sync_schedules()

    assert changed == []
    assert Schedule.objects.values().get() == before


def test_another_timing_is_counted_anew_and_another_input_only_written() -> None:
    define("report", Rule(cron="0 9 * * *"))
    sync_schedules()
    Schedule.objects.update(next_slot_at=NOON, next_fire_at=NOON)

    define("report", Rule(cron="0 9 * * *", input_data=5))
    patched = (sync_schedules(), Schedule.objects.get().next_slot_at)
    define("report", Rule(cron="0 9 * * *", input_data=5, timezone="Asia/Kolkata"))
    recounted = (sync_schedules(), Schedule.objects.get().next_slot_at)

    assert patched == (["wf_report"], NOON)
    assert Schedule.objects.get().input == 5
    assert recounted[0] == ["wf_report"]
    assert recounted[1] is not None
    assert recounted[1] > database.now()


def test_a_pause_outlives_every_redeploy() -> None:
    define("report", Rule(cron="0 9 * * *"))
    sync_schedules()
    pause_schedule("wf_report", by="ada")

    define("report", Rule(cron="0 10 * * *"))
    sync_schedules()

    row = rows()["wf_report"]
    assert (row.cron, row.paused_by) == ("0 10 * * *", "ada")
    assert row.paused_at is not None


def test_what_code_gave_up_is_deleted() -> None:
    define("sweep", Rule(interval=60, id="often"), Rule(interval=3600, id="seldom"))
    define("report", Rule(cron="0 9 * * *"))
    sync_schedules()

    define("sweep", Rule(interval=60, id="often"))
    del registry.workflows["report"]
    changed = sync_schedules()

    assert sorted(changed) == ["wf_report", "wf_sweep__seldom"]
    assert list(rows()) == ["wf_sweep__often"]


def test_a_module_that_broke_keeps_its_schedules() -> None:
    define("report", Rule(cron="0 9 * * *"))
    sync_schedules()

    del registry.workflows["report"]
    registry.problems.append(RegistryProblem(code="module.broken", module="m", message="x"))
    changed = sync_schedules()

    assert (changed, list(rows())) == ([], ["wf_report"])


def test_schedules_of_users_are_left_alone() -> None:
    mine = a_schedule()

    assert sync_schedules() == []

    assert list(rows()) == [mine.pk]


def test_a_workflow_without_schedules_in_an_older_release_is_no_problem() -> None:
    define("old")
    registry.workflows["old"] = SimpleNamespace()  # type: ignore[assignment]

    assert sync_schedules() == []


@pytest.mark.parametrize(
    "bad",
    [
        (Rule(interval=60, id="x"), Rule(interval=60, id="x")),
        (Rule(interval=60, input_data=object()),),
    ],
    ids=["two of one id", "no JSON"],
)
def test_what_cannot_be_written_keeps_no_other_out(bad: tuple[Rule, ...], caplog: Any) -> None:
    define("bad", *bad)
    define("good", Rule(interval=60))

    changed = sync_schedules()

    assert changed == ["wf_good"]
    assert "bad" in {getattr(record, "workflow_id", "") for record in caplog.records}


def test_two_workflows_cannot_take_one_id(caplog: Any) -> None:
    define("a", Rule(interval=60, id="b"))
    define("a__b", Rule(interval=3600))

    sync_schedules()

    assert {pk: row.workflow_id for pk, row in rows().items()} == {"wf_a__b": "a"}
    assert "belongs to workflow 'a'" in caplog.text


def test_a_long_id_is_cut_and_stays_its_own() -> None:
    ids = {row_id("w" * 200, name) for name in (None, "a", "b")} | {row_id("w" * 199, "a")}

    assert len(ids) == 4
    assert {len(made) for made in ids} == {170}


def test_it_fires_for_nobody_and_is_read_only() -> None:
    define("report", Rule(interval=60))
    sync_schedules()
    Schedule.objects.update(next_slot_at=NOON, next_fire_at=NOON)

    fire_schedules(NOON + MINUTE / 60)

    (execution,) = executions(rows()["wf_report"])
    assert (execution.owner, execution.workflow_id) == (None, "report")
    for change in (
        lambda: change_schedule("wf_report", Rule(interval=5)),
        lambda: delete_schedule("wf_report"),
    ):
        with pytest.raises(ScheduleReadOnly):
            change()


def test_migrating_and_the_start_of_a_worker_bring_them_in() -> None:
    define("report", Rule(interval=60))
    startup.sync(sender=None)
    by_worker = list(rows())
    Schedule.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert (by_worker, list(rows())) == (["wf_report"], ["wf_report"])
    assert post_migrate.has_listeners()
