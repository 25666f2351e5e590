"""Addresses of the stores, as the settings compute them."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis
from kombu import Connection

from config.settings.addresses import (
    SOCKET_PATH_BYTES,
    broker_url,
    database,
    embedded_redis_url,
    socket_path,
)


@pytest.mark.parametrize(
    ("redis_url", "celery_url"),
    [
        ("redis://:pw@cache:6379/2", "redis://:pw@cache:6379/2"),
        ("amqp://guest@rabbit//", "amqp://guest@rabbit//"),
        ("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0"),
        ("unix:///run/r.sock?db=3", "redis+socket:///run/r.sock?virtual_host=3"),
        (
            "unix:///run/r.sock?db=1&password=p%40w",
            "redis+socket://:p%40w@/run/r.sock?virtual_host=1",
        ),
    ],
)
def test_celery_is_given_the_address_it_understands(redis_url: str, celery_url: str) -> None:
    assert broker_url(redis_url) == celery_url


def test_both_clients_reach_the_embedded_server_under_their_spelling(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client, Connection(broker_url(redis_url)) as celery:
        celery.SimpleQueue("addresses").put({"sent": True})

        assert client.llen("addresses") == 1
        assert celery.SimpleQueue("addresses").get(timeout=5).payload == {"sent": True}


def test_a_short_state_directory_holds_its_own_socket(tmp_path: Path) -> None:
    assert socket_path(Path("/srv/var")) == Path("/srv/var/redis.sock")


def test_the_socket_of_a_long_state_directory_is_elsewhere_but_always_the_same() -> None:
    deep = Path("/" + "deep/" * 30)

    found = socket_path(deep)

    assert len(str(found)) <= SOCKET_PATH_BYTES
    assert found == socket_path(deep)
    assert found != socket_path(deep / "other")


def test_a_state_directory_with_odd_characters_keeps_them() -> None:
    url = embedded_redis_url(Path("/srv/what is this?#"))

    pool = redis.ConnectionPool.from_url(url)

    assert pool.connection_kwargs["path"] == "/srv/what is this?#/redis.sock"


def test_sqlite_waits_its_turn_to_write() -> None:
    options = database("sqlite:////srv/celeriac.sqlite3")["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_postgres_checks_connections_it_kept_and_gives_up_on_locks() -> None:
    settings = database("postgresql://u:p@db/name")

    assert settings["CONN_HEALTH_CHECKS"] is True
    assert "pool" not in settings["OPTIONS"]
    assert "lock_timeout" in settings["OPTIONS"]["options"]


def test_a_machine_that_is_gone_is_noticed_from_both_sides() -> None:
    options = database("postgresql://u:p@db/name?connect_timeout=60")["OPTIONS"]

    assert options["connect_timeout"] == 60
    assert 0 < options["tcp_user_timeout"] <= 20_000
    quiet = (
        options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"]
    )
    assert quiet <= 20
    assert "tcp_keepalives_idle" in options["options"]


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="sqlite or postgres"):
        database("mysql://u:p@db/name")
