"""The list of executions: quick, complete, and found by id, workflow, status and time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from executions_app.admin import ExecutionAdmin
from executions_app.models import Execution
from workflows_app.models import Workflow

from . import rows

LIST = "/admin/executions_app/execution/"


def shown(response: Any) -> list[str]:
    assert response.status_code == 200
    return [execution.pk for execution in response.context["cl"].result_list]


def test_the_newest_execution_comes_first(admin_client: Client, workflow: Workflow) -> None:
    old = rows.an_execution(workflow, minutes=1)
    new = rows.an_execution(workflow, minutes=2)

    response = admin_client.get(LIST)

    assert shown(response) == [new.pk, old.pk]
    assert 'value="cancel_selected"' in response.content.decode()
    assert "Greet v1" in response.content.decode()


def test_pages_lead_to_every_execution_once_and_back(
    admin_client: Client, workflow: Workflow
) -> None:
    # Several share a moment, so that only the id tells them apart.
    made = [rows.an_execution(workflow, minutes=number // 7) for number in range(120)]
    expected = [row.pk for row in sorted(made, key=lambda row: (row.created_at, row.pk))][::-1]

    first = admin_client.get(LIST)
    second = admin_client.get(LIST + first.context["cl"].older_url)
    third = admin_client.get(LIST + second.context["cl"].older_url)
    back = admin_client.get(LIST + third.context["cl"].newer_url)

    assert shown(first) + shown(second) + shown(third) == expected
    assert third.context["cl"].older_url is None
    assert first.context["cl"].newer_url is None
    assert shown(back) == shown(second)


def test_the_list_costs_the_same_however_many_there_are(
    admin_client: Client, workflow: Workflow
) -> None:
    rows.an_execution(workflow)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(LIST)
    for number in range(70):
        rows.an_execution(workflow, minutes=number, owner=rows.a_user(f"user{number}"))

    with CaptureQueriesContext(connection) as many:
        admin_client.get(LIST)

    assert len(many) == len(few)


def test_the_list_counts_nothing_and_loads_no_values(
    admin_client: Client, workflow: Workflow
) -> None:
    rows.an_execution(workflow)

    with CaptureQueriesContext(connection) as queries:
        for query in ("", "?q=Greet", f"?workflow={workflow.pk}", "?status__exact=failed"):
            assert admin_client.get(LIST + query).status_code == 200

    said = [query["sql"] for query in queries if "executions_app_execution" in query["sql"]]
    assert said
    assert not [sql for sql in said if re.search(r"\bCOUNT\(|\bDISTINCT\b", sql)]
    values = re.compile(r'"executions_app_execution"\."(input|output|state|error)"|"definition"')
    assert not [sql for sql in said if values.search(sql)]


@pytest.mark.parametrize("term", ["Greet", "gree", "exact", "prefix"])
def test_search_finds_by_id_prefix_and_workflow(
    admin_client: Client, workflow: Workflow, term: str
) -> None:
    other = rows.a_workflow("Bill")
    rows.an_execution(other, id="zzz-other")
    wanted = rows.an_execution(workflow)
    term = {"exact": wanted.pk, "prefix": wanted.pk[:20]}.get(term, term)

    assert shown(admin_client.get(LIST, {"q": term})) == [wanted.pk]


def test_search_does_not_look_into_the_middle_of_ids(
    admin_client: Client, workflow: Workflow
) -> None:
    execution = rows.an_execution(workflow)

    assert shown(admin_client.get(LIST, {"q": execution.pk[1:]})) == []


def test_a_search_that_fits_several_workflows_shows_them_in_order(
    admin_client: Client, workflow: Workflow
) -> None:
    other = rows.a_workflow("Greetings")
    rows.an_execution(rows.a_workflow("Bill"))
    made = [
        rows.an_execution((workflow, other)[number % 2], minutes=number).pk for number in range(60)
    ]

    first = admin_client.get(LIST, {"q": "greet"})
    second = admin_client.get(LIST + first.context["cl"].older_url)

    assert shown(first) + shown(second) == made[::-1]


def test_search_takes_signs_of_patterns_literally(admin_client: Client, workflow: Workflow) -> None:
    rows.an_execution(workflow)

    assert shown(admin_client.get(LIST, {"q": "%"})) == []
    assert shown(admin_client.get(LIST, {"q": "_"})) == []


def test_filters_narrow_the_list_and_keep_each_other(
    admin_client: Client, workflow: Workflow
) -> None:
    other = rows.a_workflow("Bill")
    rows.an_execution(other, status="failed")
    rows.an_execution(workflow, status="completed")
    wanted = rows.an_execution(workflow, status="failed", trigger="cli")

    by_id = admin_client.get(LIST, {"workflow": workflow.pk, "status__exact": "failed"})
    by_name = admin_client.get(LIST, {"workflow": "Greet", "trigger__exact": "cli"})

    assert shown(by_id) == [wanted.pk]
    assert shown(by_name) == [wanted.pk]
    assert '<input type="hidden" name="status__exact" value="failed">' in by_id.content.decode()


def test_a_day_is_a_range_of_times(admin_client: Client, workflow: Workflow) -> None:
    rows.an_execution(workflow)
    late = rows.an_execution(workflow, minutes=24 * 60)

    response = admin_client.get(
        LIST,
        {
            "created_at__gte": "2026-01-02 00:00:00+00:00",
            "created_at__lt": "2026-01-03 00:00:00+00:00",
        },
    )

    assert shown(response) == [late.pk]


@pytest.mark.parametrize(
    "query",
    ["output__icontains=x", "id__regex=.", "owner__password__startswith=p", "input__a=1"],
)
def test_a_search_no_index_serves_is_refused(admin_client: Client, query: str) -> None:
    assert admin_client.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize("cursor", ["nonsense", "2026-13-01T00:00:00+00:00,x", "2026-01-01,x", ","])
def test_a_forged_page_leads_back_to_the_list(
    admin_client: Client, workflow: Workflow, cursor: str
) -> None:
    response = admin_client.get(LIST, {"before": cursor}, follow=True)

    assert response.status_code == 200


def test_sorting_by_a_column_without_an_index_is_ignored(
    admin_client: Client, workflow: Workflow
) -> None:
    old = rows.an_execution(workflow, trigger="api")
    new = rows.an_execution(workflow, minutes=1, trigger="rerun")

    assert shown(admin_client.get(LIST, {"o": "5"})) == [new.pk, old.pk]


def test_actions_refuse_more_than_the_page(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(workflow)

    admin_client.post(
        LIST,
        {
            "action": "delete_selected",
            "_selected_action": execution.pk,
            "select_across": "1",
            "post": "yes",
        },
    )

    assert Execution.objects.filter(pk=execution.pk).exists()


def test_deleting_takes_ended_executions_with_all_of_theirs(
    admin_client: Client, workflow: Workflow
) -> None:
    ended, going_on = rows.an_execution(workflow), rows.an_execution(workflow, status="running")
    rows.a_step(ended)
    rows.an_event(ended, 1)
    again = rows.an_execution(workflow, rerun_of=ended)

    for execution in (ended, going_on):
        for confirmed in ({}, {"post": "yes"}):
            ticked = {"action": "delete_selected", "_selected_action": execution.pk}
            admin_client.post(LIST, {**ticked, **confirmed})

    assert set(Execution.objects.values_list("pk", flat=True)) == {going_on.pk, again.pk}
    assert not ended.steps.exists()
    assert not ended.events.exists()


def test_what_has_not_ended_is_not_deleted_whoever_asks(workflow: Workflow) -> None:
    running = rows.an_execution(workflow, status="running")

    ExecutionAdmin(Execution, site).delete_queryset(None, Execution.objects.all())

    assert list(Execution.objects.all()) == [running]


def test_one_ended_execution_can_be_deleted_from_its_page(
    admin_client: Client, workflow: Workflow
) -> None:
    ended, going_on = rows.an_execution(workflow), rows.an_execution(workflow, status="running")

    answers = [
        admin_client.post(
            reverse("admin:executions_app_execution_delete", args=[execution.pk]), {"post": "yes"}
        ).status_code
        for execution in (ended, going_on)
    ]

    assert answers == [302, 403]
    assert list(Execution.objects.all()) == [going_on]
