"""Everything on one machine, from the first directory to the last process.

Refuses to run twice over the same state directory, and to leave anything running behind it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.db import connections

from config.browser.building import BuildFailed, build
from config.browser.node import NodeMissing
from config.embedded.broker import NotAnswering, is_answering, prepare_directories
from config.embedded.broker import wait_until_answering as wait_for_redis
from config.embedded.first_admin import FirstAdmin, create_first_admin
from config.embedded.log_lines import LogLines
from config.embedded.ports import is_serving, require_free
from config.embedded.programs import application_programs, redis_program
from config.embedded.supervisor import Supervisor
from config.embedded.welcome import welcome
from config.settings.addresses import socket_path

LOOK_SECONDS = 0.2
WEB_START_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: ``make`` passes on a signal that its whole process group got already; that is one wish, not two.
SAME_WISH_SECONDS = 1.0


class AlreadyRunning(Exception):
    """Another launcher has this state directory."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(
            f"already running over {str(state_dir)!r}: stop that one, or set another STATE_DIR"
        )


class _StopWished(BaseException):
    """A signal asked for an orderly end while something was being prepared."""


class Installation:
    """One run of the launcher."""

    def __init__(self, settings: Any, *, samples: bool = True) -> None:
        self._settings = settings
        self._samples = samples
        self._lines = LogLines(settings.STATE_DIR / "log")
        self._supervisor = Supervisor(self._lines)
        self._new_admin: FirstAdmin | None = None
        self._wished_at: float | None = None

    def run(self) -> None:
        """Start everything, keep it running until a signal comes, and stop it.

        Raises:
            AlreadyRunning: if another launcher has this state directory.
            PortTaken: if the web's or Flower's port is in use.
            BrokerError: if the broker cannot be used.
        """
        for number in STOP_SIGNALS:
            signal.signal(number, self._wish)
        with _sole_owner(self._settings.STATE_DIR):
            try:
                self._prepare()
                self._start_applications()
                while True:
                    self._supervisor.look()
                    time.sleep(LOOK_SECONDS)
            except _StopWished:
                self._lines.announce("\nStopping ... (once more to stop at once)")
            finally:
                self._stop()

    def _prepare(self) -> None:
        settings = self._settings
        require_free(settings.HOST, settings.PORT, variable="PORT")
        if settings.FLOWER_PORT:
            require_free("127.0.0.1", settings.FLOWER_PORT, variable="FLOWER_PORT")
        self._build_web_ui()
        self._bring_redis()
        self._lines.announce("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        self._new_admin = create_first_admin()
        if self._samples and "load_samples" in get_commands():
            call_command("load_samples", verbosity=0)
        connections.close_all()

    def _build_web_ui(self) -> None:
        try:
            build(tell=self._lines.announce)
        except (BuildFailed, NodeMissing) as error:
            # Everything else runs without it, and its page says how to try again.
            self._lines.announce(f"{error}\nGoing on without the web UI.")

    def _bring_redis(self) -> None:
        settings = self._settings
        if settings.REDIS_URL_GIVEN:
            if not is_answering(settings.REDIS_URL):
                raise NotAnswering(
                    "the address in REDIS_URL", "start it, or unset REDIS_URL to use our own"
                )
            return
        data_dir = settings.STATE_DIR / "redis"
        prepare_directories(socket=socket_path(settings.STATE_DIR), data_dir=data_dir)
        self._supervisor.start(redis_program(settings))
        wait_for_redis(
            settings.REDIS_URL, still_running=lambda: self._supervisor.is_running("redis")
        )

    def _start_applications(self) -> None:
        for program in application_programs(self._settings):
            self._supervisor.start(program)
        deadline = time.monotonic() + WEB_START_SECONDS
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._settings.HOST, self._settings.HOST)  # noqa: S104
        while not is_serving(host, self._settings.PORT) and time.monotonic() < deadline:
            self._supervisor.look()
            time.sleep(0.05)
        self._welcome()

    def _welcome(self) -> None:
        self._lines.announce(welcome(self._settings, self._new_admin))
        self._new_admin = None

    def _stop(self) -> None:
        if self._new_admin is not None:  # its password is shown once, and has not been
            self._welcome()
        try:
            self._supervisor.stop(["web", "beat", "flower", "worker"])
            self._supervisor.stop(["redis"])
        except _StopWished:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._supervisor.kill()
        self._lines.close()

    def _wish(self, number: int, frame: Any) -> None:
        now = time.monotonic()
        if self._wished_at is None or now - self._wished_at > SAME_WISH_SECONDS:
            self._wished_at = now
            raise _StopWished


@contextmanager
def _sole_owner(state_dir: Path) -> Iterator[None]:
    """Hold the lock of ``state_dir``; the system releases it whatever becomes of us."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(state_dir / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(state_dir) from error
        yield
    finally:
        os.close(descriptor)
