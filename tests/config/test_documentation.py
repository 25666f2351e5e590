"""docs/configuration.md says what the settings read."""

from __future__ import annotations

import re

from django.conf import settings

from config.checks import CHECKS
from config.settings.environment import VARIABLES

DOCUMENT = (settings.BASE_DIR / "docs" / "configuration.md").read_text()
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", DOCUMENT, flags=re.MULTILINE))


def test_every_variable_has_a_row_and_every_row_a_variable() -> None:
    assert set(ROWS) == set(VARIABLES)


def test_the_documented_defaults_are_the_real_ones() -> None:
    stated = {
        name: ",".join(default) if isinstance(default, list) else str(default).lower()
        for name, (_, default) in VARIABLES.items()
        if default not in (None, "", [])
    }

    assert {name: ROWS[name].strip("`").lower() for name in stated} == stated


def test_every_check_is_documented() -> None:
    source = (settings.BASE_DIR / "config" / "checks.py").read_text()

    ids = re.findall(r"celeriac\.[EW]\d+", source)

    assert len(ids) == len(CHECKS)
    assert [found for found in ids if f"`{found}`" not in DOCUMENT] == []


def test_the_environment_is_read_in_the_settings_only() -> None:
    reads = re.compile(r"os\.environ\[|os\.environ\.get|os\.getenv|environ\.Env\(")
    sources = [
        path
        for folder in ("config", "workflows_app", "executions_app")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if "config/settings/" not in path.as_posix()
    ]

    readers = [path.name for path in sources if reads.search(path.read_text())]

    # It hands DJANGO_SETTINGS_MODULE on to the processes it starts.
    assert readers == ["programs.py"]
