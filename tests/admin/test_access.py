"""Who reaches which page: staff only, by model permission, and only what they may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from executions_app.admin.execution_commands import COMMANDS
from executions_app.models import Execution
from workflows_app.models import Connection, Workflow

from . import rows

READ = ("workflows_app.view_workflow", "executions_app.view_execution")


def client_of(user: Any) -> Client:
    client = Client()
    if not isinstance(user, AnonymousUser):
        client.force_login(user)
    return client


def pages(workflow: Workflow, execution: Execution) -> dict[str, str]:
    """Every address of the admin's own pages, by name."""
    workflows, executions = "admin:workflows_app_workflow_", "admin:executions_app_execution_"
    return {
        "workflows": reverse(f"{workflows}changelist"),
        "workflow": reverse(f"{workflows}change", args=[workflow.pk]),
        "add workflow": reverse(f"{workflows}add"),
        "version": reverse(f"{workflows}version", args=[workflow.pk, 1]),
        "workflow history": reverse(f"{workflows}history", args=[workflow.pk]),
        "connections": reverse("admin:workflows_app_connection_changelist"),
        "executions": reverse(f"{executions}changelist"),
        "execution": reverse(f"{executions}change", args=[execution.pk]),
        "execution history": reverse(f"{executions}history", args=[execution.pk]),
        "delete": reverse(f"{executions}delete", args=[execution.pk]),
        "start": reverse("admin:executions_app_start", args=[workflow.pk]),
        "approvals": reverse("admin:executions_app_approval_changelist"),
        **{it.name: reverse(f"{executions}{it.name}", args=[execution.pk]) for it in COMMANDS},
    }


@pytest.fixture
def execution(workflow: Workflow) -> Execution:
    return rows.an_execution(workflow)


def test_only_staff_get_in(workflow: Workflow, execution: Execution) -> None:
    outsider = rows.a_user("outsider", *READ, is_staff=False)
    for name, url in pages(workflow, execution).items():
        for user in (AnonymousUser(), outsider):
            for send in (client_of(user).get, client_of(user).post):
                response = send(url)

                assert response.status_code == 302, name
                assert response.url.startswith("/admin/login/"), name
    assert Execution.objects.count() == 1


def test_staff_without_permissions_are_refused_everywhere(
    workflow: Workflow, execution: Execution
) -> None:
    client = client_of(rows.a_user("clerk"))

    answers = {
        (name, send.__name__): send(url).status_code
        for name, url in pages(workflow, execution).items()
        for send in (client.get, client.post)
    }

    assert {key: code for key, code in answers.items() if code != 403} == {}
    assert Execution.objects.count() == 1


def test_readers_read_and_command_nothing(workflow: Workflow, execution: Execution) -> None:
    client = client_of(rows.a_user("reader", *READ))
    allowed = {
        "workflows",
        "workflow",
        "version",
        "workflow history",
        "executions",
        "execution",
        "execution history",
    }

    answers = {
        name: client.get(url).status_code for name, url in pages(workflow, execution).items()
    }

    assert {name for name, code in answers.items() if code == 200} == allowed
    assert set(answers.values()) == {200, 403}
    for name in ("workflow", "start", "delete", *(command.name for command in COMMANDS)):
        assert client.post(pages(workflow, execution)[name]).status_code == 403, name
    shown = client.get(pages(workflow, execution)["execution"]).context
    assert (shown["commands"], shown["can_delete"]) == ([], False)


def test_readers_are_offered_no_action_and_a_forged_one_does_nothing(
    workflow: Workflow, execution: Execution
) -> None:
    Execution.objects.update(status="running")
    client = client_of(rows.a_user("reader", *READ))
    url = reverse("admin:executions_app_execution_changelist")

    for action in ("cancel_selected", "rerun_selected", "delete_selected"):
        forged = {"action": action, "_selected_action": execution.pk, "confirmed": "y", "post": "y"}
        client.post(url, forged)

    assert list(Execution.objects.values_list("status", flat=True)) == ["running"]
    assert client.get(url).context["action_form"] is None


def test_what_belongs_to_somebody_else_is_not_there(db: None) -> None:
    owner = rows.a_user("owner")
    theirs = rows.a_workflow("Theirs", owner=owner)
    execution = rows.an_execution(theirs, owner=owner, status="running")
    everything = (
        *READ,
        "workflows_app.change_workflow",
        "workflows_app.view_connection",
        "executions_app.add_execution",
        "executions_app.change_execution",
        "executions_app.delete_execution",
    )
    client = client_of(rows.a_user("other", *everything))
    addresses = pages(theirs, execution)

    assert client.get(addresses["execution"]).status_code == 404
    for name in ("workflow", "version", "start", *(command.name for command in COMMANDS)):
        for send in (client.get, client.post):
            assert send(addresses[name]).status_code == 404, name
    for name in ("workflows", "executions"):
        found = {row.pk for row in client.get(addresses[name]).context["cl"].result_list}
        assert not found & {theirs.pk, execution.pk}, name
    for name in ("workflow history", "execution history", "delete"):
        assert client.get(addresses[name]).status_code in (302, 404), name
    suggested = client.get(addresses["executions"]).content.decode()
    assert "Theirs" not in suggested
    assert Execution.objects.get().status == "running"


def test_staff_see_their_own_and_what_nobody_owns(db: None) -> None:
    clerk = rows.a_user("clerk", *READ)
    own, shared = rows.a_workflow("Own", owner=clerk), rows.a_workflow("Shared")
    mine = rows.an_execution(own, owner=clerk)
    ownerless = rows.an_execution(shared, minutes=1)
    client = client_of(clerk)

    workflows = client.get(reverse("admin:workflows_app_workflow_changelist")).context["cl"]
    executions = client.get(reverse("admin:executions_app_execution_changelist")).context["cl"]

    drawn = {row.pk for row in workflows.result_list if row.source == "drawn"}
    assert drawn == {own.pk, shared.pk}
    assert [row.pk for row in executions.result_list] == [ownerless.pk, mine.pk]


def test_a_superuser_sees_all(admin_client: Client) -> None:
    owner = rows.a_user("owner")
    theirs = rows.a_workflow("Theirs", owner=owner)
    execution = rows.an_execution(theirs, owner=owner)
    Connection.objects.create(owner=owner, toolkit="gmail", account_id="acc-1")

    answers = {
        name: admin_client.get(url).status_code for name, url in pages(theirs, execution).items()
    }

    assert set(answers.values()) == {200}


def test_a_clerk_sees_only_their_own_connections(db: None) -> None:
    clerk, other = rows.a_user("clerk", "workflows_app.view_connection"), rows.a_user("other")
    Connection.objects.create(owner=clerk, toolkit="gmail", account_id="mine")
    Connection.objects.create(owner=other, toolkit="gmail", account_id="theirs")

    content = client_of(clerk).get("/admin/workflows_app/connection/").content.decode()

    assert "mine" in content
    assert "theirs" not in content
