"""Who may do what with an execution, by every route there is."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from executions_app.api.urls import urlpatterns
from executions_app.models import Execution
from tests.api.execution_clients import a_started_execution, client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db

#: Method, the route's end, and the answer to somebody who may.
COMMANDS = [
    ("GET", "", 200),
    ("GET", "events/", 200),
    ("GET", "logs/", 200),
    ("GET", "steps/", 200),
    ("GET", "steps/call/", 200),
    ("GET", "stream/", 501),  # not over WSGI; see tests/streaming
    ("POST", "cancel/", 202),
    ("POST", "rerun/", 202),
    ("POST", "pause/", 202),
    ("POST", "unpause/", 409),
    ("POST", "resume/", 400),  # without an answer
    ("POST", "send-event/", 400),  # without an event
    ("POST", "retry/", 409),
    ("POST", "skip/", 400),  # without a step
    ("POST", "restart/", 202),
    ("POST", "time-travel/", 400),  # without a step
    ("DELETE", "", 409),
]


def caller(kind: str, owner: User) -> User | None:
    match kind:
        case "owner":
            return owner
        case "superuser":
            return a_user(is_superuser=True)
        case "staff":
            return a_user(is_staff=True)
        case "inactive owner":
            User.objects.filter(pk=owner.pk).update(is_active=False)
            return owner
        case "other":
            return a_user()
    return None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", None),
        ("superuser", None),
        ("staff", 404),
        ("other", 404),
        ("inactive owner", 401),
        ("anonymous", 401),
    ],
)
@pytest.mark.parametrize(("method", "end", "allowed"), COMMANDS)
def test_only_those_who_may_see_it_command_it(
    who: str, status: int | None, method: str, end: str, allowed: int
) -> None:
    owner = a_user()
    execution = a_started_execution(owner)
    client = client_of(owner if who == "inactive owner" else None)
    user = caller(who, owner)
    if who not in ("inactive owner", "anonymous"):
        client = client_of(user)

    answer = client.generic(method, f"/api/executions/{execution.pk}/{end}")

    assert answer.status_code == (status or allowed), answer.content
    if status:
        assert answer.json().keys() == {"code", "message", "details"}
        assert Execution.objects.get().stopping == ""


def test_every_route_of_one_execution_is_in_the_list_above() -> None:
    routes = {
        str(route.pattern).partition("<execution_id:execution_id>/")[2] for route in urlpatterns
    }
    known = {end.replace("call", "<run_key:step_id>") for _, end, _ in COMMANDS}

    assert routes == known


def test_a_bracket_in_an_address_is_a_round_or_nothing() -> None:
    owner = a_user()
    execution = a_started_execution(owner)
    client = client_of(owner)

    for key in ("call[0]", "call%5B0%5D", "call[0][1]", "call[", "call[]", "call[-1]", "call[x]"):
        answer = client.get(f"/api/executions/{execution.pk}/steps/{key}/")

        assert answer.status_code == 404, key


@pytest.mark.parametrize("key", ["never-given-out", "%00", "a%0A", "x" * 201, "..", "a/b", "é"])
@pytest.mark.parametrize("end", ["", "events/", "logs/", "stream/", "steps/x/"])
def test_an_id_that_is_none_is_not_found(key: str, end: str) -> None:
    answer = client_of(a_user()).get(f"/api/executions/{key}/{end}")

    assert answer.status_code == 404
    assert answer.json().keys() == {"code", "message", "details"}


def test_executions_without_an_owner_are_for_staff() -> None:
    execution = an_execution(None)
    seen = {
        name: [row["id"] for row in client_of(user).get("/api/executions/").json()["results"]]
        for name, user in {
            "staff": a_user(is_staff=True),
            "superuser": a_user(is_superuser=True),
            "user": a_user(),
        }.items()
    }

    assert seen == {"staff": [execution.pk], "superuser": [execution.pk], "user": []}


@pytest.mark.parametrize("end", [end for method, end, _ in COMMANDS if method == "POST"])
def test_nothing_is_commanded_by_get(end: str) -> None:
    owner = a_user()
    execution = a_started_execution(owner)

    assert client_of(owner).get(f"/api/executions/{execution.pk}/{end}").status_code == 405
