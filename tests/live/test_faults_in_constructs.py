"""Workers are killed again and again while containers, waits and nested executions are at work."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings

from executions_app.models import Event, Execution, StepRun
from executions_app.operations.resume import resume_execution
from executions_app.operations.send_event import send_event
from tests.live.running import Stage, node, status_of
from tests.live.workers import Crew, wait_until
from tests.published import published

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

ITEMS = 12
ROUNDS = 5
KILLS = 4
RECOVERY_SECONDS = (settings.LEASE_SECONDS + settings.RESCUE_SECONDS + 6.0) * KILLS


def everything() -> Any:
    """Return a workflow with every kind of container and wait around the plainest step."""
    work = {"nodes": [node("work", "same"), {"id": "nap", "type": "sleep", "seconds": 0.1}]}
    nested = published([node("inside", "same"), node("inside_too", "same")])
    nodes = [
        {
            "id": "each",
            "type": "foreach",
            "items": {"value": list(range(ITEMS))},
            "concurrency": 3,
            "body": work | {"edges": [["work", "nap"]]},
        },
        {
            "id": "again",
            "type": "loop",
            "until": f"iteration >= {ROUNDS}",
            "body": {"nodes": [node("round", "same")], "edges": []},
        },
        {
            "id": "either",
            "type": "branch",
            "cases": [
                {"id": "yes", "when": "size(input) > 0", "body": {"nodes": [node("arm", "same")]}},
                {"id": "no", "when": "false", "body": {"nodes": [node("other", "same")]}},
            ],
        },
        {"id": "within", "type": "workflow", "workflow": nested.pk},
        {"id": "go", "type": "wait_for_event", "event": "go"},
        {"id": "may", "type": "approval", "title": "May it?"},
    ]
    ids = [item["id"] for item in nodes]
    return published(nodes, list(pairwise(ids)))


def recorded(execution: Execution) -> Counter[tuple[str, str]]:
    ends = ("step_completed", "step_failed", "step_skipped", "step_cancelled")
    facts = Event.objects.filter(execution=execution, type__in=ends)
    return Counter((fact.source, fact.data["node_id"]) for fact in facts)


def test_every_construct_survives_the_death_of_its_workers(stage: Stage, crew: Crew) -> None:
    execution = stage.start(everything(), 1)
    settled = StepRun.objects.filter(root_id=execution.pk, ended_at__isnull=False)
    for number in range(KILLS):
        before = settled.count()
        wait_until(
            lambda least=before + 5: settled.count() >= least or status_of(execution) == "waiting",
            what=f"five more results before death {number + 1}",
            seconds=RECOVERY_SECONDS,
        )
        crew.workers[0].kill()
        crew.hire(1)

    wait_until(
        lambda: status_of(execution) == "waiting", what="the event", seconds=RECOVERY_SECONDS
    )
    send_event(execution.pk, event="go", data=[1])
    wait_until(
        lambda: status_of(execution) == "suspended", what="the question", seconds=RECOVERY_SECONDS
    )
    resume_execution(execution.pk, data={"approved": True})

    result = stage.end_of(execution, seconds=RECOVERY_SECONDS)
    assert (result.status, result.result) == ("completed", {"approved": True})
    assert result.steps["each"].output == list(range(ITEMS))
    assert result.steps["either"].output == {"yes": list(range(ITEMS))}
    counts = recorded(execution)
    assert set(counts.values()) == {1}
    assert len(counts) == 6 + 2 * ITEMS + ROUNDS + 1 + 2
