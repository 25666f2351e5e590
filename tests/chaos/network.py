"""This process's own way to PostgreSQL, which fails as a test says.  For one process alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.chaos.proxy import Proxy


@contextmanager
def failing_network() -> Iterator[Proxy]:
    """Yield a proxy through which this process reaches its database while the block runs."""
    settings, before = connection.settings_dict, dict(connection.settings_dict)
    options = settings.get("OPTIONS", {})
    host, port = settings["HOST"] or options.get("host", ""), settings["PORT"] or "5432"
    is_socket = str(host).startswith("/")
    target = str(Path(host) / f".s.PGSQL.{port}") if is_socket else f"{host}:{port}"
    with Proxy(target, name="database") as proxy:
        connection.close()
        settings["OPTIONS"] = {name: options[name] for name in options if name != "host"}
        settings["HOST"], settings["PORT"] = "127.0.0.1", str(proxy.port)
        try:
            yield proxy
        finally:
            connection.close()
            settings.update(before)
