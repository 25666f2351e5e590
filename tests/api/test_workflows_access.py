"""Who may do what with which address: the whole matrix, and a test that it is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.definitions import greeting
from workflows_app.api.urls import urlpatterns
from workflows_app.models import Connection, Workflow

Clients = Callable[[Any], APIClient]

METHODS = ("get", "post", "put", "patch", "delete", "options")
BODIES: dict[str, Any] = {
    "workflows": {"definition": greeting()},
    "workflow": {"definition": greeting()},
    "validate": {"definition": greeting()},
    "import": {"document": greeting()},
    "connections": {"toolkit": "gmail", "account_id": "ca_new"},
}
#: Name of the route -> method -> statuses for (owner, somebody else, superuser).  Everybody else
#: gets 401; a method that is not listed is 405.
POLICY: dict[str, dict[str, tuple[int, int, int]]] = {
    "logout": {"post": (204, 204, 204)},
    "me": {"get": (200, 200, 200)},
    "workflows": {"get": (200, 200, 200), "post": (201, 201, 201)},
    "validate": {"post": (200, 200, 200)},
    "workflow": {
        "get": (200, 404, 200),
        "put": (200, 404, 200),
        "patch": (200, 404, 200),
        "delete": (204, 404, 204),
    },
    "import": {"post": (200, 200, 200)},
    "archive": {"post": (200, 404, 200)},
    "unarchive": {"post": (200, 404, 200)},
    "compile": {"post": (200, 404, 200)},
    "preflight": {"get": (200, 404, 200)},
    "source": {"get": (200, 404, 200)},
    "versions": {"get": (200, 404, 200)},
    "version": {"get": (200, 404, 200)},
    "restore": {"post": (200, 404, 200)},
    "diff": {"get": (200, 404, 200)},
    "definition-schema": {"get": (200, 200, 200)},
    "samples": {"get": (200, 200, 200)},
    "sample": {"get": (200, 200, 200)},
    "steps": {"get": (200, 200, 200)},
    "tools": {"get": (200, 200, 200)},
    "tool": {"get": (200, 200, 200)},
    "connections": {"get": (200, 200, 200), "post": (201, 201, 201)},
    "connection": {"get": (200, 404, 404), "delete": (204, 404, 404)},
}
#: Open to everybody; tested with the login itself.
ANONYMOUS = {"login"}
CELLS = [(name, method) for name in POLICY for method in METHODS]


@pytest.fixture
def addresses(workflow: Workflow, ada: Any) -> dict[str, str]:
    connection = Connection.objects.create(owner=ada, toolkit="gmail", account_id="ca_1")
    one = f"/api/workflows/{workflow.pk}/"
    return {
        "logout": "/api/auth/logout/",
        "me": "/api/auth/me/",
        "workflows": "/api/workflows/",
        "validate": "/api/workflows/validate/",
        "workflow": one,
        "import": "/api/workflows/import/",
        "archive": f"{one}archive/",
        "unarchive": f"{one}unarchive/",
        "compile": f"{one}compile/",
        "preflight": f"{one}preflight/",
        "source": f"{one}source/",
        "versions": f"{one}versions/",
        "version": f"{one}versions/1/",
        "restore": f"{one}versions/1/restore/",
        "diff": f"{one}versions/1/diff/",
        "definition-schema": "/api/definition-schema/",
        "samples": "/api/samples/",
        "sample": "/api/samples/route-a-ticket/",
        "steps": "/api/steps/",
        "tools": "/api/tools/",
        "tool": "/api/tools/template/",
        "connections": "/api/connections/",
        "connection": f"/api/connections/{connection.pk}/",
    }


def test_every_route_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urlpatterns} == POLICY.keys() | ANONYMOUS


@pytest.mark.parametrize(("name", "method"), CELLS)
def test_everybody_may_do_what_the_policy_says(
    client_of: Clients,
    ada: Any,
    bob: Any,
    root: Any,
    addresses: dict[str, str],
    name: str,
    method: str,
) -> None:
    allowed = POLICY[name].get(method, (405, 405, 405))
    body = None if method == "get" else BODIES.get(name, {})

    # The owner comes last, because a delete that was allowed leaves nothing to look at.
    for user, expected in ((bob, allowed[1]), (root, allowed[2]), (ada, allowed[0])):
        if method == "delete" and user is ada and allowed[2] == 204:
            continue
        response = getattr(client_of(user), method)(addresses[name], body, format="json")
        assert response.status_code == expected, (user.username, response.content)
        if expected >= 400:
            assert set(response.json()) == {"code", "message", "details"}


@pytest.mark.parametrize(("name", "method"), CELLS)
def test_without_credentials_everything_is_401(
    client_of: Clients, addresses: dict[str, str], name: str, method: str
) -> None:
    response = getattr(client_of(None), method)(
        addresses[name], BODIES.get(name, {}), format="json"
    )

    assert response.status_code == 401
    assert response.json()["code"] == "auth.required"
    assert response["WWW-Authenticate"] == "Token"


def test_the_owner_can_delete(client_of: Clients, ada: Any, addresses: dict[str, str]) -> None:
    for name in ("workflow", "connection"):
        assert client_of(ada).delete(addresses[name]).status_code == 204


def test_a_foreign_id_answers_like_one_that_never_was(
    client_of: Clients, bob: Any, addresses: dict[str, str], workflow: Workflow
) -> None:
    client = client_of(bob)

    foreign = client.get(addresses["workflow"])
    unknown = client.get("/api/workflows/no-such-id/")

    assert foreign.content.decode().replace(workflow.pk, "no-such-id") == unknown.content.decode()
    # Also when the body is bad, so that the body tells nothing either.
    assert client.put(addresses["workflow"], [], format="json").status_code == 404


def test_a_foreign_workflow_is_in_no_list(
    client_of: Clients, bob: Any, workflow: Workflow, python_workflow: Workflow
) -> None:
    rows = client_of(bob).get(f"/api/workflows/?q={workflow.pk}").json()["results"]
    seen = {row["id"] for row in client_of(bob).get("/api/workflows/").json()["results"]}

    assert rows == []
    assert workflow.pk not in seen
    assert python_workflow.pk in seen


def test_a_workflow_whose_owner_is_gone_belongs_to_nobody_else(
    client_of: Clients, ada: Any, bob: Any, root: Any, workflow: Workflow
) -> None:
    ada.delete()

    assert client_of(bob).get(f"/api/workflows/{workflow.pk}/").status_code == 404
    assert client_of(root).get(f"/api/workflows/{workflow.pk}/").status_code == 200
    assert Workflow.objects.get(pk=workflow.pk).owner is None


@pytest.mark.parametrize(
    "id_",
    [
        *("%00", "a%00b", "..", "%2e%2e", "a%2Fb", "a;x", "a b", "%F0%9F%90%8D", "-a"),
        *("a" * 201, "validate%20", "{}", "%ED%A0%80", "*", "%"),
    ],
)
def test_what_can_be_no_id_is_404(api: APIClient, id_: str) -> None:
    for rest in ("", "versions/", "versions/1/", "preflight/"):
        response = api.get(f"/api/workflows/{id_}/{rest}")

        assert response.status_code == 404
        assert response["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("number", ["0", "-1", "1.0", "1e3", "9999999999", "x", "%00", "01"])
def test_what_can_be_no_version_is_404(api: APIClient, workflow: Workflow, number: str) -> None:
    for rest in ("", "diff/", "restore/"):
        url = f"/api/workflows/{workflow.pk}/versions/{number}/{rest}"
        response = api.post(url) if rest == "restore/" else api.get(url)

        assert response.status_code == 404
