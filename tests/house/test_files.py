"""How source files look: short, named by what they hold, and saying what they are for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, files, modules, name_of, texts, tree

MAX_LINES = 300
SUFFIXES = (".py", ".html", ".css", ".js")
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|stuff|base2)(_|$)")
#: Code that can run, or show, what a user wrote.
DANGEROUS = frozenset({"eval", "exec", "mark_safe"})
DANGEROUS_MODULES = frozenset({"pickle", "marshal", "shelve", "dill"})
#: Where somebody's machine would show: home directories and work trees.
MACHINE_PATH = re.compile(
    r"(?<![\w.:])/(?:home|root|Users|work|workspace|tmp/[a-z])(?:/|\b)[\w./-]*"
)
#: Directories inside containers and examples, which are nobody's machine.
NOBODYS = ("/tmp/celeriac",)


def test_no_file_is_longer_than_a_reader_keeps_in_mind() -> None:
    long = {
        name_of(path): lines
        for path in files(*PACKAGES)
        if path.suffix in SUFFIXES and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }

    assert long == {}


def test_a_file_is_named_by_its_concept() -> None:
    named = [path for path in files(*PACKAGES, "tests") if path.suffix in SUFFIXES]

    vague = [name_of(path) for path in named if any(VAGUE.search(part) for part in _names(path))]

    assert vague == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path) for path in modules(*PACKAGES, "tests") if not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{name_of(path)}: {function.name}"
        for path in modules(*PACKAGES)
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if not function.name.startswith("_") and not _is_explained(function)
    ]

    assert silent == []


def test_nothing_evaluates_or_trusts_what_a_user_wrote() -> None:
    assert [found for path in modules(*PACKAGES) for found in _dangerous(path)] == []


def test_a_test_sleeps_only_between_two_looks_at_a_condition() -> None:
    tests = [path for path in modules("tests") if "benchmarks" not in path.parts]

    assert [found for path in tests for found in _blind_sleeps(path)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in texts()
        for match in MACHINE_PATH.finditer(path.read_text(encoding="utf-8", errors="replace"))
        if not match[0].startswith(NOBODYS)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("eval('1')", 1),
        ("import pickle", 1),
        ("from django.utils.safestring import mark_safe", 1),
        ("html.mark_safe(text)", 1),
        ("pattern.evaluate(text)", 0),
    ],
)
def test_the_look_for_dangerous_code_sees_it(tmp_path: Path, source: str, count: int) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)

    assert len(list(_dangerous(path, within=tmp_path))) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import time\ntime.sleep(1)", 1),
        ("from time import sleep\nsleep(1)", 1),
        ("for _ in range(3):\n    time.sleep(1)", 1),
        ("while not ready():\n    time.sleep(1)", 0),
        ("while True:\n    if ready():\n        break\n    await asyncio.sleep(0.1)", 0),
    ],
)
def test_the_look_for_blind_sleeps_sees_them(tmp_path: Path, source: str, count: int) -> None:
    path = tmp_path / "module.py"
    path.write_text(source if "await" not in source else f"async def f():\n    {_indent(source)}")

    assert len(list(_blind_sleeps(path, within=tmp_path))) == count


def _indent(source: str) -> str:
    return source.replace("\n", "\n    ")


def _names(path: Path) -> list[str]:
    return [*path.relative_to(ROOT).parts[:-1], path.stem]


def _is_explained(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if ast.get_docstring(function):
        return True
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    if "overload" in decorators or any("description=" in text for text in decorators):
        return True  # said once, by the implementation or by the decorator
    first = function.args.args[:1]
    return bool(first) and first[0].arg == "meter"  # an expression's function: its table says it


def _dangerous(path: Path, *, within: Path = ROOT) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        found: set[str] = set()
        if isinstance(node, ast.Call):
            found = {_last_name(node.func)} & DANGEROUS
        elif isinstance(node, ast.Import):
            found = {alias.name.split(".")[0] for alias in node.names} & DANGEROUS_MODULES
        elif isinstance(node, ast.ImportFrom):
            found = {str(node.module).split(".")[0]} & DANGEROUS_MODULES
            found |= {alias.name for alias in node.names} & DANGEROUS
        for name in found:
            yield f"{path.relative_to(within).as_posix()}:{node.lineno}: {name}"  # type: ignore[attr-defined]


_CLOCKS = ("time", "asyncio")


def _blind_sleeps(path: Path, *, within: Path = ROOT) -> Iterator[str]:
    module = tree(path)
    # Workflows sleep too, which is what many tests are about.
    sleeps = {
        *(f"{clock}.sleep" for clock in _CLOCKS),
        *(
            name.asname or name.name
            for node in ast.walk(module)
            if isinstance(node, ast.ImportFrom) and node.module in _CLOCKS
            for name in node.names
            if name.name == "sleep"
        ),
    }
    watched = {
        id(inner)
        for loop in ast.walk(module)
        if isinstance(loop, ast.While)
        for inner in ast.walk(loop)
    }
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in sleeps
            and id(node) not in watched
        ):
            # ``sleep(0)`` lets other coroutines run, and waits for nothing.
            if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0:
                continue
            yield f"{path.relative_to(within).as_posix()}:{node.lineno}"


def _last_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
