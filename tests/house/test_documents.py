"""What documents show is true: Python runs and prints what is shown, commands exist, definitions
compile, links lead on."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, resolve

from tests.house.markdown import (
    blocks,
    commands,
    documents,
    links,
    places,
    printed_below,
    run_python,
    shown,
)
from tests.house.sources import PACKAGES, ROOT
from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document
from workflows_app.language.compile import Compiled
from workflows_app.language.definition import NODE_MODELS

DOCUMENTS = [
    path for path in documents() if path.parent == ROOT or path.is_relative_to(ROOT / "docs")
]
WITH_PYTHON = [path for path in DOCUMENTS if blocks(path, "python")]
WITH_SHELL = [path for path in documents() if blocks(path, "sh")]
WITH_CODE = [path for path in DOCUMENTS if blocks(path, "python", "json")]
#: What a block may need and a test has not.
REASONS = re.compile(r"(needs a worker|needs Redis|shortened)")
MAX_README_LINES_BEFORE_COMMANDS = 30


@pytest.fixture
def own_registry() -> Iterator[Callable[[], None]]:
    """Let a document begin without workflows, and forget those it defines.

    What is handed out brings the others back beside the document's own.
    """
    tables: list[dict[str, Any]] = [
        registry.workflows,
        registry.compiled,
        registry._steps,
        registry._origins,
    ]
    kept = [dict(table) for table in tables]
    for table in tables:
        table.clear()

    def bring_back() -> None:
        for table, before in zip(tables, kept, strict=True):
            table.update({key: value for key, value in before.items() if key not in table})

    yield bring_back
    for table, before in zip(tables, kept, strict=True):
        table.clear()
        table.update(before)


@pytest.mark.django_db
@pytest.mark.parametrize("path", WITH_CODE, ids=shown)
def test_the_code_of_a_document_is_true(path: Path, own_registry: Callable[[], None]) -> None:
    """Its Python runs and prints what is shown; its definitions compile without a word; where a
    workflow is shown in both, both are one."""
    shown_below = printed_below(path)

    printed = run_python(path)
    twins = dict(registry.compiled)
    own_registry()
    compiled = dict(definitions_of(path))

    assert printed == {line: shown_below.get(line, "") for line in printed}
    assert [item for one in compiled.values() for item in one.diagnostics] == []
    assert {name: compiled[name].plan_hash for name in compiled.keys() & twins.keys()} == {
        name: twins[name].plan_hash for name in compiled.keys() & twins.keys()
    }


def definitions_of(path: Path) -> Iterator[tuple[str, Compiled]]:
    """Yield id, or line, and what each definition of a document compiles to."""
    for block in blocks(path, "json"):
        value = json.loads(block.text)
        if isinstance(value, dict) and "nodes" in value:
            yield value.get("id", f"line {block.line}"), compile_document(value)


@pytest.mark.parametrize("path", WITH_PYTHON, ids=shown)
def test_python_that_is_not_run_says_why(path: Path) -> None:
    reasons = [block.why_not_run for block in blocks(path, "python") if block.why_not_run]

    assert [reason for reason in reasons if not REASONS.search(reason)] == []


@pytest.mark.parametrize("path", WITH_SHELL, ids=shown)
def test_the_commands_of_a_document_exist(path: Path) -> None:
    lines = [line for block in blocks(path, "sh") for line in commands(block)]

    wrong = {line: why for line in lines if (why := _what_is_wrong(line))}

    assert wrong == {}


@pytest.mark.parametrize(
    "line",
    [
        "make nothing",
        "manage.py run_workflows x",
        "manage.py run_workflow x --folow",
        "manage.py workflows erase",
        "curl http://localhost:8000/api/executionz/",
        "python -m tests.nothing",
    ],
)
def test_the_look_at_commands_sees_wrong_ones(line: str) -> None:
    assert _what_is_wrong(line)


def test_links_lead_somewhere() -> None:
    dead = [
        f"{shown(path)}: {target.name}#{place}"
        for path in documents()
        for target, place in links(path)
        if not target.exists() or (place and target.suffix == ".md" and place not in places(target))
    ]

    assert dead == []


def test_the_readme_begins_with_the_two_commands() -> None:
    beginning = (ROOT / "README.md").read_text().splitlines()[:MAX_README_LINES_BEFORE_COMMANDS]

    assert {"make up", "make test"} <= {line.split("#")[0].strip() for line in beginning}


def test_every_document_can_be_found_from_the_readme() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        path = ahead.pop()
        if path not in reached and path.suffix == ".md" and path.exists():
            reached.add(path)
            ahead += [target for target, _ in links(path)]

    assert [shown(path) for path in DOCUMENTS if path not in reached] == []


def test_every_node_type_that_runs_has_a_page_among_the_constructs() -> None:
    index = (ROOT / "docs/constructs/README.md").read_text()
    shown_types = {
        name
        for page in (ROOT / "docs/constructs").glob("*.md")
        for block in blocks(page, "json")
        for name in re.findall(r'"type": "(\w+)"', block.text)
    }

    runs = {name for name, model in NODE_MODELS.items() if model.supported}

    assert runs - shown_types == set()
    assert [name for name in runs - {"tool"} if f"`{name}`" not in index] == []


def test_what_the_readme_says_is_where_is_there() -> None:
    named = re.findall(r"^\| `([\w./]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert set(PACKAGES) <= {name.rstrip("/").split("/")[0] for name in named}
    assert [name for name in named if not (ROOT / name).exists()] == []


def _what_is_wrong(line: str) -> str:
    """Return why a command cannot be typed as it stands; empty if it can, or is not ours."""
    inner = re.fullmatch(r"\w+=\$\((.*)\)", line)  # NAME=$(command)
    words = shlex.split(inner[1] if inner else line, comments=True)
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    match words:
        case ["make", *targets]:
            known = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
            unknown = [word for word in targets if "=" not in word and word not in known]
            return f"no target {unknown}" if unknown else ""
        case ["manage.py", name, *arguments] | [_, "manage.py", name, *arguments]:
            return _wrong_arguments(name, arguments)
        case ["curl", *arguments]:
            return _wrong_address(arguments)
        case [str(python), "-m", name, *_] if python.endswith("python") and name.startswith(
            "tests."
        ):
            path = ROOT / name.replace(".", "/")
            return "" if path.with_suffix(".py").exists() or path.is_dir() else "no such module"
    return ""


def _wrong_arguments(name: str, arguments: list[str]) -> str:
    app = get_commands().get(name)
    if app is None:
        return f"no command {name!r}"
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    parser = command.create_parser("manage.py", name)
    # Redirections and pipes belong to the shell.
    ends = [place for place, word in enumerate(arguments) if word in ("|", ">", "<", "&")]
    try:
        parser.parse_args(arguments[: ends[0]] if ends else arguments)
    except CommandError as error:
        return str(error)
    return ""


def _wrong_address(arguments: list[str]) -> str:
    for word in arguments:
        if word.startswith(("http", "$SITE")):
            path = re.sub(
                r"\$\{?\w+\}?", "some-id", urlsplit(word.replace("$SITE", "http://x")).path
            )
            try:
                resolve(path)
            except Resolver404:
                return f"no address {path!r}"
    return ""
