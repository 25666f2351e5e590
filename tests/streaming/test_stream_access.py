"""Who may follow an execution, and what everybody else is told."""

from __future__ import annotations

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.streaming.log_rows import a_user, an_execution
from tests.streaming.reader import following, seqs
from tests.streaming.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


def refused(web: Web, user: User | None, path: str, **options: object) -> tuple[int, str]:
    with web.client(user) as client:
        answer = client.get(path, **options)
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("fields", "owned", "sees"),
    [
        ({}, True, False),
        ({"is_staff": True}, True, False),
        ({"is_superuser": True}, True, True),
        ({}, False, False),
        ({"is_staff": True}, False, True),
        ({"is_superuser": True}, False, True),
    ],
)
def test_others_follow_what_the_rule_lets_them(
    web: Web, fields: dict[str, bool], owned: bool, sees: bool
) -> None:
    execution = an_execution(a_user() if owned else None, events=2)
    somebody = a_user(**fields)
    path = f"/api/executions/{execution.pk}/stream/"

    if sees:
        with web.client(somebody) as client, following(client, path) as stream:
            assert seqs(stream.take(2)) == [1, 2]
    else:
        assert refused(web, somebody, path) == (404, "execution.not_found")


def test_a_foreign_id_is_told_like_one_that_never_was(web: Web) -> None:
    ada, bob = a_user(), a_user()
    foreign = an_execution(bob, events=1, id="a-foreign-one")

    with web.client(ada) as client:
        answers = [
            client.get(f"/api/executions/{key}/stream/").json()
            for key in (foreign.pk, "never-given-out")
        ]

    assert answers[0]["code"] == answers[1]["code"]
    assert answers[0]["details"] == answers[1]["details"]


def test_nobody_follows_without_credentials(web: Web) -> None:
    execution = an_execution(None, events=1)

    assert refused(web, None, f"/api/executions/{execution.pk}/stream/") == (401, "auth.required")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?format=xml", "query.invalid"),
        ("?channel=execution-x", "query.unknown_filter"),
        ("?last_event_id=1&last_event_id=2", "query.invalid"),
    ],
)
def test_other_parameters_are_refused(web: Web, query: str, code: str) -> None:
    ada = a_user()
    execution = an_execution(ada, events=1)

    assert refused(web, ada, f"/api/executions/{execution.pk}/stream/{query}") == (400, code)


def test_a_browser_follows_with_its_cookie_but_not_for_another_site(web: Web) -> None:
    ada = a_user()
    execution = an_execution(ada, events=1)
    browser = Client()
    browser.force_login(ada)
    cookies = {"sessionid": browser.cookies["sessionid"].value}
    path = f"/api/executions/{execution.pk}/stream/"
    event_source = {"Accept": "text/event-stream", "Sec-Fetch-Site": "same-origin"}

    with web.client(None) as client:
        client.cookies.update(cookies)
        with following(client, path, headers=event_source) as stream:
            told = stream.response.headers
            assert seqs(stream.take(1)) == [1]
        elsewhere = client.get(path, headers={"Sec-Fetch-Site": "cross-site"})

    assert told["Content-Type"] == "text/event-stream"
    assert told["Cache-Control"] == "no-store"
    assert told["X-Accel-Buffering"] == "no"
    assert "Access-Control-Allow-Origin" not in told
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "auth.forbidden")


def test_a_stream_is_only_for_reading(web: Web) -> None:
    ada = a_user()
    execution = an_execution(ada, events=1)

    with web.client(ada) as client:
        answers: list[httpx.Response] = [
            client.request(method, f"/api/executions/{execution.pk}/stream/")
            for method in ("POST", "PUT", "DELETE", "HEAD")
        ]

    assert [answer.status_code for answer in answers] == [405] * 4
