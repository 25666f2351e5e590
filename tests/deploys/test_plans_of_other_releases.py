"""Plans that another release stored: read with what is missing, or left to a worker that can."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from executions_app.models import Execution, StepRun
from executions_app.operations.rescue import rescue
from executions_app.testing import Engine
from tests.deploys.releases import deploy, keeps_the_laws
from workflows_app import interface
from workflows_app.authoring import create_step, create_workflow
from workflows_app.authoring.errors import PlanUnreadable
from workflows_app.models import WorkflowVersion

pytestmark = pytest.mark.django_db

UNREADABLE: dict[str, Any] = {
    "a later format": lambda plan: plan | {"format": 2},
    "an unknown field": lambda plan: plan | {"lanes": []},
    "an unknown field of a node": lambda plan: (
        plan | {"nodes": [node | {"weight": 7} for node in plan["nodes"]]}
    ),
    "an unknown kind of node": lambda plan: (
        plan | {"nodes": [node | {"kind": "teleport"} for node in plan["nodes"]]}
    ),
    "nothing": lambda plan: {},
    "no object": lambda plan: [],
}


@pytest.fixture
def asleep(engine: Engine) -> Execution:
    """An execution that sleeps a minute between two steps."""

    def define() -> Any:
        flow = create_workflow(id="stored").then(create_step(id="a", execute=lambda value: value))
        return flow.sleep(60).then(create_step(id="b", execute=lambda value: value + 1)).commit()

    (workflow,) = deploy(define)
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.run_until_idle()
    return Execution.objects.get(pk=run.id)


def store(execution: Execution, plan: Any) -> None:
    """Write another plan into the version of ``execution``, as another release had done."""
    WorkflowVersion.objects.filter(pk=execution.version_id).update(plan=plan)
    interface._plans.clear()


def stored(execution: Execution) -> Any:
    return WorkflowVersion.objects.values_list("plan", flat=True).get(pk=execution.version_id)


def test_an_older_plan_that_lacks_fields_is_read_with_their_defaults(
    engine: Engine, asleep: Execution
) -> None:
    kept = {"id", "kind", "ref", "needs", "required", "parts", "reads_inputs", "body"}
    plan = stored(asleep)
    nodes = [{name: node[name] for name in kept & node.keys()} for node in plan["nodes"]]
    store(asleep, {"name": plan["name"], "nodes": nodes})

    engine.advance(61)

    asleep.refresh_from_db()
    assert (asleep.status, asleep.output) == ("completed", 2)


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_named(asleep: Execution, what: str) -> None:
    store(asleep, UNREADABLE[what](stored(asleep)))

    with pytest.raises(PlanUnreadable, match=f"plan of version {asleep.version_id}") as refused:
        interface.get_plan(asleep.version_id)

    assert refused.value.code == "plan.unreadable"


def test_a_worker_leaves_what_it_cannot_read_to_others_and_lives(
    engine: Engine, asleep: Execution
) -> None:
    store(asleep, stored(asleep) | {"format": 2})

    engine.advance(600)
    rescue()

    row = StepRun.objects.get(execution=asleep, status="waiting")
    assert (row.claimed_at, row.deaths) == (None, 0)
    assert row.due_at is not None
    assert row.due_at > engine.now
    assert row.epoch <= 40  # looked at now and then, not in circles


def test_it_goes_on_under_a_release_that_reads_it(engine: Engine, asleep: Execution) -> None:
    plan = stored(asleep)
    store(asleep, plan | {"format": 2})
    engine.advance(300)

    store(asleep, plan)
    engine.advance(60)

    asleep.refresh_from_db()
    assert (asleep.status, asleep.output) == ("completed", 2)
    assert keeps_the_laws(asleep.pk)


def test_a_worker_that_was_lost_over_it_stops_no_rescuer(engine: Engine, asleep: Execution) -> None:
    store(asleep, stored(asleep) | {"format": 2})
    row = StepRun.objects.get(execution=asleep, status="waiting")
    long_ago = engine.now.replace(year=2029)
    StepRun.objects.filter(pk=row.pk).update(claimed_at=long_ago, wake_at=long_ago, deaths=9)

    rescue()
    rescue()

    row.refresh_from_db()
    assert row.wake_at is not None
    assert row.wake_at > engine.now


def test_one_whose_time_is_over_stops_no_rescuer_either(engine: Engine, asleep: Execution) -> None:
    store(asleep, stored(asleep) | {"format": 2})
    Execution.objects.filter(pk=asleep.pk).update(deadline_at=engine.now)

    rescue()

    asleep.refresh_from_db()
    assert (asleep.status, asleep.stopping) == ("waiting", "")


def test_the_api_names_it(asleep: Execution, client: Client) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    store(asleep, stored(asleep) | {"format": 2})

    shown = client.get(f"/api/executions/{asleep.pk}/")
    cancelled = client.post(
        f"/api/executions/{asleep.pk}/cancel/", {}, content_type="application/json"
    )

    assert shown.status_code == 200
    assert shown.json()["status"] == "waiting"
    assert cancelled.status_code == 503
    assert cancelled.json()["code"] == "plan.unreadable"
