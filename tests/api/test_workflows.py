"""Saving, reading, renaming and deleting workflows over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.definitions import broken, greeting
from workflows_app.authoring import create_workflow
from workflows_app.authoring.registry import registry
from workflows_app.models import Workflow

Clients = Callable[[Any], APIClient]


def test_a_new_workflow_is_compiled_and_published_at_once(api: APIClient) -> None:
    response = api.post("/api/workflows/", {"definition": greeting()}, format="json")

    assert response.status_code == 201
    body = response.json()
    assert set(body) == {
        "id",
        "name",
        "description",
        "source",
        "revision",
        "definition",
        "compile",
        "node_count",
        "archived",
        "owner",
        "created_at",
        "updated_at",
    }
    assert body["definition"] == greeting()
    assert body["compile"]["status"] == "ok"
    assert body["compile"]["version"] == 1
    assert body["compile"]["plan_hash"].startswith("sha256:")
    assert (body["name"], body["owner"], body["revision"]) == ("Greet", "ada", 1)
    assert response["ETag"] == '"1"'
    assert response["Location"] == f"/api/workflows/{body['id']}/"
    assert api.get(response["Location"]).json() == body


def test_a_definition_with_errors_is_saved_and_says_where_they_are(api: APIClient) -> None:
    response = api.post("/api/workflows/", {"definition": broken()}, format="json")

    assert response.status_code == 201
    compile_ = response.json()["compile"]
    assert (compile_["status"], compile_["version"], compile_["plan_hash"]) == (
        "errors",
        None,
        None,
    )
    (problem,) = compile_["diagnostics"]
    assert problem["code"] == "edge.dangling"
    assert problem["path"].startswith("/edges/0")


def test_errors_leave_the_last_good_version_published(api: APIClient, workflow: Workflow) -> None:
    response = api.put(f"/api/workflows/{workflow.pk}/", {"definition": broken()}, format="json")

    assert response.status_code == 200
    assert response.json()["definition"] == broken()
    assert response.json()["compile"]["status"] == "errors"
    assert response.json()["compile"]["version"] == 1


def test_moving_a_node_makes_no_version(api: APIClient, workflow: Workflow) -> None:
    moved = greeting(ui={"positions": {"greet": {"x": 7, "y": 7}}})

    response = api.put(f"/api/workflows/{workflow.pk}/", {"definition": moved}, format="json")

    assert (response.json()["revision"], response.json()["compile"]["version"]) == (2, 1)


def test_a_save_against_an_old_revision_is_refused_with_both_sides(
    api: APIClient, workflow: Workflow
) -> None:
    url = f"/api/workflows/{workflow.pk}/"
    first = api.get(url)["ETag"]
    theirs, mine = greeting("Theirs"), greeting("Mine")
    assert (
        api.put(url, {"definition": theirs}, format="json", HTTP_IF_MATCH=first).status_code == 200
    )

    response = api.put(url, {"definition": mine}, format="json", HTTP_IF_MATCH=first)

    assert response.status_code == 409
    assert response.json()["code"] == "revision.conflict"
    assert response.json()["details"] == {
        "expected_revisions": [1],
        "yours": {"definition": mine},
        "theirs": {"revision": 2, "definition": theirs},
    }
    assert api.get(url).json()["definition"] == theirs


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"9", "1"', "*"])
def test_a_save_against_the_current_revision_goes_through(
    api: APIClient, workflow: Workflow, tag: str
) -> None:
    response = api.put(
        f"/api/workflows/{workflow.pk}/",
        {"definition": greeting("Next")},
        format="json",
        HTTP_IF_MATCH=tag,
    )

    assert response.status_code == 200
    assert response["ETag"] == '"2"'


@pytest.mark.parametrize("tag", ['"2"', "1", '"abc"', "", '"0"', '"99999999999999999999"'])
def test_a_tag_that_is_not_the_current_one_loses_nothing(
    api: APIClient, workflow: Workflow, tag: str
) -> None:
    url = f"/api/workflows/{workflow.pk}/"

    for send in (api.put, api.patch):
        body = {"definition": greeting("Lost")}
        assert send(url, body, format="json", HTTP_IF_MATCH=tag).status_code == 409
    assert api.delete(url, HTTP_IF_MATCH=tag).status_code == 409

    assert api.get(url).json()["definition"] == greeting()


def test_renaming_is_a_save_of_the_definition(api: APIClient, workflow: Workflow) -> None:
    response = api.patch(
        f"/api/workflows/{workflow.pk}/", {"name": "Salute", "description": "Hi"}, format="json"
    )

    body = response.json()
    assert (body["name"], body["description"]) == ("Salute", "Hi")
    assert body["definition"] == greeting(name="Salute", description="Hi")
    assert body["compile"]["version"] == 2


def test_what_was_read_can_be_changed_and_sent_back(api: APIClient, workflow: Workflow) -> None:
    url = f"/api/workflows/{workflow.pk}/"
    body = api.get(url).json() | {"definition": greeting("Changed")}

    response = api.put(url, body, format="json")

    assert response.status_code == 200
    assert response.json()["definition"] == greeting("Changed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "mine-now"),
        ("owner", "bob"),
        ("owner", 1),
        ("source", "python"),
        ("revision", 99),
        ("compile", {"status": "ok"}),
        ("created_at", "2000-01-01T00:00:00Z"),
        ("updated_at", "2000-01-01T00:00:00Z"),
    ],
)
def test_what_the_server_decides_is_not_written(
    api: APIClient, bob: Any, workflow: Workflow, field: str, value: Any
) -> None:
    url = f"/api/workflows/{workflow.pk}/"
    before = api.get(url).json()

    changed = api.patch(url, {"definition": greeting(), field: value}, format="json")
    made = api.post("/api/workflows/", {"definition": greeting(), field: value}, format="json")

    assert (changed.status_code, made.status_code) == (200, 201)
    after = changed.json()
    assert {key: after[key] for key in ("id", "owner", "source", "created_at", "compile")} == {
        key: before[key] for key in ("id", "owner", "source", "created_at", "compile")
    }
    assert after["revision"] == 2
    assert made.json()["owner"] == "ada"
    assert (made.json()["source"], made.json()["revision"]) == ("drawn", 1)
    assert made.json().get(field) != value or field == "compile"


@pytest.mark.parametrize(
    "field",
    [
        *("owner_id", "status", "epoch", "version", "is_staff", "published", "published_id"),
        *("module", "deleted_at", "compile_status", "diagnostics", "plan", "__class__", ""),
    ],
)
def test_a_field_that_is_not_there_is_named_and_nothing_is_saved(
    api: APIClient, workflow: Workflow, field: str
) -> None:
    url = f"/api/workflows/{workflow.pk}/"
    body = {"definition": greeting("Changed"), field: 1}

    responses = [
        api.put(url, body, format="json"),
        api.patch(url, body, format="json"),
        api.post("/api/workflows/", body, format="json"),
    ]

    assert [response.status_code for response in responses] == [400] * 3
    for response in responses:
        (problem,) = response.json()["details"]["problems"]
        assert (problem["path"], problem["code"]) == (f"/{field}", "unknown")
    assert api.get(url).json()["revision"] == 1


@pytest.mark.parametrize("definition", [None, 1, 1.5, True, "text", [], [{}]])
def test_what_is_no_object_is_no_definition(api: APIClient, definition: Any) -> None:
    for url in ("/api/workflows/", "/api/workflows/validate/"):
        response = api.post(url, {"definition": definition}, format="json")

        assert response.status_code == 400
        assert response.json()["code"] == "request.invalid"
        assert response.json()["details"]["problems"][0]["path"] == "/definition"


@pytest.mark.parametrize("body", [[], "text", 1, None, True, {}])
def test_a_body_without_a_definition_is_refused(api: APIClient, body: Any) -> None:
    response = api.post("/api/workflows/", body, format="json")

    assert response.status_code == 400
    assert response.json()["code"] == "request.invalid"


def test_a_deleted_workflow_is_gone_and_its_row_stays(api: APIClient, workflow: Workflow) -> None:
    url = f"/api/workflows/{workflow.pk}/"

    assert api.delete(url).status_code == 204

    assert api.get(url).json()["code"] == "workflow.not_found"
    assert api.delete(url).status_code == 404
    assert workflow.pk not in [row["id"] for row in api.get("/api/workflows/").json()["results"]]
    assert Workflow.objects.get(pk=workflow.pk).deleted_at is not None


def test_what_code_defines_is_read_only(
    api: APIClient,
    client_of: Clients,
    root: Any,
    python_workflow: Workflow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = create_workflow(id=python_workflow.pk)
    monkeypatch.setitem(registry.workflows, python_workflow.pk, code)
    url = f"/api/workflows/{python_workflow.pk}/"

    for client in (api, client_of(root)):
        assert client.get(url).status_code == 200
        for refused in (
            client.put(url, {"definition": greeting()}, format="json"),
            client.patch(url, {"name": "Mine"}, format="json"),
            client.delete(url),
            client.post(f"{url}versions/1/restore/"),
        ):
            assert refused.status_code == 409
            assert refused.json()["code"] == "workflow.read_only"
            assert "an_app" in refused.json()["message"]
        assert client.post(f"{url}compile/").json()["status"] == "ok"


def test_a_list_pages_through_everything_once_in_both_directions(api: APIClient, ada: Any) -> None:
    made = {
        api.post(
            "/api/workflows/", {"definition": greeting(name=f"Page {n}")}, format="json"
        ).json()["id"]
        for n in range(7)
    }

    seen: list[str] = []
    sizes: list[int] = []
    url = "/api/workflows/?page_size=3&q=Page"
    last = None
    while url:
        page = api.get(url).json()
        assert set(page) == {"results", "next", "previous"}
        sizes.append(len(page["results"]))
        seen.extend(row["id"] for row in page["results"])
        last, url = page, page["next"]
    back = api.get(last["previous"]).json()

    assert sizes == [3, 3, 1]
    assert (set(seen), len(seen)) == (made, 7)
    assert [row["id"] for row in back["results"]] == seen[3:6]
    assert "definition" not in last["results"][0]


def test_lists_are_filtered(api: APIClient, workflow: Workflow, python_workflow: Workflow) -> None:
    bad = api.post(
        "/api/workflows/", {"definition": broken() | {"name": "100% off_"}}, format="json"
    )
    bad_id = bad.json()["id"]

    def ids(query: str) -> list[str]:
        return [row["id"] for row in api.get(f"/api/workflows/?{query}").json()["results"]]

    assert ids("status=errors") == [bad_id]
    assert bad_id not in ids("status=ok")
    assert python_workflow.pk in ids("source=python")
    assert workflow.pk not in ids("source=python")
    assert ids("q=100%25 off_") == [bad_id]
    assert ids(f"q={workflow.pk}") == [workflow.pk]
    assert ids("q=%25%25%25") == []


def test_listing_takes_the_same_queries_however_many_there_are(
    api: APIClient, ada: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        api.post("/api/workflows/", {"definition": greeting(name=f"W{n}")}, format="json")

    # Two for the token, one for the rows, one for what became of them last.
    with django_assert_max_num_queries(4):
        assert len(api.get("/api/workflows/?q=W").json()["results"]) == 12
