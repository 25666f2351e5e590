"""Writing a graph down: nodes and edges in order, scopes opened inside one another.

Knows how pieces are joined, not what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

from workflows_app.authoring.named_steps import NamedStep, named
from workflows_app.authoring.sheet import Sheet
from workflows_app.authoring.spelling import NodeOptions, options_json
from workflows_app.authoring.step import Step
from workflows_app.language.paths import format_path

Arguments = ParamSpec("Arguments")
AnyWriter = TypeVar("AnyWriter", bound="Writer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Nodes that were written and are not yet joined to what is before them."""

    entries: tuple[dict[str, Any], ...]
    """Those that need none of the others."""
    exits: tuple[str, ...]
    """Ids of those whose output the piece hands on."""
    is_block: bool = False
    """Whether it hands on a mapping by id, also when there is only one exit."""


class Writer:
    """A graph that grows at its end: the nodes whose output the next one receives."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._nodes: list[dict[str, Any]] = []
        self._edges: list[tuple[str, str]] = []
        self._tail: tuple[str, ...] = ()
        self._tail_is_block = False

    # -- what subclasses say --------------------------------------------------------------------

    def _write(self, entry: Callable[[Any], None]) -> None:
        """Write ``entry`` down, or keep it for later."""
        entry(self)

    def _as_piece(self, other: Writer) -> Piece:
        """Write this graph into ``other``, as something that stands where a step may stand."""
        raise NotImplementedError

    def _as_body(self, sheet: Sheet, node_id: str | None) -> dict[str, Any]:
        """Return this graph as the body of a container; ``node_id`` renames a single step."""
        raise NotImplementedError

    # -- writing --------------------------------------------------------------------------------

    def _node(
        self, node_id: str, fields: dict[str, Any], options: NodeOptions | None = None
    ) -> Piece:
        """Write one node whose id is claimed already."""
        node = {"id": node_id, **fields, **options_json(options or {}, self._sheet, node_id)}
        self._nodes.append(node)
        return Piece(entries=(node,), exits=(node_id,))

    def _piece(self, step: Anything) -> Piece:
        """Write whatever may stand where a step may stand.

        Raises:
            TypeError: if ``step`` is nothing of the kind.
        """
        match step:
            case Step():
                return self._piece(named(step))
            case NamedStep():
                return self._named(step, step.id)
            case Writer():
                return step._as_piece(self)
        raise TypeError(f"{step!r} is no step; wrap it with create_step() or @step")

    def _named(self, step: NamedStep, node_id: str) -> Piece:
        self._sheet.claim(node_id)
        if step.step is not None and step.step.body is not None:
            self._sheet.add_step(step.step)
        return self._node(node_id, dict(step.fields), step.options)

    def _body(self, step: Anything, *, node_id: str | None = None) -> dict[str, Any]:
        """Return ``step`` as the body of a container; a single step gets the id ``node_id``."""
        if isinstance(step, Writer):
            return step._as_body(self._sheet, node_id)
        inner = Writer(self._sheet)
        one = named(step) if isinstance(step, Step) else step
        if node_id is None or not isinstance(one, NamedStep):
            inner._piece(one)
        else:
            inner._named(one, node_id)
        return inner._scope()

    def _scope(self) -> dict[str, Any]:
        """Return the graph as it stands in a container."""
        output = self._block_output()
        return {"nodes": self._nodes, "edges": self._edges} | ({"output": output} if output else {})

    # -- joining --------------------------------------------------------------------------------

    def _follow(self, pieces: Sequence[Piece], *, is_block: bool = False) -> None:
        """Put ``pieces`` side by side after everything so far."""
        # A block of one arm hands on a mapping as a block of many does.
        collects = self._tail_is_block and len(self._tail) == 1
        for piece in pieces:
            for entry in piece.entries:
                self._edges.extend((earlier, entry["id"]) for earlier in self._tail)
                if collects:
                    entry["collect"] = True
        self._tail = tuple(exit_ for piece in pieces for exit_ in piece.exits)
        self._tail_is_block = is_block or any(piece.is_block for piece in pieces)

    def _block_output(self) -> dict[str, Any] | None:
        """Return the output to write for a graph that ends in a block of one arm."""
        if not (self._tail_is_block and len(self._tail) == 1):
            return None
        return {arm: {"from": format_path(("steps", arm))} for arm in self._tail}


#: What may stand where a step may stand: steps, named ones, workflows and scopes.
Anything: TypeAlias = Step | NamedStep | Writer


class Entry(Generic[Arguments]):
    """A method that writes one entry, and gives back its graph so that calls can be chained."""

    def __init__(self, method: Callable[Concatenate[Any, Arguments], None]) -> None:
        self._method = method
        update_wrapper(self, method)  # type: ignore[arg-type]

    def __get__(self, graph: AnyWriter, owner: type[AnyWriter]) -> Callable[Arguments, AnyWriter]:
        if graph is None:
            return self._method  # asked of the class, as documentation tools do

        def write(*args: Arguments.args, **kwargs: Arguments.kwargs) -> AnyWriter:
            graph._write(lambda writer: self._method(writer, *args, **kwargs))
            return graph

        update_wrapper(write, self._method)
        return write


def entry(method: Callable[Concatenate[Any, Arguments], None]) -> Entry[Arguments]:
    """Make ``method`` an :class:`Entry`."""
    return Entry(method)
