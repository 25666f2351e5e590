"""A web process of ours, with a Redis of its own that may die."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis
from django.contrib.auth.models import User
from knox.models import AuthToken

from executions_app.streaming.redis_client import WAKE_CHANNEL
from tests.services import Services

START_SECONDS = 60
NAME = "celeriac-web-under-test"


@dataclass(slots=True)
class Web:
    """uvicorn with ``config.asgi``, listening on a socket in ``directory``."""

    directory: Path
    database: Mapping[str, Any]
    services: Services = field(init=False)
    process: psutil.Popen = field(init=False)

    def start(self) -> None:
        """Start it with a new Redis; returns once it answers."""
        self.services = Services(self.directory)
        self._start_process()

    def restart(self) -> None:
        """Stop the process as an operator does, and start it again."""
        self._stop_process()
        self._start_process()

    def stop(self) -> None:
        """Stop everything."""
        self._stop_process()
        self.services.stop()

    def _start_process(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--lifespan", "off"]
        command += ["--uds", str(self._socket), "--timeout-graceful-shutdown", "2"]
        self.process = psutil.Popen(
            [*command, "--log-level", "warning"],
            # libpq's name for who is connected, see ``connections_held``.
            env=self.services.environment(self.database) | {"PGAPPNAME": NAME},
            stdout=(self.directory / "web.log").open("ab"),
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait_until_answering()
        except BaseException:
            self.stop()
            raise

    def _wait_until_answering(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def _stop_process(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def log(self) -> str:
        """Return what it wrote."""
        return (self.directory / "web.log").read_text()

    def client(self, user: User | None) -> httpx.Client:
        """Return a client that has a token of ``user``."""
        return httpx.Client(
            transport=httpx.HTTPTransport(uds=str(self._socket)),
            base_url="http://localhost",
            headers=token_header(user),
            timeout=30,
        )

    def async_client(self, user: User) -> httpx.AsyncClient:
        """Return a client that can hold many streams."""
        return httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(
                uds=str(self._socket), limits=httpx.Limits(max_connections=None)
            ),
            base_url="http://localhost",
            headers=token_header(user),
            timeout=60,
        )

    def hint(self, execution_id: str) -> None:
        """Say in Redis that the execution has news; as with the product, nobody minds if not."""
        try:
            with redis.Redis.from_url(self.services.redis_url, socket_timeout=1) as client:
                client.publish(WAKE_CHANNEL, execution_id)
        except redis.RedisError:
            return

    @property
    def _socket(self) -> Path:
        return self.directory / "web.sock"

    def _answers(self) -> bool:
        try:
            with self.client(None) as client:
                return client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False


def token_header(user: User | None) -> dict[str, str]:
    """Return the credentials of ``user``."""
    return {} if user is None else {"Authorization": f"Token {AuthToken.objects.create(user)[1]}"}
