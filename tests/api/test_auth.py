"""Logging in and out, tokens, and what does not count as either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.management import CommandError, call_command
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.api.conftest import PASSWORD
from workflows_app.api.login_limit import TRIES_PER_ADDRESS, TRIES_PER_NAME

Clients = Callable[[Any], APIClient]
LOGIN, LOGOUT, ME = "/api/auth/login/", "/api/auth/logout/", "/api/auth/me/"


@pytest.fixture
def browser() -> APIClient:
    """A client that keeps cookies and is asked for CSRF tokens."""
    return APIClient(enforce_csrf_checks=True)


def log_in(client: APIClient, password: str = PASSWORD, **extra: Any) -> Any:
    body = {"username": "ada", "password": password}
    return client.post(LOGIN, body, format="json", **extra)


def token_for(user: str, **options: Any) -> str:
    out = StringIO()
    call_command("create_token", user, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def test_a_session_reads_at_once_and_writes_with_the_csrf_token(
    browser: APIClient, ada: Any
) -> None:
    response = log_in(browser)

    assert response.status_code == 200
    expected = {"id": ada.pk, "username": "ada", "is_staff": False, "is_superuser": False}
    assert response.json() == expected
    assert browser.get(ME).json() == expected
    definition = {"definition": {"name": "x"}}
    without = browser.post("/api/workflows/", definition, format="json")
    assert (without.status_code, without.json()["code"]) == (403, "request.csrf")
    token = browser.cookies["csrftoken"].value
    sent = browser.post("/api/workflows/", definition, format="json", HTTP_X_CSRFTOKEN=token)
    assert sent.status_code == 201


def test_a_session_ends_when_its_owner_logs_out(browser: APIClient, ada: Any) -> None:
    log_in(browser)
    session = browser.cookies["sessionid"].value
    token = browser.cookies["csrftoken"].value

    assert browser.post(LOGOUT, HTTP_X_CSRFTOKEN=token).status_code == 204

    browser.cookies["sessionid"] = session
    assert browser.get(ME).status_code == 401


def test_a_login_starts_a_new_session(browser: APIClient, ada: Any) -> None:
    log_in(browser)
    first = browser.cookies["sessionid"].value

    log_in(browser)

    assert browser.cookies["sessionid"].value != first or browser.get(ME).status_code == 200
    assert browser.cookies["sessionid"]["httponly"]


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada", "wrong"), ("nobody", PASSWORD), ("ADA", PASSWORD), (" ada", PASSWORD), ("ada", " ")],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    ada: Any, username: str, password: str
) -> None:
    body = {"username": username, "password": password}

    response = APIClient().post(LOGIN, body, format="json")

    assert response.status_code == 401
    assert response.json() == {
        "code": "auth.invalid",
        "message": "there is no active account with this name and password; try again",
        "details": {},
    }


def test_an_inactive_account_cannot_log_in_nor_use_its_token(ada: Any) -> None:
    token = token_for("ada")
    ada.is_active = False
    ada.save()

    assert log_in(APIClient()).status_code == 401
    assert APIClient().get(ME, HTTP_AUTHORIZATION=f"Token {token}").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "ada"},
        {"password": PASSWORD},
        {"username": "", "password": ""},
        {"username": ["ada"], "password": PASSWORD},
        {"username": {"$ne": ""}, "password": PASSWORD},
        {"username": "a" * 151, "password": PASSWORD},
        {"username": "ada", "password": "x" * 4_097},
        {"username": "ada", "password": None},
        {"username": "ada", "password": PASSWORD, "is_staff": True},
        [],
        "ada",
    ],
)
def test_what_are_no_credentials_is_400(ada: Any, body: Any) -> None:
    response = APIClient().post(LOGIN, body, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "request.invalid")
    assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
        {"HTTP_ORIGIN": "http://eviltestserver"},
        {"HTTP_ORIGIN": "http://testserver@evil.example"},
        {"HTTP_ORIGIN": "http://testserver:81"},
        {"HTTP_ORIGIN": ""},
        {"HTTP_ORIGIN": "http://["},
    ],
)
def test_a_page_of_another_site_cannot_log_its_visitor_in(
    ada: Any, headers: dict[str, str]
) -> None:
    response = log_in(APIClient(), **headers)

    assert (response.status_code, response.json()["code"]) == (403, "request.csrf")
    assert "sessionid" not in response.cookies


def test_a_page_of_this_site_can(ada: Any) -> None:
    headers = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}

    assert log_in(APIClient(), **headers).status_code == 200


def test_guessing_one_password_is_slowed_down(ada: Any) -> None:
    for _ in range(TRIES_PER_NAME):
        assert log_in(APIClient(), "wrong").status_code == 401

    refused = log_in(APIClient())

    assert (refused.status_code, refused.json()["code"]) == (429, "request.throttled")
    assert int(refused["Retry-After"]) == refused.json()["details"]["retry_after_seconds"] > 0
    # Another spelling of the name is the same name, another address another guesser.
    body = {"username": "ＡＤＡ", "password": "wrong"}
    assert APIClient().post(LOGIN, body, format="json").status_code == 429
    assert log_in(APIClient(), REMOTE_ADDR="192.0.2.1").status_code == 200


def test_trying_many_names_is_slowed_down(db: None) -> None:
    for n in range(TRIES_PER_ADDRESS):
        body = {"username": f"user-{n}", "password": "wrong"}
        assert APIClient().post(LOGIN, body, format="json").status_code == 401

    assert log_in(APIClient()).status_code == 429


def test_the_right_password_gives_the_tries_back(ada: Any) -> None:
    for _ in range(2):
        for _ in range(TRIES_PER_NAME - 1):
            log_in(APIClient(), "wrong")
        assert log_in(APIClient()).status_code == 200


class GoneCache(BaseCache):
    """A cache whose server does not answer."""

    def __init__(self, *args: Any) -> None:
        super().__init__({})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        raise ConnectionError("connection refused by redis://:secret@cache:6379")


def test_nobody_logs_in_while_tries_cannot_be_counted(ada: Any, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.GoneCache"}}

    response = log_in(APIClient())

    assert (response.status_code, response.json()["code"]) == (503, "auth.unavailable")
    assert "redis" not in response.content.decode()


def test_a_token_is_printed_once_and_only_its_hash_is_kept(ada: Any) -> None:
    token = token_for("ada")

    assert APIClient().get(ME, HTTP_AUTHORIZATION=f"Token {token}").json()["username"] == "ada"
    stored = AuthToken.objects.get(user=ada)
    assert token not in str(vars(stored))
    assert stored.expiry is not None


def test_a_token_needs_no_csrf_token_and_ignores_cookies(
    browser: APIClient, ada: Any, bob: Any
) -> None:
    log_in(browser)
    token = token_for("bob")

    response = browser.post(
        "/api/workflows/",
        {"definition": {"name": "x"}},
        format="json",
        HTTP_AUTHORIZATION=f"Token {token}",
    )

    assert (response.status_code, response.json()["owner"]) == (201, "bob")


def test_logging_out_with_a_token_revokes_that_token(ada: Any, client_of: Clients) -> None:
    client, other = client_of(ada), client_of(ada)

    assert client.post(LOGOUT).status_code == 204

    assert client.get(ME).status_code == 401
    assert other.get(ME).status_code == 200


def test_a_token_expires(ada: Any) -> None:
    _, token = AuthToken.objects.create(user=ada, expiry=timedelta(seconds=-1))

    assert APIClient().get(ME, HTTP_AUTHORIZATION=f"Token {token}").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        *("Token", "Token ", "Token x", "Token a b", "Token null", "Token undefined"),
        *(f"Token {'0' * 64}", f"Token {'g' * 64}", f"Token {'a' * 10_000}"),
        *("Bearer {token}", "Basic YWRhOnB3", "token: {token}", "{token}", "Token \xff\xfe"),
        *("Token {token}\xe9", "Token {token}x", "Token\t", "Token {token} {token}"),
        *("Token é", "Digest username=ada", "Token {key}", "Token {key}\xe9\xe9\xe9\xe9\xe9"),
    ],
)
def test_what_is_no_token_is_401(ada: Any, header: str) -> None:
    token = token_for("ada")

    sent = header.format(token=token, key=token[:15])
    response = APIClient().get(ME, HTTP_AUTHORIZATION=sent)

    assert response.status_code == 401
    assert response.json()["code"] in ("auth.required", "auth.invalid")
    assert token not in response.content.decode()


def test_a_bad_token_is_not_saved_by_a_good_session(browser: APIClient, ada: Any) -> None:
    log_in(browser)

    assert browser.get(ME, HTTP_AUTHORIZATION="Token wrong").status_code == 401


def test_a_token_in_the_address_does_not_count(ada: Any) -> None:
    token = token_for("ada")

    for name in ("token", "access_token", "auth", "api_key", "Authorization"):
        assert APIClient().get(f"{ME}?{name}={token}").status_code == 401


@pytest.mark.parametrize("path", ["/api//auth/me/", "/api/auth/me/.json", "/API/auth/me/"])
def test_tricks_with_the_address_open_nothing(ada: Any, path: str) -> None:
    assert APIClient().get(path).status_code in (401, 404)


def test_nothing_changes_by_get(ada: Any, client_of: Clients) -> None:
    for url in (LOGIN, LOGOUT, "/api/workflows/validate/"):
        # An address of an operation alone is either refused or an id that nobody has.
        assert client_of(ada).get(url).status_code in (404, 405)


def test_answers_are_kept_out_of_caches(ada: Any, client_of: Clients) -> None:
    response = client_of(ada).get(ME)

    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("user", "options"), [("nobody", {}), ("ada", {"days": 0}), ("ada", {"days": 99_999})]
)
def test_a_token_that_would_not_work_is_not_made(
    ada: Any, user: str, options: dict[str, int]
) -> None:
    with pytest.raises(CommandError):
        token_for(user, **options)

    assert not AuthToken.objects.exists()


def test_the_cache_counts_no_names(ada: Any) -> None:
    log_in(APIClient(), "wrong")

    assert "ada" not in str(getattr(cache, "_cache", {}).keys())
