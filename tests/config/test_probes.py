"""Probes tell what works, to anyone, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


def test_a_process_that_serves_is_healthy(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_with_database_and_redis_it_is_ready(client: Client, redis_url: str) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_without_redis_it_is_not_ready_and_does_not_say_where_redis_is(
    client: Client, settings: Any
) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "redis": "unavailable"}


def test_probes_change_nothing(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
