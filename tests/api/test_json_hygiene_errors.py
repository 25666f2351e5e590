"""Whatever breaks inside, the answer is JSON that shows nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from workflows_app.api.errors import problems_of
from workflows_app.api.views import ApiView, at

SECRET = "SELECT password FROM users at /srv/app/secret.py"


def answer_to(error: Exception, ada: Any) -> Response:
    class Breaking(ApiView):
        def get(self, request: Request) -> Response:
            raise error

    request = APIRequestFactory().get("/")
    force_authenticate(request, user=ada)
    response = Breaking.as_view()(request)
    response.render()
    return response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError(SECRET), 500, "server.error"),
        (KeyError(SECRET), 500, "server.error"),
        (RecursionError(SECRET), 500, "server.error"),
        (OperationalError(SECRET), 503, "server.busy"),
        (Http404(SECRET), 404, "not_found"),
        (PermissionDenied(SECRET), 403, "auth.forbidden"),
        (exceptions.PermissionDenied(SECRET), 403, "auth.forbidden"),
        (exceptions.NotFound(SECRET), 404, "not_found"),
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_shows_nothing_of_us(
    ada: Any, settings: Any, error: Exception, status: int, code: str, debug: bool
) -> None:
    settings.DEBUG = debug

    response = answer_to(error, ada)

    assert response.status_code == status
    assert set(response.data) == {"code", "message", "details"}
    assert response.data["code"] == code
    assert SECRET not in response.content.decode()
    assert response["Content-Type"] == "application/json"


def test_what_was_not_foreseen_is_logged_with_its_trace(
    ada: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer_to(RuntimeError(SECRET), ada)

    (record,) = [r for r in caplog.records if r.name == "workflows_app.api.errors"]
    assert record.exc_info is not None


def test_problems_carry_the_place_in_the_body() -> None:
    detail = exceptions.ValidationError(
        {"a": [{"b": ["wrong"]}, {}], "c/d": ["odd"], "non_field_errors": ["all of it"]}
    ).detail

    assert [(p["path"], p["message"]) for p in problems_of(detail)] == [
        ("/a/0/b", "wrong"),
        ("/c~1d", "odd"),
        ("", "all of it"),
    ]


def test_operations_at_one_address_must_differ_in_their_method() -> None:
    class One(ApiView):
        def get(self, request: Request) -> Response:
            raise NotImplementedError

    class Another(ApiView):
        def get(self, request: Request) -> Response:
            raise NotImplementedError

    with pytest.raises(TypeError, match="method"):
        at(One, Another)
