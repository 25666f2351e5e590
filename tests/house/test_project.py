"""The project as a whole: its tables follow its models, its layers hold, its locks are locked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from io import StringIO

import pytest
from django.core.management import call_command

from config.browser.lock import without_addresses
from tests.house.sources import ROOT

LOCKS = ("requirements.lock", "tests/requirements.lock")
EVERY_LOCK = (*LOCKS, "editor/node.lock", "editor/package-lock.json")
REQUIREMENT = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<rest>.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL
)


@pytest.mark.django_db
def test_the_migrations_follow_the_models() -> None:
    said = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=said)

    assert "No changes detected" in said.getvalue()


def test_django_finds_nothing_to_complain_about() -> None:
    said = StringIO()

    call_command("check", fail_level="WARNING", stdout=said)

    assert "no issues" in said.getvalue()


def test_the_layers_hold() -> None:
    program = "from importlinter.cli import lint_imports as lint; exit(lint(no_cache=True))"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()

    assert (
        re.findall(r"[a-z+]+://\S+|^\s*--(?:extra-)?index-url.*|^-f .*", text, re.MULTILINE) == []
    )


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_has_hashes(name: str) -> None:
    found = list(REQUIREMENT.finditer((ROOT / name).read_text()))

    bare = [match["name"] for match in found if "--hash=sha256:" not in match["rest"]]

    assert len(found) > 20
    assert bare == []


def test_the_locks_hold_everything_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    locked = {_normal(match["name"]) for match in _locked("tests/requirements.lock")}

    assert {_normal(re.split(r"[\[<>=;~! ]", text)[0]) for text in declared} - locked == set()


def test_the_tests_run_with_what_is_shipped() -> None:
    shipped = {(match["name"], match["rest"].split()[0]) for match in _locked("requirements.lock")}

    tested = {
        (match["name"], match["rest"].split()[0]) for match in _locked("tests/requirements.lock")
    }

    assert shipped - tested == set()


def _locked(name: str) -> list[re.Match[str]]:
    return list(REQUIREMENT.finditer((ROOT / name).read_text()))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_a_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"[a-z+]+://\S+", (ROOT / lock).read_text()) == []


def test_every_package_of_the_web_ui_is_locked_by_hash_and_version() -> None:
    packages = json.loads((ROOT / "editor/package-lock.json").read_bytes())["packages"]

    assert [
        name
        for name, package in packages.items()
        # What is bundled in another package is held by the hash of that one.
        if name
        and not package.get("inBundle")
        and not (package.get("version") and package.get("integrity"))
    ] == []


def test_a_lock_that_npm_made_loses_its_addresses_and_nothing_else() -> None:
    package = {"version": "1.0.0", "integrity": "sha512-x"}
    told = {"resolved": "registry:x", "funding": {"url": "sponsor:x"}}

    kept = without_addresses({"lockfileVersion": 3, "packages": {"node_modules/a": package | told}})

    assert kept == {"lockfileVersion": 3, "packages": {"node_modules/a": package}}
