"""The network that fails, on an echo server, on PostgreSQL and on Valkey."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from tests.chaos.proxy import COMMITTED, Loss, Proxy


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError):
            while data := self.request.recv(4096):
                self.request.sendall(getattr(self.server, "prefix", b"") + data)


def _server(prefix: bytes = b"") -> socketserver.ThreadingTCPServer:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    server.prefix = prefix  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def echo() -> Iterator[Proxy]:
    """A proxy before a server that says again what it is told."""
    with _server() as server, Proxy(f"127.0.0.1:{server.server_address[1]}") as proxy:
        yield proxy
        server.shutdown()


def _connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def _ask(connection: socket.socket, words: bytes) -> bytes:
    connection.sendall(words)
    return connection.recv(4096)


def test_bytes_pass_both_ways(echo: Proxy) -> None:
    with _connect(echo) as one, _connect(echo) as other:
        assert _ask(one, b"a") == b"a"
        assert _ask(other, b"b") == b"b"

    assert echo.counts["connections"] == 2


def test_a_delay_is_paid_each_way(echo: Proxy) -> None:
    with _connect(echo) as connection:
        echo.delay(0.05)
        begun = time.monotonic()

        assert _ask(connection, b"a") == b"a"

        assert time.monotonic() - begun >= 0.1


def test_a_cut_is_a_reset_and_the_next_connection_works(echo: Proxy) -> None:
    with _connect(echo) as connection:
        assert _ask(connection, b"a") == b"a"

        assert echo.cut() == 1

        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with _connect(echo) as connection:
        assert _ask(connection, b"b") == b"b"


def test_who_is_refused_is_told_at_once_and_let_in_again_later(echo: Proxy) -> None:
    echo.refuse()
    with pytest.raises(ConnectionRefusedError):
        _connect(echo)

    echo.heal()

    with _connect(echo) as connection:
        assert _ask(connection, b"a") == b"a"


def test_a_black_hole_takes_everything_and_ends_in_a_reset(echo: Proxy) -> None:
    with _connect(echo) as old:
        assert _ask(old, b"a") == b"a"
        echo.blackhole()
        with _connect(echo) as new:
            for connection in (old, new):
                connection.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    _ask(connection, b"b")

            echo.heal()

            for connection in (old, new):
                connection.settimeout(10)
                with pytest.raises(ConnectionResetError):
                    connection.recv(1)


def test_a_failover_leads_to_the_other_server(echo: Proxy) -> None:
    with _server(b"other:") as other, _connect(echo) as connection:
        assert _ask(connection, b"a") == b"a"

        echo.aim(f"127.0.0.1:{other.server_address[1]}")

        with pytest.raises(ConnectionResetError):
            connection.recv(1)
        with _connect(echo) as again:
            assert _ask(again, b"a") == b"other:a"
        other.shutdown()


def test_lost_replies_follow_from_the_seed() -> None:
    def lost(seed: int) -> list[bool]:
        with _server() as server:
            address = f"127.0.0.1:{server.server_address[1]}"
            with Proxy(address, seed=seed) as proxy:
                proxy.lose(Loss(answered=b"x", chance=0.5, at_most=100))
                found = []
                for _ in range(12):
                    with _connect(proxy) as connection:
                        try:
                            found.append(_ask(connection, b"x") != b"x")
                        except ConnectionResetError:
                            found.append(True)
                server.shutdown()
        return found

    assert lost(3) == lost(3)
    assert lost(3) != lost(4)
    assert {True, False} == set(lost(3))


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Proxy]:
    """A proxy before PostgreSQL."""
    where = Path(parse_qs(urlsplit(postgres_url).query)["host"][0])
    with Proxy(str(where / ".s.PGSQL.5432")) as proxy:
        yield proxy


def _session(proxy: Proxy) -> psycopg.Connection[tuple[int]]:
    return psycopg.connect(
        f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres", connect_timeout=10
    )


def test_a_commit_whose_reply_is_lost_has_happened(postgres: Proxy) -> None:
    with _session(postgres) as session:
        session.execute("CREATE TABLE told_nobody (n int)")
    connection = _session(postgres)
    loss = postgres.lose(Loss(asked=b"INSERT INTO told_nobody"))
    connection.execute("INSERT INTO told_nobody VALUES (1)")

    with pytest.raises(psycopg.OperationalError):
        connection.commit()

    assert loss.lost == 1
    with _session(postgres) as session:
        assert session.execute("SELECT n FROM told_nobody").fetchall() == [(1,)]
        session.execute("DROP TABLE told_nobody")


def test_only_the_transaction_that_is_meant_loses_its_reply(postgres: Proxy) -> None:
    loss = postgres.lose(Loss(answered=COMMITTED, asked=b"SELECT 'this one'"))
    with _session(postgres) as session:
        session.execute("SELECT 'another one'")
        session.commit()
        session.execute("SELECT 'this one'")

        with pytest.raises(psycopg.OperationalError):
            session.commit()

    assert loss.lost == 1


def test_a_statement_that_is_cut_off_has_not_happened(postgres: Proxy) -> None:
    with _session(postgres) as session:
        session.execute("CREATE TABLE cut_off (n int)")
    connection = _session(postgres)
    connection.execute("INSERT INTO cut_off VALUES (1)")

    postgres.cut()

    with pytest.raises(psycopg.OperationalError):
        connection.commit()
    with _session(postgres) as session:
        assert session.execute("SELECT count(*) FROM cut_off").fetchone() == (0,)
        session.execute("DROP TABLE cut_off")


def test_a_broker_in_a_black_hole_is_a_time_out_and_works_again_afterwards(redis_url: str) -> None:
    with Proxy(urlsplit(redis_url).path) as proxy:
        client = redis.Redis(port=proxy.port, socket_timeout=0.3, retry=None)
        client.set("celeriac-proxy-test", "1", ex=60)
        proxy.blackhole()
        with pytest.raises(redis.TimeoutError):
            client.get("celeriac-proxy-test")

        proxy.heal()

        assert client.get("celeriac-proxy-test") == b"1"
        client.close()
