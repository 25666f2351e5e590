"""Logging in to the admin is limited like logging in over the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from workflows_app.api.login_limit import TRIES_PER_NAME

pytestmark = pytest.mark.django_db
RIGHT = {"username": "root", "password": "correct horse"}
WRONG = RIGHT | {"password": "guess"}


@pytest.fixture(autouse=True)
def _no_tries() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def root() -> None:
    get_user_model().objects.create_superuser(**RIGHT)


def test_the_right_password_lets_in(root: None, client: Client) -> None:
    answer = client.post("/admin/login/?next=/admin/", RIGHT)

    assert answer.status_code == 302


def test_after_too_many_guesses_the_right_password_is_refused_too(
    root: None, client: Client
) -> None:
    for _ in range(TRIES_PER_NAME):
        client.post("/admin/login/", WRONG)

    answer = client.post("/admin/login/", RIGHT)

    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()


def test_the_right_password_forgets_earlier_guesses(root: None, client: Client) -> None:
    for _ in range(TRIES_PER_NAME - 1):
        client.post("/admin/login/", WRONG)
    client.post("/admin/login/", RIGHT)
    client.logout()

    answer = client.post("/admin/login/", RIGHT)

    assert answer.status_code == 302
