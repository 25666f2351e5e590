"""The page of one execution: steps, timeline, values, errors and events."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from executions_app.models import Event, Execution, StepRun
from workflows_app.models import Workflow

from . import rows


def page(execution: Execution) -> str:
    return reverse("admin:executions_app_execution_change", args=[execution.pk])


def test_the_page_shows_what_happened(admin_client: Client, workflow: Workflow) -> None:
    first = rows.an_execution(workflow)
    execution = rows.an_execution(
        workflow,
        status="failed",
        trigger="rerun",
        rerun_of=first,
        output=None,
        error=rows.failure("the outer", cause=rows.failure("the inner"), tried=3),
    )
    rows.a_step(execution, name="Greet them", attempt=3)
    rows.an_event(
        execution, 1, "step_retrying", name="Greet them", error=rows.failure("not yet"), attempt=1
    )
    rows.an_event(execution, 2, message="a line for people", level="warning")

    response = admin_client.get(page(execution))

    assert response.status_code == 200
    for said in (
        "failed",
        "the outer",
        "the inner",
        "caused by",
        "&quot;tried&quot;: 3",
        "Greet them",
        "&quot;who&quot;: &quot;Ada&quot;",
        "not yet",
        "a line for people",
        first.pk,
        reverse("admin:workflows_app_workflow_version", args=[workflow.pk, 1]),
        "2.0 s",
        "<rect",
    ):
        assert said in response.content.decode(), said


def test_a_claimed_step_is_shown_as_running(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(
        workflow, status="running", started_at=timezone.now(), ended_at=None
    )
    rows.a_step(
        execution, status="scheduled", started_at=None, ended_at=None, claimed_at=timezone.now()
    )

    response = admin_client.get(page(execution))

    assert [step.status for step, _ in response.context["steps"]] == ["running"]
    assert [bar.status for bar, _ in response.context["bars"]] == ["running"]


def test_the_page_costs_the_same_however_much_happened(
    admin_client: Client, workflow: Workflow
) -> None:
    small, large = rows.an_execution(workflow), rows.an_execution(workflow)
    rows.a_step(small, "s0")
    rows.an_event(small, 1)
    for number in range(250):
        rows.a_step(large, f"s{number}", position=number)
    Event.objects.bulk_create(
        Event(execution=large, seq=seq, type="log", at=rows.START, data={"message": f"line {seq}."})
        for seq in range(1, 601)
    )
    with CaptureQueriesContext(connection) as few:
        admin_client.get(page(small))

    with CaptureQueriesContext(connection) as many:
        response = admin_client.get(page(large))

    assert len(many) == len(few)
    assert len(response.context["steps"]) == 200
    assert "line 600." in response.content.decode()
    assert "line 101." in response.content.decode()
    assert "line 100." not in response.content.decode()
    later = admin_client.get(page(large), {"steps": "2"})
    assert [step.row.node_id for step, _ in later.context["steps"]] == [
        f"s{number}" for number in range(200, 250)
    ]


def test_large_values_are_cut_by_the_database(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(workflow, output={"text": "x" * 3_000_000})
    rows.a_step(execution, output={"text": "y" * 3_000_000})

    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(page(execution))

    whole = re.compile(r'(?<!\()"executions_app_\w+"\."(input|output)",')
    assert not [query["sql"] for query in queries if whole.search(query["sql"])]
    assert len(response.content) < 300_000
    assert "the whole is 3000011 bytes long" in response.content.decode()


@pytest.mark.parametrize("stored", [{"a": [1, None, "ü"]}, [], 0, "text", False])
def test_every_json_value_is_shown(
    admin_client: Client, workflow: Workflow, stored: object
) -> None:
    execution = rows.an_execution(workflow, output=stored)

    response = admin_client.get(page(execution))

    assert response.context["values"]["output"].text


def test_history_cannot_be_changed(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(workflow)
    rows.a_step(execution)
    before = (Execution.objects.values().get(), StepRun.objects.values().get())

    change = admin_client.post(page(execution), {"status": "failed", "output": "{}"})
    add = admin_client.post("/admin/executions_app/execution/add/", {"status": "failed"})

    assert change.status_code == 405
    assert add.status_code == 403
    assert (Execution.objects.values().get(), StepRun.objects.values().get()) == before


def test_an_execution_that_has_only_begun_has_a_page(
    admin_client: Client, workflow: Workflow
) -> None:
    execution = rows.an_execution(
        workflow,
        id="odd:id_1.2",
        status="pending",
        started_at=None,
        ended_at=None,
        input=None,
        output=None,
    )

    response = admin_client.get(page(execution))

    assert response.status_code == 200
    assert "No step has been reached" in response.content.decode()


def test_an_execution_being_cancelled_says_so(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(
        workflow,
        status="running",
        ended_at=None,
        stopping="cancel",
        stop_reason="too late",
        stopped_by="ada",
        started_at=timezone.now() - timedelta(minutes=3),
    )

    content = admin_client.get(page(execution)).content.decode()

    assert "cancelling" in content
    assert "too late (ada)" in content
    assert "3 min 0 s" in content
