"""The environment sets the limits; one that would stop everything stops the start instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.limits import (
    definition_limits,
    execution_limits,
    json_limits,
    value_storage,
    value_storage_above,
)
from executions_app.engine.limits import Limits
from workflows_app.language.limits import DefinitionLimits, JsonLimits

NAMES = [
    "MAX_VALUE_BYTES",
    "LARGE_VALUE_BYTES",
    "MAX_EXECUTION_BYTES",
    "MAX_EXECUTION_STEPS",
    "MAX_ITEMS",
    "MAX_OPEN_ITEMS",
    "MAX_DEPTH",
    "MAX_NESTED_EXECUTIONS",
    "MAX_DEFINITION_BYTES",
    "MAX_DEFINITION_NODES",
    "MAX_JSON_DEPTH",
    "MAX_JSON_KEYS",
    "MAX_JSON_DIGITS",
]


def everything() -> None:
    execution_limits(), definition_limits(), json_limits(), value_storage_above()


def test_without_a_word_the_limits_are_the_defaults() -> None:
    assert execution_limits() == Limits()
    assert definition_limits() == DefinitionLimits()
    assert json_limits() == JsonLimits()
    assert value_storage_above() == 0


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MAX_ITEMS": "7", "MAX_VALUE_BYTES": "5000", "MAX_JSON_DEPTH": "9"}.items():
        monkeypatch.setenv(name, value)

    assert execution_limits() == Limits(items=7, value_bytes=5_000)
    assert json_limits() == JsonLimits(depth=9, text_bytes=5_000)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "99999999999"])
@pytest.mark.parametrize("name", NAMES)
def test_a_limit_without_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=f"{name} must be a whole number from"):
        everything()


def test_limits_have_to_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_EXECUTION_BYTES", "999999")
    with pytest.raises(ImproperlyConfigured, match="no execution could hold such a value"):
        everything()

    monkeypatch.setenv("MAX_EXECUTION_BYTES", "100000000")
    monkeypatch.setenv("MAX_VALUE_BYTES", "20000000")
    with pytest.raises(ImproperlyConfigured, match="needs VALUE_STORAGE_ABOVE_BYTES"):
        everything()

    monkeypatch.setenv("VALUE_STORAGE_ABOVE_BYTES", "1000000")
    everything()


@pytest.mark.parametrize("value", ["1", "65535", "50000001", "-1"])
def test_a_threshold_below_what_lists_show_whole_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("VALUE_STORAGE_ABOVE_BYTES", value)

    with pytest.raises(ImproperlyConfigured, match="from 65536 to 50000000 or 0"):
        everything()


def test_another_storage_has_only_the_options_that_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VALUE_STORAGE_BACKEND", "storages.backends.s3.S3Storage")
    monkeypatch.setenv("VALUE_STORAGE_OPTIONS", '{"bucket_name": "b"}')
    assert value_storage(Path()) == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "b"},
    }

    monkeypatch.setenv("VALUE_STORAGE_OPTIONS", "bucket_name=b")
    with pytest.raises(ImproperlyConfigured, match="must be a JSON object"):
        value_storage(Path())


def test_no_process_starts_with_a_limit_without_sense(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path), "MAX_ITEMS": "0"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode != 0
    assert "MAX_ITEMS must be a whole number from 1 to 100000" in ended.stderr
