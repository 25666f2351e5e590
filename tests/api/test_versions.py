"""Versions over HTTP: what a save makes, how two differ, how one comes back."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.definitions import broken, greeting
from workflows_app.api.definition_diff import MAX_CHANGES, differences
from workflows_app.models import Workflow


@pytest.fixture
def versions(api: APIClient, workflow: Workflow) -> str:
    """The address of the versions of a workflow that has three."""
    url = f"/api/workflows/{workflow.pk}/"
    for text in ("Second", "Third"):
        assert api.put(url, {"definition": greeting(text)}, format="json").status_code == 200
    return f"{url}versions/"


def test_versions_are_listed_newest_first(api: APIClient, versions: str) -> None:
    rows = api.get(versions).json()["results"]

    assert [row["number"] for row in rows] == [3, 2, 1]
    assert [row["published"] for row in rows] == [True, False, False]
    assert {row["created_by"] for row in rows} == {"ada"}
    assert set(rows[0]) == {"number", "plan_hash", "published", "created_by", "created_at"}


def test_versions_are_paged(api: APIClient, versions: str) -> None:
    first = api.get(f"{versions}?page_size=2").json()
    second = api.get(first["next"]).json()

    assert [row["number"] for row in second["results"]] == [1]
    assert second["next"] is None


def test_a_version_never_changes(api: APIClient, versions: str) -> None:
    body = api.get(f"{versions}1/").json()

    assert body["definition"] == greeting()
    assert body["published"] is False
    for method in (api.put, api.patch, api.delete, api.post):
        assert method(f"{versions}1/").status_code == 405


def test_a_restored_version_is_one_more_save(api: APIClient, versions: str) -> None:
    response = api.post(f"{versions}1/restore/")

    assert response.status_code == 200
    body = response.json()
    assert body["definition"] == greeting()
    assert (body["revision"], body["compile"]["version"]) == (4, 4)
    assert response["ETag"] == '"4"'
    hashes = {row["number"]: row["plan_hash"] for row in api.get(versions).json()["results"]}
    assert hashes[4] == hashes[1]


def test_restoring_honours_if_match(api: APIClient, versions: str) -> None:
    response = api.post(f"{versions}1/restore/", HTTP_IF_MATCH='"1"')

    assert response.status_code == 409
    assert response.json()["code"] == "revision.conflict"
    assert [row["number"] for row in api.get(versions).json()["results"]] == [3, 2, 1]


def test_two_versions_are_compared_node_by_node(api: APIClient, versions: str) -> None:
    body = api.get(f"{versions}3/diff/?against=1").json()

    assert (body["from"]["version"], body["to"]["version"]) == (1, 3)
    assert body["same_plan"] is False
    assert body["changes"] == [
        {
            "op": "replace",
            "path": "/nodes/0/input/template/value",
            "node_id": "greet",
            "before": "Hello, {{ input.who }}!",
            "after": "Third",
        }
    ]


def test_a_version_is_compared_with_the_one_before(api: APIClient, versions: str) -> None:
    assert api.get(f"{versions}3/diff/").json()["from"]["version"] == 2
    first = api.get(f"{versions}1/diff/").json()
    assert (first["from"]["version"], first["same_plan"]) == (None, False)
    assert {change["op"] for change in first["changes"]} == {"add"}


def test_a_version_is_compared_with_the_draft(
    api: APIClient, versions: str, workflow: Workflow
) -> None:
    same = api.get(f"{versions}3/diff/?against=draft").json()
    api.put(f"/api/workflows/{workflow.pk}/", {"definition": broken()}, format="json")
    other = api.get(f"{versions}3/diff/?against=draft").json()

    assert (same["same_plan"], same["changes"]) == (True, [])
    assert other["same_plan"] is False
    assert {"op": "remove", "path": "/edges/0"}.items() <= other["changes"][-1].items()


@pytest.mark.parametrize("against", ["0", "-1", "x", "", "Draft", "1.5", "%00", "1_0", "9" * 30])
def test_nonsense_to_compare_with_is_400(api: APIClient, versions: str, against: str) -> None:
    response = api.get(f"{versions}1/diff/?against={against}")

    assert (response.status_code, response.json()["code"]) == (400, "query.invalid")


def test_what_is_not_there_cannot_be_compared(api: APIClient, versions: str) -> None:
    for url in ("9/", "9/diff/", "1/diff/?against=9"):
        response = api.get(f"{versions}{url}")

        assert (response.status_code, response.json()["code"]) == (404, "version.not_found")


def test_nodes_are_compared_wherever_they_stand() -> None:
    a, b, c = ({"id": name, "type": "map"} for name in "abc")

    changes, truncated = differences(
        {"nodes": [a, b], "edges": [["a", "b"]]}, {"nodes": [b | {"name": "B"}, c], "edges": []}
    )

    assert [(c.op, c.path, c.node_id) for c in changes] == [
        ("remove", "/nodes/0", "a"),
        ("add", "/nodes/0/name", "b"),
        ("add", "/nodes/1", "c"),
        ("remove", "/edges/0", None),
    ]
    assert not truncated


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"nodes": 1}, {"nodes": []}),
        ({"nodes": [1]}, {"nodes": [2]}),
        ({"nodes": [{"id": "a"}, {"id": "a"}]}, {"nodes": [{"id": "a"}]}),
        ({"edges": [[1, 2]]}, {"edges": []}),
        ({"edges": {"a": 1}}, {"edges": [["a", "b"]]}),
        ({"x": True}, {"x": 1}),
        ({"x": None}, {}),
    ],
)
def test_what_is_no_definition_is_compared_all_the_same(older: Any, newer: Any) -> None:
    assert differences(older, newer)[0]
    assert differences(older, older) == ([], False)


def test_a_long_comparison_is_cut() -> None:
    changes, truncated = differences({}, {f"k{n}": n for n in range(MAX_CHANGES + 1)})

    assert (len(changes), truncated) == (MAX_CHANGES, True)
