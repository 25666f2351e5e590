"""Where a value comes from, as Python values.  Each spells one source of a definition."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from workflows_app.language.paths import MISSING, Path, format_path, parse_path, resolve

if TYPE_CHECKING:
    from workflows_app.authoring.context import StepContext


class HasId(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MapSource:
    """One source, as it stands in a definition."""

    document: Mapping[str, Any]
    function: Callable[[StepContext], Any] | None = None
    """What makes the value where no text can say it; it is kept at a place of the workflow."""


MapCallable = Callable[["StepContext"], Any]
#: What makes one value: a source, or a callable that takes one context.
AnySource = MapSource | MapCallable
#: Field -> what makes its value.
SourceFields = Mapping[str, AnySource]


def map_variable(
    *,
    step: HasId | str | Sequence[HasId | str] | None = None,
    init_data: bool = False,
    path: str = ".",
) -> MapSource:
    """Return the value at ``path`` of a step's output, or of the workflow's input.

    ``path`` is dotted; ``"."`` is the whole; numeric parts index arrays.  Of several steps the
    first that has completed counts; then a last part that is missing gives null.

    Raises:
        ValueError: if not exactly one of ``step`` and ``init_data`` is given.
        PathError: if ``path`` cannot be read.
    """
    if (step is None) == (not init_data):
        raise ValueError("give either step= or init_data=True")
    rest = parse_path(path)
    if step is None:
        return MapSource({"from": format_path(("inputs", *rest))})
    if isinstance(step, Sequence) and not isinstance(step, str):
        return _first_of([_id_of(one) for one in step], rest)
    return MapSource({"from": format_path(("steps", _id_of(step), *rest))})


def from_path(path: str) -> MapSource:
    """Return the value at ``path``, which begins with a root: ``configs.limit``, ``item.name``."""
    return MapSource({"from": path})


def constant(value: Any) -> MapSource:
    """Return ``value`` itself."""
    return MapSource({"value": value})


def from_context(path: str) -> MapSource:
    """Return the value at ``path`` of the runtime context."""
    return MapSource({"from": format_path(("context", *parse_path(path)))})


def from_state(path: str) -> MapSource:
    """Return the value at ``path`` of the shared state."""
    return MapSource({"from": format_path(("state", *parse_path(path)))})


def expression(text: str) -> MapSource:
    """Return what the CEL expression ``text`` gives."""
    return MapSource({"expression": text})


def template(text: str) -> MapSource:
    """Return ``text`` with every ``{{ expression }}`` filled in."""
    return MapSource({"template": text})


def code(place: str) -> MapSource:
    """Return what the callable at ``place`` of a registered workflow gives.

    A place is ``workflow/node``, or longer: ``fulfil/mapping_1/total``.  It is how a definition
    names a callable that was written elsewhere; where you write it, just pass the callable.
    """
    return MapSource({"code": place})


def _id_of(step: HasId | str) -> str:
    return step if isinstance(step, str) else step.id


def _first_of(steps: Sequence[str], rest: Path) -> MapSource:
    """Spell the choice as an expression: a step is a key of ``steps`` once it has completed."""
    if not steps:
        raise ValueError("step=[...] needs at least one step")
    if any("[" in _holder(step) for step in steps):
        # has() takes plain names only, so here Python must look.
        return MapSource({}, function=lambda ctx: _first_result(ctx, steps, rest))
    *first, last = steps
    otherwise = _reading(("steps", last), rest)
    if not rest:
        otherwise = f"has({_holder(last)}) ? {otherwise} : null"
    for step in reversed(first):
        found = _reading(("steps", step), rest)
        otherwise = f"has({_holder(step)}) ? ({found}) : ({otherwise})"
    return MapSource({"expression": otherwise})


def _holder(step: str) -> str:
    return format_path(("steps", step))


def _reading(root: Path, rest: Path) -> str:
    """Return an expression for the value at ``rest`` below ``root``, null if only that lacks."""
    whole = format_path((*root, *rest))
    match rest:
        case ():
            return whole
        case (*_, str(word)) if format_path((word,)) == word:
            return f"has({whole}) ? {whole} : null"
    holder = format_path((*root, *rest[:-1]))
    if isinstance(rest[-1], int):
        return f"size({holder}) > {rest[-1]} ? {whole} : null"
    return f"contains({holder}, {json.dumps(rest[-1], ensure_ascii=False)}) ? {whole} : null"


def _first_result(ctx: StepContext, steps: Sequence[str], rest: Path) -> Any:
    results = (ctx.get_step_result(step) for step in steps)
    found = next((result for result in results if result is not None), None)
    value = resolve(("found", *rest), {"found": found})
    return None if value is MISSING else value
