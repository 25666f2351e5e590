"""Expressions: conditions and computed values that users write, in CEL.  Evaluates no Python.

``check`` reads an expression and says what it looks at; ``evaluate`` works it out.  Both refuse by
a named error, and both stop within fixed bounds (:mod:`.expression_bounds`).  Differences from
the CEL specification are only omissions, and three safeguards: names that begin with two
underscores are refused, ``steps`` is read by literal ids only (so that references are known before
a run), and a value is JSON at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cel

from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import ExpressionError, Meter
from workflows_app.language.expression_comprehensions import Evaluate, Scope
from workflows_app.language.expression_evaluation import build
from workflows_app.language.expression_functions import FUNCTIONS
from workflows_app.language.expression_nodes import Node
from workflows_app.language.expression_references import References, references
from workflows_app.language.expression_syntax import parse
from workflows_app.language.paths import Path

__all__ = ["FUNCTIONS", "ROOTS", "ExpressionError", "ExpressionInfo", "check", "evaluate"]

#: Every name an expression can start from; which of them have a value depends on the place.
ROOTS: Final = (
    "inputs",
    "input",
    "steps",
    "state",
    "context",
    "configs",
    "item",
    "index",
    "iteration",
    "trigger",
)
_ALL_ROOTS: Final = frozenset(ROOTS)


@dataclass(frozen=True, slots=True)
class ExpressionInfo:
    """What an expression looks at, known without running it."""

    text: str
    roots: frozenset[str]
    step_ids: frozenset[str]
    paths: tuple[Path, ...]
    """The longest static chains, each once, in order of appearance: ``steps.fetch.data.size``."""
    functions: frozenset[str]
    """Functions and macros used."""
    plain_path: Path | None = None
    """The path, when the expression is nothing but one."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    info: ExpressionInfo
    run: Evaluate


def check(text: str, *, roots: Iterable[str] = ROOTS) -> ExpressionInfo:
    """Return what ``text`` looks at, or refuse it.

    Raises:
        ExpressionError: with code, position (offset from 0), line and column.
    """
    info = _compiled(text).info
    available = frozenset(roots)
    if info.roots <= available:
        return info
    missing = min(info.roots - available)
    raise ExpressionError(
        "expression.unknown_name",
        f"{missing!r} has no value here; there are {', '.join(sorted(available)) or 'no names'}",
        _position_of(text, missing),
    ).locate(text)


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """Return the value of ``text`` as new plain JSON, at most 1 MB.

    ``variables`` maps roots to JSON values; they are only read.  Times come out as ISO 8601 texts
    in UTC, durations as seconds.  Whole numbers beyond 64 bits pass through exactly; arithmetic
    that would need more than 64 bits fails.

    Raises:
        ExpressionError: with code, position (offset from 0), line and column.
    """
    compiled = _compiled(text)
    names = {name: variables[name] for name in compiled.info.roots if name in variables}
    try:
        return values.plain(compiled.run(Scope(names, Meter())))
    except ExpressionError as error:
        raise error.locate(text) from None
    except RecursionError:
        raise ExpressionError(
            "expression.limit", "expression is nested too deeply for this place", 0
        ).locate(text) from None


def _compiled(text: str) -> _Compiled:
    if not isinstance(text, str):
        raise ExpressionError("expression.syntax", f"an expression is a text, got {text!r:.60}")
    found = _compile(text)
    # Errors are kept too: a condition that is wrong is asked as often as one that is right.
    if isinstance(found, ExpressionError):
        raise found.copy()
    return found


@lru_cache(maxsize=1_024)
def _compile(text: str) -> _Compiled | ExpressionError:
    try:
        node = parse(text)
        found = references(node, _ALL_ROOTS)
        _ask_the_library(text)
        return _Compiled(_info(text, node, found), build(node))
    except ExpressionError as error:
        return error.locate(text)


def _ask_the_library(text: str) -> None:
    # A second opinion keeps this grammar inside CEL: what the library cannot parse is not CEL.
    try:
        cel.compile(text)
    except ValueError as error:
        where = re.search(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)", str(error))
        reason = f": {where[3]:.160}" if where else ""
        message = f"the expression is not CEL{reason}"
        raise ExpressionError("expression.syntax", message, 0) from None


def _info(text: str, node: Node, found: References) -> ExpressionInfo:
    return ExpressionInfo(
        text=text,
        roots=frozenset(found.roots),
        step_ids=frozenset(found.step_ids),
        paths=tuple(found.paths),
        functions=frozenset(found.functions),
        plain_path=found.plain_path,
    )


def _position_of(text: str, name: str) -> int | None:
    return references(parse(text), _ALL_ROOTS).roots.get(name)
