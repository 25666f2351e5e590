"""``executions/stats/`` and ``workflows/{id}/step-stats/``: figures that are right."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from executions_app.api.execution_stats import StatsShape
from executions_app.api.stats_examples import STATS, STEP_STATS
from executions_app.api.step_stats import StepStatsShape
from executions_app.models import Execution, StepRun
from executions_app.operations import execution_figures, step_figures
from tests.api.execution_clients import a_workflow, client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADDRESS = "/api/executions/stats/"


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


def stats(user: User, **query: Any) -> dict[str, Any]:
    around = {"created_after": "2026-05-02T00:00:00Z", "created_before": "2026-05-05T00:00:00Z"}
    answer = client_of(user).get(ADDRESS, around | query)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def ran(owner: User | None, seconds: float, **fields: Any) -> Execution:
    """Return an execution that took so long."""
    at = fields.setdefault("created_at", NOON)
    return an_execution(
        owner,
        **{
            "status": "completed",
            "started_at": at + timedelta(seconds=1),
            "ended_at": at + timedelta(seconds=1 + seconds),
            **fields,
        },
    )


def test_nothing_is_counted_as_nothing(ada: User) -> None:
    found = stats(ada)

    assert found == {
        "created_after": "2026-05-02T00:00:00Z",
        "created_before": "2026-05-05T00:00:00Z",
        "total": 0,
        "by_status": dict.fromkeys(STATS["by_status"], 0),
        "success_rate": None,
        "p50_seconds": None,
        "p95_seconds": None,
        "running": 0,
        "days": found["days"],
        "limit": 100_000,
        "limit_reached": False,
        "counted_from": None,
    }
    assert [day["day"] for day in found["days"]] == ["2026-05-02", "2026-05-03", "2026-05-04"]
    assert set(found["days"][0]) == set(STATS["days"][0])
    assert {day["total"] for day in found["days"]} == {0}
    assert set(StatsShape().fields) == set(STATS)


def test_executions_are_counted_by_status_and_day(ada: User) -> None:
    ran(ada, 1.0)
    ran(ada, 2.25)
    ran(ada, 10.0, status="failed", created_at=NOON - timedelta(days=1))
    ran(ada, 99.0, status="cancelled")
    an_execution(ada, created_at=NOON, status="suspended")

    found = stats(ada)

    assert found["total"] == 5
    assert {name: n for name, n in found["by_status"].items() if n} == {
        "completed": 2,
        "failed": 1,
        "cancelled": 1,
        "suspended": 1,
    }
    assert found["success_rate"] == 0.6667
    assert (found["p50_seconds"], found["p95_seconds"]) == (2.25, 10.0)
    assert found["running"] == 1
    assert found["days"][1:] == [
        {
            "day": "2026-05-03",
            "total": 1,
            "completed": 0,
            "failed": 1,
            "cancelled": 0,
            "p50_seconds": 10.0,
            "p95_seconds": 10.0,
        },
        {
            "day": "2026-05-04",
            "total": 4,
            "completed": 2,
            "failed": 0,
            "cancelled": 1,
            "p50_seconds": 1.0,
            "p95_seconds": 2.25,
        },
    ]


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 40, 101])
def test_percentiles_are_durations_by_nearest_rank(ada: User, count: int) -> None:
    chance = random.Random(count)
    took = [round(chance.expovariate(1 / 30), 3) for _ in range(count)]
    first = ran(ada, took[0])
    Execution.objects.bulk_create(
        [
            Execution(
                workflow_id=first.workflow_id,
                version_id=first.version_id,
                owner=ada,
                status="completed",
                created_at=NOON,
                started_at=NOON,
                ended_at=NOON + timedelta(seconds=seconds),
            )
            for seconds in took[1:]
        ]
    )

    found = stats(ada)

    ordered = sorted(took)
    expected = [ordered[ceil(count * part) - 1] for part in (0.5, 0.95)]
    assert [found["p50_seconds"], found["p95_seconds"]] == pytest.approx(expected, abs=0.0011)


def test_days_begin_at_midnight_by_utc(ada: User) -> None:
    for moment in ("2026-05-03T23:59:59.999999+00:00", "2026-05-04T01:00:00+02:00"):
        ran(ada, 1, created_at=datetime.fromisoformat(moment))
    ran(ada, 1, created_at=datetime(2026, 5, 4, tzinfo=UTC))

    totals = {day["day"]: day["total"] for day in stats(ada)["days"]}

    assert totals == {"2026-05-02": 0, "2026-05-03": 2, "2026-05-04": 1}


def test_figures_take_the_filters_of_the_list(ada: User) -> None:
    one = ran(ada, 1, trigger="cli", workflow_name="Ship it")
    ran(ada, 1, status="failed")
    ran(ada, 1, root=one, parent=one, trigger="nested")

    assert stats(ada)["total"] == 2
    assert stats(ada, workflow=one.workflow_id, trigger="cli,api")["total"] == 1
    assert stats(ada, status="failed,cancelled")["by_status"]["failed"] == 1
    assert stats(ada, status="failed,cancelled")["total"] == 1
    assert stats(ada, q="ship")["total"] == 1
    assert stats(ada, parent=one.pk)["total"] == 1


def test_without_a_time_the_last_two_weeks_count_and_what_still_runs(ada: User) -> None:
    now = timezone.now()
    an_execution(ada, created_at=now - timedelta(days=13), status="running")
    an_execution(ada, created_at=now - timedelta(days=15), status="waiting")
    ran(ada, 1, created_at=now - timedelta(days=15))

    found = client_of(ada).get(ADDRESS).json()

    assert (found["total"], found["running"]) == (1, 2)
    assert len(found["days"]) == 15
    assert found["days"][-1]["day"] == now.date().isoformat()


def test_nobody_counts_what_others_ran(ada: User) -> None:
    ran(a_user(), 1)
    ran(None, 1)

    assert stats(ada)["total"] == 0
    assert stats(a_user(is_staff=True))["total"] == 1
    assert stats(a_user(is_superuser=True))["total"] == 2


def test_beyond_the_limit_only_the_newest_count_and_the_answer_says_so(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution_figures, "LIMIT", 3)
    for hour in range(3):
        ran(ada, 1, created_at=NOON + timedelta(hours=hour))
    whole = stats(ada)
    ran(ada, 9, created_at=NOON - timedelta(days=1))

    cut = stats(ada)

    assert (whole["limit_reached"], whole["counted_from"]) == (False, None)
    assert (cut["limit_reached"], cut["counted_from"]) == (True, "2026-05-04T12:00:00Z")
    assert (cut["total"], cut["p95_seconds"]) == (3, 1.0)
    assert [day["day"] for day in cut["days"]] == ["2026-05-04"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("created_after=2020-01-01", "query.invalid"),
        ("created_before=2020-01-01&created_after=2018-12-30", "query.invalid"),
        ("status=done", "query.invalid"),
        ("page_size=5", "query.unknown_filter"),
        ("days=14", "query.unknown_filter"),
    ],
)
def test_other_questions_are_refused(ada: User, query: str, code: str) -> None:
    answer = client_of(ada).get(f"{ADDRESS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_time_that_ends_before_it_begins_has_nothing(ada: User) -> None:
    found = stats(ada, created_after="2026-05-06T00:00:00Z")

    assert (found["total"], found["days"]) == (0, [])


def test_days_are_those_of_the_longest_time_at_most(ada: User) -> None:
    found = stats(ada, created_after="2025-05-04T00:00:00Z")

    assert len(found["days"]) == 366
    assert found["days"][0]["day"] == date(2025, 5, 4).isoformat()


# -- steps -----------------------------------------------------------------------------------------


def a_run(execution: Execution, key: str, *, position: int = 0, **fields: Any) -> StepRun:
    """Return a run that waited a second and took two, unless ``fields`` say otherwise."""
    times = {
        "scheduled_at": NOON,
        "started_at": NOON + timedelta(seconds=1),
        "ended_at": NOON + timedelta(seconds=3),
    }
    return StepRun.objects.create(
        execution=execution,
        version_id=execution.version_id,
        root_id=execution.pk,
        node_id=key,
        position=position,
        **{"name": key.title(), "kind": "tool", "status": "completed", **times, **fields},
    )


def step_stats(user: User, workflow_id: str, **query: Any) -> dict[str, Any]:
    answer = client_of(user).get(f"/api/workflows/{workflow_id}/step-stats/", query)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def execution(ada: User) -> Execution:
    workflow = a_workflow(ada)
    return Execution.objects.create(
        workflow=workflow,
        version_id=workflow.published_id,
        owner=ada,
        created_at=NOON,
        status="completed",
        begun=3,
    )


def test_each_step_is_told_once_with_all_its_rounds(ada: User, execution: Execution) -> None:
    a_run(execution, "call", position=1, name="Call them")
    for number, seconds in enumerate((5, 3)):
        ended = NOON + timedelta(seconds=1 + seconds)
        a_run(execution, f"inner[{number}]", position=2, ended_at=ended, name="Inner")
    a_run(execution, "inner[2]", position=2, status="failed", name="Inner")
    a_run(execution, "inner[3]", position=2, status="scheduled", started_at=None, ended_at=None)
    a_run(execution, "plumbing", position=3, internal=True)
    a_run(execution, "unreached", position=4, status="pending")

    found = step_stats(ada, execution.workflow_id)

    assert (found["workflow"], found["version"]) == (execution.workflow_id, 1)
    assert (found["executions"], found["limit_reached"]) == (1, False)
    assert [step["step_id"] for step in found["steps"]] == ["call", "inner"]
    assert found["steps"][1] == {
        "step_id": "inner",
        "step_name": "Inner",
        "kind": "tool",
        "count": 4,
        "completed": 2,
        "failed": 1,
        "p50_run_seconds": 3.0,
        "p95_run_seconds": 5.0,
        "p50_queue_seconds": 1.0,
        "p95_queue_seconds": 1.0,
    }
    assert set(found) == set(STEP_STATS) == set(StepStatsShape().fields)
    assert set(found["steps"][0]) == set(STEP_STATS["steps"][0])


def test_only_the_last_executions_of_the_version_count(
    ada: User, execution: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run(execution, "call")
    for hour in (1, 2):
        copy = Execution.objects.get(pk=execution.pk)
        copy.pk, copy.created_at = f"later-{hour}", NOON + timedelta(hours=hour)
        copy.save(force_insert=True)
        a_run(copy, "call", status="failed")

    last = step_stats(ada, execution.workflow_id, last=2)
    monkeypatch.setattr(step_figures, "MAX_RUNS", 8)
    cut = step_stats(ada, execution.workflow_id, last=3)

    assert (last["executions"], last["limit_reached"]) == (2, False)
    assert (last["steps"][0]["count"], last["steps"][0]["failed"]) == (2, 2)
    assert (cut["executions"], cut["limit_reached"]) == (2, True)


def test_figures_of_steps_are_of_what_the_caller_may_see(ada: User, execution: Execution) -> None:
    a_run(execution, "call")
    stranger = client_of(a_user())
    root = a_user(is_superuser=True)

    foreign = stranger.get(f"/api/workflows/{execution.workflow_id}/step-stats/")
    unknown = client_of(ada).get(f"/api/workflows/{execution.workflow_id}/step-stats/?version=2")

    assert (foreign.status_code, foreign.json()["code"]) == (404, "workflow.not_found")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "version.not_found")
    assert step_stats(root, execution.workflow_id)["executions"] == 1
    Execution.objects.update(owner=root)
    assert step_stats(ada, execution.workflow_id)["steps"] == []


def test_a_workflow_that_never_compiled_has_no_figures(ada: User) -> None:
    workflow = a_workflow(ada)
    workflow.published = None
    workflow.save(update_fields=["published"])

    assert step_stats(ada, workflow.pk) == {
        "workflow": workflow.pk,
        "version": None,
        "executions": 0,
        "limit_reached": False,
        "steps": [],
    }
