"""Scopes: flows without a workflow, to put several steps where one may stand.

A scope is a recipe and not yet a graph: what it holds gets its ids where it is put.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows_app.authoring.flow import Flow
from workflows_app.authoring.sheet import Sheet
from workflows_app.authoring.sources import MapSource
from workflows_app.authoring.spelling import output_json
from workflows_app.authoring.writing import Piece, Writer


class Scope(Flow):
    """Several entries that stand together, as the body of a container or in a row."""

    def __init__(
        self, *, id: str | None = None, output: MapSource | Mapping[str, MapSource] | None = None
    ) -> None:
        super().__init__(Sheet(workflow_id=id or "scope"))
        self.id = id
        self._output = output
        self._entries: list[Callable[[Any], None]] = []

    def _write(self, entry: Callable[[Any], None]) -> None:
        self._entries.append(entry)

    def _opened(self, sheet: Sheet) -> Flow:
        flow = Flow(sheet)
        for write in self._entries:
            write(flow)
        return flow

    def _as_piece(self, other: Writer) -> Piece:
        if self._output is not None or self.id is not None:
            raise ValueError("only a scope that is the body of a container has an id or an output")
        if not self._entries:
            raise ValueError("a scope that stands for a step needs at least one entry")
        flow = self._opened(other._sheet)
        other._nodes.extend(flow._nodes)
        other._edges.extend(flow._edges)
        behind = {later for _, later in flow._edges}
        return Piece(
            entries=tuple(node for node in flow._nodes if node["id"] not in behind),
            exits=flow._tail,
            is_block=flow._tail_is_block,
        )

    def _as_body(self, sheet: Sheet, node_id: str | None) -> dict[str, Any]:
        body = self._opened(sheet)._scope()
        return body if self._output is None else body | {"output": output_json(self._output)}

    def __repr__(self) -> str:
        return f"<Scope {self.id!r}: {len(self._entries)} entries>"


def scope(
    *, id: str | None = None, output: MapSource | Mapping[str, MapSource] | None = None
) -> Scope:
    """Return an empty scope to add steps to, for where a single step is not enough::

        .branch([("input.total > 100", scope(id="large").then(check).then(charge))])

    As an arm of a branch it is known by ``id``; as a body of a container it puts out ``output``,
    else what its last steps do.  In :meth:`~Flow.then`, :meth:`~Flow.parallel` and
    :meth:`~Flow.graph` it stands for the steps it holds, in a row.
    """
    return Scope(id=id, output=output)
