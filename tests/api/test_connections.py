"""Connections over HTTP, checked against a hub on loopback that speaks both protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.connectors.composio_stub import ACCOUNT_TOKEN, API_KEY, ComposioStub, returns
from workflows_app.models import Connection, entity_id_of

URL = "/api/connections/"


@pytest.fixture(params=["v2", "v3"])
def hub(request: pytest.FixtureRequest, settings: Any) -> Iterator[ComposioStub]:
    """A connector hub, configured."""
    with ComposioStub() as stub:
        settings.COMPOSIO_API_KEY = API_KEY
        settings.COMPOSIO_BASE_URL = stub.base_url
        settings.COMPOSIO_API = request.param
        yield stub


def body(**fields: Any) -> dict[str, Any]:
    return {"toolkit": "gmail", "account_id": "ca_1", "label": "Work", **fields}


def test_an_account_of_the_caller_is_noted_down(
    api: APIClient, ada: Any, hub: ComposioStub
) -> None:
    hub.account("ca_1", owner=entity_id_of(ada.pk), toolkit="gmail")

    response = api.post(URL, body(), format="json")

    assert response.status_code == 201
    made = response.json()
    assert set(made) == {
        *("id", "toolkit", "account_id", "label", "status", "is_default", "created_at")
    }
    assert (made["toolkit"], made["account_id"], made["label"]) == ("gmail", "ca_1", "Work")
    assert api.get(response["Location"]).json() == made
    assert api.get(URL).json()["results"] == [made]
    assert ACCOUNT_TOKEN not in response.content.decode()


@pytest.mark.parametrize(
    "account",
    [
        {"owner": "user-999999"},
        {"owner": None},
        {"toolkit": "github"},
        None,
    ],
)
def test_an_account_that_is_not_the_callers_is_told_like_one_that_is_not_there(
    api: APIClient, ada: Any, hub: ComposioStub, account: dict[str, Any] | None
) -> None:
    if account is not None:
        hub.account("ca_1", **{"owner": entity_id_of(ada.pk), "toolkit": "gmail", **account})

    response = api.post(URL, body(), format="json")

    assert (response.status_code, response.json()["code"]) == (400, "composio.account_mismatch")
    assert not Connection.objects.exists()


def test_an_account_that_has_to_be_connected_again_is_refused(
    api: APIClient, ada: Any, hub: ComposioStub
) -> None:
    hub.account("ca_1", owner=entity_id_of(ada.pk), toolkit="gmail", status="EXPIRED")

    response = api.post(URL, body(), format="json")

    assert (response.status_code, response.json()["code"]) == (400, "composio.account_inactive")
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("status", "answer"), [(500, 503), (429, 503), (401, 502)])
def test_a_hub_that_does_not_answer_is_no_fault_of_the_callers(
    api: APIClient, hub: ComposioStub, status: int, answer: int
) -> None:
    hub.account_behaviour = returns("nonsense", status=status)

    response = api.post(URL, body(), format="json")

    assert response.status_code == answer
    assert response.json()["code"].startswith("composio.")
    assert API_KEY not in response.content.decode()
    assert not Connection.objects.exists()


def test_adding_the_same_account_again_activates_it(api: APIClient, ada: Any) -> None:
    first = api.post(URL, body(), format="json")
    Connection.objects.update(status=Connection.Status.INACTIVE)

    second = api.post(URL, body(label="Private"), format="json")

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json() | {"label": "Private"}
    assert Connection.objects.count() == 1


def test_two_people_may_note_down_the_same_id_and_see_their_own(
    api: APIClient, client_of: Callable[[Any], APIClient], bob: Any
) -> None:
    other = client_of(bob)

    mine = api.post(URL, body(), format="json").json()
    theirs = other.post(URL, body(), format="json").json()

    assert mine["id"] != theirs["id"]
    assert api.get(URL).json()["results"] == [mine]
    assert other.get(f"{URL}{mine['id']}/").status_code == 404
    assert other.delete(f"{URL}{mine['id']}/").status_code == 404
    assert Connection.objects.count() == 2


def test_a_removed_connection_is_gone(api: APIClient) -> None:
    url = api.post(URL, body(), format="json")["Location"]

    assert api.delete(url).status_code == 204

    assert api.get(url).json()["code"] == "connection.not_found"


def test_connections_are_filtered(api: APIClient) -> None:
    api.post(URL, body(), format="json")
    api.post(URL, body(toolkit="github", account_id="ca_2"), format="json")
    Connection.objects.filter(toolkit="github").update(status="inactive")

    def found(query: str) -> list[str]:
        return [row["toolkit"] for row in api.get(f"{URL}?{query}").json()["results"]]

    assert found("toolkit=gmail") == ["gmail"]
    assert found("status=inactive") == ["github"]
    assert found("status=inactive&toolkit=gmail") == []


@pytest.mark.parametrize(
    "change",
    [
        {"toolkit": ""},
        {"toolkit": "Gmail"},
        {"toolkit": "../gmail"},
        {"toolkit": "a" * 101},
        {"toolkit": None},
        {"toolkit": ["gmail"]},
        {"toolkit": "gmail\n"},
        {"account_id": ""},
        {"account_id": "../ca_1"},
        {"account_id": "ca_1?x=1"},
        {"account_id": "ca 1"},
        {"account_id": "a" * 129},
        {"account_id": "ca_1\n2"},
        {"account_id": 1.5},
        {"label": "x" * 201},
        {"label": None},
        {"label": {}},
        {"owner": 1},
        {"entity_id": "user-1"},
        {"credentials": {"token": "x"}},
    ],
)
def test_what_is_no_connection_is_refused(api: APIClient, change: dict[str, Any]) -> None:
    response = api.post(URL, body(**change), format="json")

    if change == {"toolkit": "gmail\n"}:
        # A space at the end of a text is not part of it.
        assert (response.status_code, response.json()["toolkit"]) == (201, "gmail")
        return
    assert (response.status_code, response.json()["code"]) == (400, "request.invalid")
    assert not Connection.objects.exists()


@pytest.mark.parametrize("field", ["id", "status", "is_default", "created_at"])
def test_what_the_server_decides_is_not_written(api: APIClient, field: str) -> None:
    made = api.post(URL, body(**{field: "inactive"}), format="json")

    assert made.status_code == 201
    assert (made.json()["status"], made.json()["is_default"]) == ("active", True)
