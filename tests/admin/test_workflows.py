"""Workflows in the admin: saving compiles, versions stay, code is read-only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from workflows_app.models import Connection, Workflow
from workflows_app.operations.save_draft import create_draft, save_draft

from . import rows

LIST = "/admin/workflows_app/workflow/"


def page(workflow: Workflow) -> str:
    return reverse("admin:workflows_app_workflow_change", args=[quote(workflow.pk)])


def form(definition: Any, **fields: Any) -> dict[str, Any]:
    return {"definition": json.dumps(definition), **fields}


def test_the_list_shows_searches_and_filters(admin_client: Client, workflow: Workflow) -> None:
    rows.a_workflow("Broken", edges=[["greet", "nowhere"]])

    everything = admin_client.get(LIST).content.decode()
    searched = (
        admin_client.get(LIST, {"q": "gree", "source__exact": "drawn"}).context["cl"].result_list
    )
    filtered = admin_client.get(LIST, {"compile_status__exact": "errors"}).context["cl"].result_list

    assert "Greet" in everything
    assert "v1" in everything
    assert [row.name for row in searched] == ["Greet"]
    assert [row.name for row in filtered] == ["Broken"]


def test_the_list_costs_the_same_for_many(admin_client: Client, workflow: Workflow) -> None:
    with CaptureQueriesContext(connection) as few:
        admin_client.get(LIST)
    for number in range(20):
        rows.a_workflow(f"Number {number}", owner=rows.a_user(f"user{number}"))

    with CaptureQueriesContext(connection) as many:
        admin_client.get(LIST)

    assert len(many) == len(few)


def test_saving_compiles_and_publishes(admin_client: Client, workflow: Workflow) -> None:
    changed = rows.definition("Greet loudly", timeout=60)

    response = admin_client.post(page(workflow), form(changed, revision=1), follow=True)

    workflow.refresh_from_db()
    assert (workflow.name, workflow.revision) == ("Greet loudly", 2)
    assert workflow.published.number == 2
    assert "Saved and live" in [
        str(message).rstrip(".") for message in response.context["messages"]
    ]
    assert workflow.published.created_by.username == "admin"


def test_a_definition_with_errors_is_saved_and_the_last_good_version_stays(
    admin_client: Client, workflow: Workflow
) -> None:
    broken = rows.definition(edges=[["greet", "nowhere"]])

    content = admin_client.post(
        page(workflow), form(broken, revision=1), follow=True
    ).content.decode()

    workflow.refresh_from_db()
    assert workflow.compile_status == "errors"
    assert workflow.published.number == 1
    assert "edge.dangling" in content
    assert "/edges/0" in content
    assert "the version before stays live" in content


@pytest.mark.parametrize("text", ["[]", "{", '{"a": 1, "a": 2}', ""])
def test_what_is_no_definition_is_not_saved(
    admin_client: Client, workflow: Workflow, text: str
) -> None:
    response = admin_client.post(page(workflow), {"definition": text, "revision": 1})

    workflow.refresh_from_db()
    assert response.context["form"].errors["definition"]
    assert workflow.revision == 1


def test_a_save_over_somebody_elses_is_refused_and_keeps_the_text(
    admin_client: Client, workflow: Workflow
) -> None:
    save_draft(workflow, definition=rows.definition("Theirs"), by=None)

    response = admin_client.post(page(workflow), form(rows.definition("Mine"), revision=1))

    workflow.refresh_from_db()
    assert workflow.name == "Theirs"
    assert "somebody saved revision 2" in response.content.decode()
    assert "Mine" in response.context["form"]["definition"].value()


def test_a_new_workflow_belongs_to_who_drew_it(admin_client: Client, admin_user: Any) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 200

    admin_client.post(f"{LIST}add/", form(rows.definition("Mine")))

    made = Workflow.objects.get(name="Mine")
    assert (made.owner, made.source, made.published.number) == (admin_user, "drawn", 1)


def test_what_code_defines_is_read_only(admin_client: Client, workflow: Workflow) -> None:
    Workflow.objects.filter(pk=workflow.pk).update(source="python", module="shop.workflows")

    shown = admin_client.get(page(workflow)).content.decode()
    sent = admin_client.post(page(workflow), form(rows.definition("Mine"), revision=1))

    assert "<textarea" not in shown
    assert "shop.workflows" in shown
    assert sent.status_code == 403
    assert Workflow.objects.get(pk=workflow.pk).name == "Greet"


def test_a_version_is_shown_whole_and_cannot_be_written(
    admin_client: Client, workflow: Workflow
) -> None:
    url = reverse("admin:workflows_app_workflow_version", args=[workflow.pk, 1])

    response = admin_client.get(url)

    content = response.content.decode()
    assert workflow.published.plan_hash in content
    assert "&quot;required&quot;" in content
    assert "<textarea" not in content
    assert admin_client.get(url.replace("/1/", "/9/")).status_code == 404


def test_the_page_leads_to_running_it_and_to_its_executions(admin_client: Client, db: None) -> None:
    # The admin writes "_" in addresses in its own way, where it is part of the path.
    made = create_draft(definition=rows.definition(), owner=None, workflow_id="greet_them.v-1")
    execution = rows.an_execution(made)

    response = admin_client.get(page(made))

    start = reverse("admin:executions_app_start", args=[quote(made.pk)])
    assert start in response.content.decode()
    assert admin_client.get(start).status_code == 200
    executions = admin_client.get(response.context["executions_url"]).context["cl"]
    assert [row.pk for row in executions.result_list] == [execution.pk]


def test_connections_are_shown_and_cannot_be_changed(admin_client: Client, admin_user: Any) -> None:
    connection_ = Connection.objects.create(owner=admin_user, toolkit="gmail", account_id="acc-1")
    url = reverse("admin:workflows_app_connection_change", args=[connection_.pk])

    listed = admin_client.get("/admin/workflows_app/connection/")
    shown = admin_client.get(url)
    sent = admin_client.post(url, {"account_id": "acc-2"})

    assert "gmail" in listed.content.decode()
    assert shown.status_code == 200
    assert sent.status_code == 403
    assert admin_client.get("/admin/workflows_app/connection/add/").status_code == 403
    assert Connection.objects.get().account_id == "acc-1"
