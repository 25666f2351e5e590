"""Texts with ``{{ expression }}`` in them.  Renders once: what comes out is never read again.

``null`` and a missing plain path give nothing, texts stand as they are, lists and objects become
compact JSON.  A literal pair of braces is written ``{{ "{{" }}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import MAX_VALUE_BYTES, ExpressionError, limit
from workflows_app.language.expression_tokens import end_of_string
from workflows_app.language.expressions import ROOTS, ExpressionInfo, check, evaluate
from workflows_app.language.paths import MISSING, Path, PathError, resolve

MAX_TEMPLATE_BYTES: Final = 262_144
MAX_PLACES: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One ``{{ ... }}``: the expression inside and where it starts in the template."""

    expression: str
    position: int
    plain_path: Path | None


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """What a template looks at, known without rendering it."""

    text: str
    roots: frozenset[str]
    step_ids: frozenset[str]
    paths: tuple[Path, ...]
    functions: frozenset[str]
    places: tuple[Place, ...]


def check_template(text: str) -> TemplateInfo:
    """Return what ``text`` looks at, or refuse it.

    Raises:
        ExpressionError: ``template.invalid`` for braces that do not match, otherwise the
            expression's own error; positions count from the start of ``text``.
    """
    infos: list[ExpressionInfo] = []
    places: list[Place] = []
    for part in _parts(text):
        if isinstance(part, str):
            continue
        expression, position = part
        try:
            info = check(expression)
        except ExpressionError as error:
            raise _moved(error, position, text) from None
        infos.append(info)
        places.append(Place(expression, position, info.plain_path))
    return TemplateInfo(
        text=text,
        roots=frozenset().union(*(info.roots for info in infos)),
        step_ids=frozenset().union(*(info.step_ids for info in infos)),
        paths=tuple(dict.fromkeys(path for info in infos for path in info.paths)),
        functions=frozenset().union(*(info.functions for info in infos)),
        places=tuple(places),
    )


def render(text: str, variables: Mapping[str, Any]) -> str:
    """Return ``text`` with each expression replaced by its value; at most 1 MB.

    Raises:
        ExpressionError: as :func:`check_template`, and when an expression fails.
    """
    made: list[str] = []
    size = 0
    for part in _parts(text):
        if isinstance(part, str):
            piece = part
        else:
            expression, position = part
            try:
                piece = show(_value(expression, variables))
            except ExpressionError as error:
                raise _moved(error, position, text) from None
        size += len(piece) if piece.isascii() else len(piece.encode(errors="surrogatepass"))
        if size > MAX_VALUE_BYTES:
            raise limit(f"in a template makes more than {MAX_VALUE_BYTES:,} bytes")
        made.append(piece)
    return "".join(made)


def show(value: Any) -> str:
    """Return a JSON value as a template shows it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return values.show_double(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _value(expression: str, variables: Mapping[str, Any]) -> Any:
    path = check(expression, roots=ROOTS).plain_path
    if path is not None:
        try:
            if resolve(path, variables) is MISSING:
                return None
        except PathError:
            return None
    return evaluate(expression, variables)


@lru_cache(maxsize=512)
def _parts(text: str) -> tuple[str | tuple[str, int], ...]:
    """Return the literal texts and the ``(expression, position)`` pairs of ``text`` in order."""
    if not isinstance(text, str):
        raise ExpressionError("template.invalid", f"a template is a text, got {text!r:.60}")
    if len(text) > MAX_TEMPLATE_BYTES:
        raise limit(f"in a template: the text is longer than {MAX_TEMPLATE_BYTES:,} characters", 0)
    parts: list[str | tuple[str, int]] = []
    start = 0
    while (opening := text.find("{{", start)) >= 0:
        closing = _closing(text, opening)
        parts.append(text[start:opening])
        parts.append((text[opening + 2 : closing], opening + 2))
        start = closing + 2
        if len(parts) > 2 * MAX_PLACES:
            raise limit(f"in a template: there are more than {MAX_PLACES} places", opening)
    parts.append(text[start:])
    return tuple(parts)


def _closing(text: str, opening: int) -> int:
    """Return where the ``}}`` of the ``{{`` at ``opening`` is, past texts and maps inside."""
    depth = 0
    position = opening + 2
    while position < len(text):
        if text.startswith("}}", position) and depth == 0:
            return position
        char = text[position]
        if char in "\"'":
            end = end_of_string(text, position)
            if end is None:
                break
            position = end
            continue
        depth += (char == "{") - (char == "}" and depth > 0)
        position += 1
    raise ExpressionError("template.invalid", "'{{' is never closed by '}}'", opening).locate(text)


def _moved(error: ExpressionError, by: int, text: str) -> ExpressionError:
    moved = error.copy()
    moved.position = by + (error.position or 0)
    return moved.locate(text)
