"""Executions that wait for each other, among real workers, of which some die."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.conf import settings

from executions_app.models import Execution
from tests.live.running import Stage, node, row_of, status_of
from tests.live.workers import Crew, wait_until
from tests.published import published

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

RECOVERY_SECONDS = settings.LEASE_SECONDS + settings.RESCUE_SECONDS + 30.0


def _one_after_another(executions: list[Execution]) -> bool:
    """Return whether each began when the one before it had ended."""
    rows = Execution.objects.filter(pk__in=[it.pk for it in executions]).order_by("started_at")
    times = list(rows.values_list("started_at", "ended_at"))
    return all(ended <= began for (_, ended), (began, _) in pairwise(times))


def test_a_place_stays_with_an_execution_that_lost_its_worker(stage: Stage, crew: Crew) -> None:
    workflow = published([node("a", "slow")], concurrency={"limit": 1})
    executions = [stage.start(workflow) for _ in range(4)]
    stage.wait_for_start("a")

    holder, _, _ = row_of(executions[0], "a").claimed_by.partition("/")
    crew.holding(holder).kill()
    crew.hire(2)
    wait_until(lambda: row_of(executions[0], "a").deaths, what="the loss to be seen")
    waiting = [status_of(execution) for execution in executions[1:]]
    stage.go("a")

    assert waiting == ["pending"] * 3
    for execution in executions:
        assert stage.end_of(execution, seconds=RECOVERY_SECONDS).status == "completed"
    assert _one_after_another(executions)


def test_a_rescuer_lets_those_begin_whom_a_start_rate_held_back(stage: Stage, crew: Crew) -> None:
    workflow = published([node("a")], start_rate={"limit": 1, "per": 0.5})

    executions = [stage.start(workflow) for _ in range(4)]

    for execution in executions:
        assert stage.end_of(execution).status == "completed"
    rows = Execution.objects.order_by("started_at").values_list("started_at", flat=True)
    assert all((later - at).total_seconds() >= 0.5 for at, later in pairwise(rows))
