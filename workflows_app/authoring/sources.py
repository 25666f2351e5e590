"""Where a mapped field comes from, as Python values.  Each spells one source of a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from workflows_app.language.paths import format_path, parse_path

if TYPE_CHECKING:
    from workflows_app.authoring.context import StepContext


class HasId(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MapSource:
    """One source, as it stands in a definition."""

    document: Mapping[str, Any]


MapCallable = Callable[["StepContext"], Any]


def map_variable(
    *, step: HasId | str | None = None, init_data: bool = False, path: str = "."
) -> MapSource:
    """Return the value at ``path`` of a step's output, or of the workflow's input.

    ``path`` is dotted; ``"."`` is the whole; numeric parts index arrays.

    Raises:
        ValueError: if not exactly one of ``step`` and ``init_data`` is given.
    """
    if (step is None) == (not init_data):
        raise ValueError("give either step= or init_data=True")
    root: tuple[str | int, ...] = ("inputs",)
    if step is not None:
        root = ("steps", step if isinstance(step, str) else step.id)
    return MapSource({"from": format_path((*root, *parse_path(path)))})


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
