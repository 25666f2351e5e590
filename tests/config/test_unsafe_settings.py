"""Production refuses to start unsafely, whatever is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SAFE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "kZ3v-Qm8Xr1LwT6yBn0HsD4uGc9JfPaE2oViMxRtYbNqWeKlSj",
    "ALLOWED_HOSTS": "celeriac.example",
    "FLOWER_PASSWORD": "a-long-enough-one",
    "DATABASE_URL": "postgresql://u:p@db/celeriac",
    "REDIS_URL": "redis://:p@cache.example:6379/0",
}
UNSAFE = [
    pytest.param({"SECRET_KEY": ""}, "E001", id="no secret key"),
    pytest.param({"SECRET_KEY": "short"}, "E001", id="short secret key"),
    pytest.param({"SECRET_KEY": "a" * 80}, "E001", id="secret key of one letter"),
    pytest.param({"SECRET_KEY": "django-insecure-" + SAFE["SECRET_KEY"]}, "E001", id="example key"),
    pytest.param({"SECRET_KEY_FALLBACKS": "short"}, "E001", id="weak fallback key"),
    pytest.param({"DEBUG": "true"}, "E002", id="debug"),
    pytest.param({"ALLOWED_HOSTS": ""}, "E003", id="no hosts"),
    pytest.param({"ALLOWED_HOSTS": "celeriac.example,*"}, "E003", id="all hosts"),
    pytest.param({"FLOWER_PASSWORD": ""}, "E004", id="flower without password"),
    pytest.param({"FLOWER_PASSWORD": "short"}, "E004", id="flower with a short password"),
]
DOUBTFUL = [
    pytest.param({"HTTPS_ONLY": "false"}, "W001", id="no https"),
    pytest.param({"DATABASE_URL": ""}, "W002", id="sqlite"),
    pytest.param({"REDIS_URL": "redis://cache.example:6379/0"}, "W003", id="open redis"),
    pytest.param({"BROKER_URL": "redis://8.8.8.8:6379/0"}, "W003", id="open broker"),
    pytest.param({"REDIS_URL": ""}, "W004", id="no redis"),
]
SETTINGS_ALONE = """
import logging
from django.conf import settings
from config.checks import refuse_unsafe_settings
logging.basicConfig()
refuse_unsafe_settings()
"""


def run(*command: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, *command],
        env=bare | SAFE | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,  # one that wrongly starts would run for ever
    )


def test_safe_settings_start_without_a_word(tmp_path: Path) -> None:
    ended = run("-c", SETTINGS_ALONE, tmp_path=tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(("change", "code"), UNSAFE)
def test_unsafe_settings_are_refused(change: dict[str, str], code: str, tmp_path: Path) -> None:
    ended = run("-c", SETTINGS_ALONE, tmp_path=tmp_path, **change)

    assert ended.returncode != 0
    assert f"celeriac.{code}" in ended.stderr


@pytest.mark.parametrize(("change", "code"), DOUBTFUL)
def test_doubtful_settings_are_warned_of(change: dict[str, str], code: str, tmp_path: Path) -> None:
    ended = run("-c", SETTINGS_ALONE, tmp_path=tmp_path, **change)

    assert ended.returncode == 0
    assert f"celeriac.{code}" in ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-c", "import config.asgi"], id="web"),
        pytest.param(["-m", "celery", "-A", "config", "worker"], id="worker"),
        pytest.param(["-m", "celery", "-A", "config", "beat"], id="beat"),
        pytest.param(["manage.py", "migrate"], id="command"),
    ],
)
def test_no_process_starts_with_unsafe_settings(command: list[str], tmp_path: Path) -> None:
    ended = run(*command, tmp_path=tmp_path, ALLOWED_HOSTS="*")

    assert ended.returncode != 0
    assert "celeriac.E003" in ended.stderr


def test_flower_without_a_password_does_not_start(tmp_path: Path) -> None:
    flower = ["-m", "celery", "-A", "config", "flower", "--conf=config/flower.py"]

    ended = run(*flower, tmp_path=tmp_path, FLOWER_PASSWORD="", FLOWER_PORT="0")

    assert ended.returncode != 0
    assert "set FLOWER_PASSWORD" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("COMPOSIO_API", "v9"), ("WORKER_POOL", "gevent"), ("LEASE_SECONDS", "0"), ("PORT", "web")],
)
def test_a_value_that_means_nothing_is_refused(name: str, value: str, tmp_path: Path) -> None:
    ended = run("-c", SETTINGS_ALONE, tmp_path=tmp_path, **{name: value})

    assert ended.returncode != 0
    assert value in ended.stderr or name in ended.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(SAFE["SECRET_KEY"])
    environment = {"SECRET_KEY_FILE": str(secret), "SECRET_KEY": "short"}

    ended = run("-c", SETTINGS_ALONE, tmp_path=tmp_path, **environment)

    assert ended.returncode == 0
