"""The stores that tests run against are the real ones."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection

from tests.services import Services


def test_redis_is_brought_where_the_settings_say(redis_url: str) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping()

    assert redis_url == settings.REDIS_URL


def test_redis_keeps_its_data_over_a_restart(services: Services, redis_url: str) -> None:
    if settings.REDIS_URL_GIVEN:
        pytest.fail("this test restarts its own server: run it without REDIS_URL")
    with redis.Redis.from_url(redis_url) as client:
        client.set("kept", "yes")

    services.stop_redis()
    services.start_redis()

    with redis.Redis.from_url(redis_url) as client:
        assert client.getdel("kept") == b"yes"


def test_postgres_is_brought(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connected:
        assert connected.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.django_db
def test_tests_run_with_the_settings_of_tests() -> None:
    assert settings.SETTINGS_MODULE == "config.settings.test"
    assert settings.LEASE_SECONDS <= 3


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_tests_own_database(services: Services) -> None:
    from django.contrib.auth.models import User

    User.objects.create(username="seen")
    program = (
        "import django; django.setup(); from django.contrib.auth.models import User;"
        "print(list(User.objects.values_list('username', flat=True)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program],
        env=services.environment(connection.settings_dict),
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "['seen']"
