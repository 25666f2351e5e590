"""``manage.py up`` as a stranger meets it: the real command, its real children, real signals."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.embedded.broker import is_answering
from tests.launcher import Launcher, serves, until

CHILDREN = {"redis", "web", "worker", "beat", "flower"}


def gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "state"


@pytest.fixture(scope="module")
def first(state_dir: Path) -> Iterator[Launcher]:
    """The first start on a new machine, shared by the tests that leave it as it is."""
    launcher = Launcher(state_dir).up()
    yield launcher
    if not launcher.ended:
        launcher.end()


@pytest.fixture(scope="module")
def second(first: Launcher, state_dir: Path) -> Iterator[Launcher]:
    """The start after the first one has ended."""
    if not first.ended:
        first.end()
    launcher = Launcher(state_dir).up()
    yield launcher
    if not launcher.ended:
        launcher.end()


def test_everything_runs_and_is_ready(first: Launcher) -> None:
    assert json.loads(first.get("/readyz")) == {"status": "ok", "database": "ok", "redis": "ok"}
    assert len(first.children()) == len(CHILDREN)


def test_the_new_administrator_can_sign_in_with_what_was_shown(first: Launcher) -> None:
    username, password = re.search(
        r"user (\S+), password (\S+)\n.*shown only now", first.output
    ).groups()  # type: ignore[union-attr]
    cookies = urllib.request.HTTPCookieProcessor()
    browser = urllib.request.build_opener(cookies)
    login = f"http://127.0.0.1:{first.port}/admin/login/"
    browser.open(login, timeout=20)
    csrf = next(cookie.value for cookie in cookies.cookiejar if cookie.name == "csrftoken")
    form = f"csrfmiddlewaretoken={csrf}&username={username}&password={password}&next=/healthz"

    answer = browser.open(login, data=form.encode(), timeout=20)

    assert answer.url.endswith("/healthz")


def test_the_administrators_password_is_in_no_log(first: Launcher, state_dir: Path) -> None:
    password = re.search(r"password (\S+)\n.*shown only now", first.output)[1]  # type: ignore[index]

    logs = list((state_dir / "log").glob("*.log"))

    assert {path.stem for path in logs} == CHILDREN
    assert [path.name for path in logs if password in path.read_text()] == []


def test_flower_asks_for_the_password_it_was_given(first: Launcher, state_dir: Path) -> None:
    account = f"admin:{(state_dir / 'flower_password').read_text()}"
    request = urllib.request.Request(f"http://127.0.0.1:{first.flower_port}/api/workers")
    until(lambda: serves(first.flower_port), "Flower serves")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    request.add_header("Authorization", f"Basic {b64encode(account.encode()).decode()}")

    assert refused.value.code == 401
    assert urllib.request.urlopen(request, timeout=20).status == 200


def test_a_second_launcher_over_the_same_state_is_refused(first: Launcher, state_dir: Path) -> None:
    second = Launcher(state_dir)

    until(lambda: second.ended, "the second one gives up")

    assert second.process.returncode == 1
    assert "already running" in second.output


def test_a_port_in_use_is_named(first: Launcher, tmp_path: Path) -> None:
    other = Launcher(tmp_path, PORT=str(first.port))

    until(lambda: other.ended, "it gives up")

    assert other.process.returncode == 1
    assert f"cannot serve at 127.0.0.1:{first.port}: another program uses it" in other.output


def test_what_dies_is_started_again(first: Launcher) -> None:
    before = {child.pid for child in first.children()}
    worker = next(child for child in first.children() if "worker" in child.cmdline())

    worker.kill()

    until(lambda: len(first.children()) == len(CHILDREN), "all run again")
    until(lambda: first.output.count("ready.") == 2, "the new worker is ready")
    assert len({child.pid for child in first.children()} - before) == 1
    assert "worker | ended with signal 9" in first.output


def test_ctrl_c_stops_everything(first: Launcher) -> None:
    children = first.children()

    status = first.end(signal.SIGINT)

    assert (status, gone(children)) == (0, True)
    assert "killed" not in first.output


def test_the_next_start_finds_its_data(second: Launcher) -> None:
    assert "shown only now" not in second.output


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a dead parent")
def test_nothing_survives_a_killed_launcher_and_the_next_one_starts(
    second: Launcher, state_dir: Path
) -> None:
    children = second.children()

    second.end(signal.SIGKILL)

    try:
        until(lambda: gone(children), "all children are gone")
    finally:
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    assert Launcher(state_dir).up().end(signal.SIGTERM) == 0


def test_a_redis_that_is_given_is_used_and_left_running(tmp_path: Path, redis_url: str) -> None:
    launcher = Launcher(tmp_path, REDIS_URL=redis_url, FLOWER_PORT="0").up()

    assert len(launcher.children()) == len(CHILDREN - {"redis", "flower"})
    assert launcher.end() == 0
    assert is_answering(redis_url)


def test_a_redis_that_does_not_answer_is_named(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path, REDIS_URL="redis://:secret@127.0.0.1:1/0")

    until(lambda: launcher.ended, "it gives up")

    assert launcher.process.returncode == 1
    assert "REDIS_URL" in launcher.output
    assert "secret" not in launcher.output
