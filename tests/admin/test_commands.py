"""Cancel and run again, on one execution and on several."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import save_draft

from . import rows

LIST = "/admin/executions_app/execution/"


def url(name: str, execution: Execution) -> str:
    return reverse(f"admin:executions_app_execution_{name}", args=[execution.pk])


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def running(workflow: Workflow) -> Execution:
    return start_execution(workflow, input_data={"who": "Ada"})


def test_cancel_asks_first_and_then_stops(admin_client: Client, running: Execution) -> None:
    asked = admin_client.get(url("cancel", running))
    running.refresh_from_db()
    before = running.status

    done = admin_client.post(url("cancel", running), {"reason": "too late"}, follow=True)

    running.refresh_from_db()
    assert (asked.status_code, before) == (200, "running")
    assert running.status == "cancelled"
    assert (running.stop_reason, running.stopped_by) == ("too late", "admin")
    assert "Asked 1 execution to stop" in said(done)
    assert LogEntry.objects.get().object_id == running.pk


def test_cancelling_what_has_ended_is_explained(admin_client: Client, workflow: Workflow) -> None:
    ended = start_execution(workflow, input_data={"who": "Ada"})
    Execution.objects.filter(pk=ended.pk).update(status="completed")

    response = admin_client.post(url("cancel", ended), follow=True)

    assert "an execution that is completed cannot be cancelled" in said(response)


def test_several_are_cancelled_each_with_its_own_message(
    admin_client: Client, workflow: Workflow
) -> None:
    first, second, ended = (
        start_execution(workflow, input_data={"who": name}) for name in ("Ada", "Bo", "Cy")
    )
    Execution.objects.filter(pk=ended.pk).update(status="failed")
    ticked = {"action": "cancel_selected", "_selected_action": [first.pk, second.pk, ended.pk]}

    asked = admin_client.post(LIST, ticked)
    states_when_asked = set(Execution.objects.values_list("status", flat=True))
    done = admin_client.post(LIST, {**ticked, "confirmed": "yes"}, follow=True)

    states = dict(Execution.objects.values_list("pk", "status"))
    assert asked.status_code == 200
    assert "cancelled" not in states_when_asked
    assert states == {first.pk: "cancelled", second.pk: "cancelled", ended.pk: "failed"}
    assert "Asked 2 executions to stop" in said(done)
    assert ended.pk in said(done)


def test_run_again_starts_a_new_one_with_the_same_input(
    admin_client: Client, workflow: Workflow
) -> None:
    owner = rows.a_user("ada")
    first = start_execution(workflow, input_data={"who": "Ada"}, owner=owner)

    admin_client.get(url("rerun", first))
    response = admin_client.post(url("rerun", first), {"version": "pinned", "key": "k1"})

    again = Execution.objects.get(rerun_of=first)
    assert response.url == reverse("admin:executions_app_execution_change", args=[again.pk])
    assert again.input == first.input
    assert again.owner == owner
    assert again.trigger == "rerun"


def test_run_again_sent_twice_runs_once(admin_client: Client, running: Execution) -> None:
    for _ in range(2):
        admin_client.post(url("rerun", running), {"key": "k1"})

    assert Execution.objects.filter(rerun_of=running).count() == 1


@pytest.mark.parametrize(("asked", "number"), [("pinned", 1), ("latest", 2)])
def test_run_again_takes_the_version_that_was_asked_for(
    admin_client: Client, workflow: Workflow, running: Execution, asked: str, number: int
) -> None:
    changed = rows.definition(configs={"new": {"type": "string"}}, timeout=60)
    changed.pop("configs")
    save_draft(workflow, definition=changed, by=None)

    admin_client.post(url("rerun", running), {"version": asked, "key": "k"})

    assert Execution.objects.get(rerun_of=running).version.number == number


def test_several_run_again(admin_client: Client, workflow: Workflow) -> None:
    made = [start_execution(workflow, input_data={"who": name}) for name in ("Ada", "Bo")]
    ticked = {"action": "rerun_selected", "_selected_action": [row.pk for row in made]}

    admin_client.post(LIST, ticked)
    admin_client.post(LIST, {**ticked, "confirmed": "yes", "key": "k"})

    assert Execution.objects.filter(rerun_of__in=made).count() == 2


@pytest.mark.parametrize("name", ["cancel", "rerun"])
def test_a_get_changes_nothing(admin_client: Client, running: Execution, name: str) -> None:
    admin_client.get(url(name, running), {"confirmed": "yes", "reason": "x"})

    running.refresh_from_db()
    assert running.status == "running"
    assert Execution.objects.count() == 1


@pytest.mark.parametrize("name", ["cancel", "rerun"])
def test_a_form_without_its_token_is_refused(
    admin_user: Any, running: Execution, name: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert client.post(url(name, running)).status_code == 403
    assert Execution.objects.get().status == "running"
