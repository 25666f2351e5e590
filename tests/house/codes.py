"""Every error code of the project, found by looking: nobody keeps a list by hand.  Imports
everything and runs nothing.

Codes come from the catalogues (diagnostics, notes of an import, failures of a step), from classes
with a ``code``, from the docstring of Composio's failures, and from calls that name one.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from executions_app.engine.failures import CODES as FAILURES
from tests.house.sources import PACKAGES, modules, tree
from workflows_app.connectors.composio import failures as composio_failures
from workflows_app.language.agipo_notes import CODES as NOTES
from workflows_app.language.diagnostics import CATALOGUE

CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*|not_found")
#: Callables whose arguments name a code.
_TAKES_A_CODE = frozenset(
    {"ExpressionError", "PathError", "SchemaProblem", "ToolError", "_answer", "add", "warn"}
)
_BODIES = ("workflows_app/api/errors.py", "config/errors.py", "config/request_size.py")


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, str]:
    """Return the codes whose meaning stands in the code itself, with that sentence."""
    found: dict[str, str] = {}
    for name, error in _classes():
        first = (inspect.getdoc(error) or "").partition("\n\n")[0].replace("\n", " ")
        if name not in found and first:
            found[name] = first if first.endswith(".") else f"{first}."
    found |= dict(_composio())
    return found | dict(CATALOGUE) | dict(NOTES) | dict(FAILURES)


@lru_cache(maxsize=1)
def used() -> frozenset[str]:
    """Return the codes that the packages' source names."""
    classes = (name for name, _ in _classes())
    return frozenset({*classes, *(code for path in modules(*PACKAGES) for code in _named(path))})


def named_in(folder: str) -> frozenset[str]:
    """Return the codes that stand as texts below ``folder``, catalogues left out."""
    return frozenset(
        node.value
        for path in modules(folder)
        if path.name not in ("diagnostics.py", "agipo_notes.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if CODE.fullmatch(node.value)
    )


def reported() -> Iterator[tuple[str, str]]:
    """Yield ``(place, code)`` for each diagnostic that the language reports by name."""
    for path in modules("workflows_app/language"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = ast.unparse(node.func)
            first = node.args[0]
            if function.endswith(("problems.add", "problems.warn")) and _is_code(first):
                yield f"{path.name}:{node.lineno}", ast.literal_eval(first)


def _classes() -> Iterator[tuple[str, type]]:
    for module in _imported():
        for _, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ != module.__name__ or not issubclass(value, BaseException):
                continue
            code = vars(value).get("code")
            if isinstance(code, str) and CODE.fullmatch(code):
                yield code, value


def _imported() -> Iterator[object]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".migrations" in found.name or ".settings" in found.name:
                continue
            # Programs: importing them starts what they are.
            if found.name in ("config.asgi", "config.wsgi", "config.flower"):
                continue
            yield importlib.import_module(found.name)


def _composio() -> Iterator[tuple[str, str]]:
    text = inspect.getdoc(composio_failures) or ""
    for code, said in re.findall(r"^\s+(composio\.\w+)\s+(.+)$", text, flags=re.MULTILINE):
        yield code, f"{said[0].upper()}{said[1:]}."


def _named(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield from (
                keyword.value.value
                for keyword in node.keywords
                if keyword.arg == "code" and _is_code(keyword.value)
            )
            if ast.unparse(node.func).rpartition(".")[2] in _TAKES_A_CODE:
                yield from (arg.value for arg in node.args[:2] if _is_code(arg))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            names = [ast.unparse(target) for target in node.targets]  # code, why = "a.b", "..."
            if names[0].lstrip("(").startswith("code,") and _is_code(node.value.elts[0]):
                yield node.value.elts[0].value
        elif path.as_posix().endswith(_BODIES):
            yield from _of_a_table(node)


def _of_a_table(node: ast.AST) -> Iterator[str]:
    """Yield the codes that a table of answers maps exceptions to, and constants that are one."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
            if _is_code(first):
                yield first.value
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CODE":
        yield node.value.value  # type: ignore[attr-defined]


def _is_code(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value) is not None
    )
