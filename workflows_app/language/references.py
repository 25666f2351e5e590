"""What a node's sources look at, and whether that will be there.  Checks names, not types."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from workflows_app.language.catalogue import Catalogue
from workflows_app.language.definition import BaseNode, Definition, MapNode, Source
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.expressions import ROOTS, ExpressionError
from workflows_app.language.expressions import check as check_expression
from workflows_app.language.graph import Graph
from workflows_app.language.paths import Path, PathError, parse_path
from workflows_app.language.templates import check_template

#: Roots that have a value outside loops and triggers.
AVAILABLE_ROOTS = frozenset(ROOTS) - {"item", "index", "iteration"}


@dataclass(slots=True)
class Reads:
    """What somebody's sources look at."""

    steps: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    paths: dict[tuple[str | int, ...], Path] = field(default_factory=dict)
    """Place in the document -> the plain path written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceChecker:
    """Checks sources of one definition against its graph, inputs and configs."""

    header: Definition
    graph: Graph
    declared_ids: frozenset[str]
    catalogue: Catalogue
    problems: Diagnostics

    def check(
        self,
        sources: Mapping[tuple[str | int, ...], Source],
        *,
        reader: str | None,
        roots: frozenset[str] = AVAILABLE_ROOTS,
    ) -> Reads:
        """Check ``sources`` (place in the document -> source) as read by node ``reader``.

        ``reader`` is ``None`` for the workflow's own output, which may read every step.
        """
        reads = Reads()
        for place, source in sources.items():
            for path, at in self._paths(source, place, reader, roots, reads):
                self._check_path(path, at, reader, roots, reads)
        return reads

    def _paths(
        self,
        source: Source,
        place: tuple[str | int, ...],
        reader: str | None,
        roots: frozenset[str],
        reads: Reads,
    ) -> Iterator[tuple[Path, tuple[str | int, ...]]]:
        at = (*place, source.kind)
        try:
            match source.kind:
                case "from":
                    path = parse_path(source.from_ or "")
                    reads.paths[place] = path
                    yield path, at
                case "expression":
                    info = check_expression(source.expression or "", roots=roots)
                    reads.roots |= info.roots
                    yield from ((path, at) for path in info.paths)
                case "template":
                    template = check_template(source.template or "")
                    reads.roots |= template.roots
                    yield from ((path, at) for path in template.paths)
                case "code":
                    reads.roots |= {"input", "inputs"}
                    if not self.catalogue.has_callable(source.code or ""):
                        self.problems.add(
                            "callable.unknown",
                            f"there is no callable {source.code!r} in a registered workflow",
                            *at,
                            node_id=reader,
                        )
        except PathError as error:
            self.problems.add("reference.invalid", str(error), *at, node_id=reader)
        except ExpressionError as error:
            where = f" at character {error.position + 1}" if error.position is not None else ""
            code = error.code if error.code in _EXPRESSION_CODES else "expression.syntax"
            self.problems.add(code, f"{error}{where}", *at, node_id=reader)

    def _check_path(
        self,
        path: Path,
        at: tuple[str | int, ...],
        reader: str | None,
        roots: frozenset[str],
        reads: Reads,
    ) -> None:
        root, *rest = path or (".",)
        reads.roots.add(str(root))
        if root not in ROOTS:
            self.problems.add(
                "reference.root_unknown",
                f"{root!r} is nothing a path can start with",
                *at,
                node_id=reader,
                fix=f"start with one of {', '.join(sorted(roots))}",
            )
        elif root not in roots:
            self.problems.add(
                "reference.root_unavailable",
                f"{root!r} has no value here: it exists only inside a loop",
                *at,
                node_id=reader,
            )
        elif root == "steps":
            self._check_step(rest, at, reader, reads)
        elif root == "inputs" and rest:
            self._check_input(rest[0], at, reader)
        elif root == "configs" and rest and rest[0] not in self.header.configs:
            self.problems.add(
                "reference.unknown_config",
                f"the workflow has no config {rest[0]!r}",
                *at,
                node_id=reader,
                fix=_nearest("one of its configs", self.header.configs, str(rest[0])),
            )

    def _check_step(
        self, rest: list[str | int], at: tuple[str | int, ...], reader: str | None, reads: Reads
    ) -> None:
        if not rest:
            self.problems.add(
                "expression.dynamic_step", "name the step: steps.<id>", *at, node_id=reader
            )
            return
        step_id = str(rest[0])
        if step_id not in self.declared_ids:
            self.problems.add(
                "reference.unknown_step",
                f"there is no step {step_id!r}",
                *at,
                node_id=reader,
                fix=_nearest("an earlier step", self._upstream(reader), step_id),
            )
        elif step_id in self.graph.nodes:
            reads.steps.add(step_id)
            if reader is not None and not self.graph.is_upstream(step_id, of=reader):
                self.problems.add(
                    "reference.not_upstream",
                    f"step {step_id!r} need not have run before {reader!r}",
                    *at,
                    node_id=reader,
                    fix=f"add an edge that leads from {step_id!r} to {reader!r}",
                )

    def _upstream(self, reader: str | None) -> list[str]:
        nodes = self.graph.nodes
        return [node for node in nodes if reader is None or self.graph.is_upstream(node, of=reader)]

    def _check_input(self, name: str | int, at: tuple[str | int, ...], reader: str | None) -> None:
        declared = self.header.inputs.get("properties")
        if not isinstance(declared, Mapping) or name in declared:
            return
        if "$ref" in self.header.inputs or "patternProperties" in self.header.inputs:
            return
        self.problems.add(
            "reference.unknown_input",
            f"the workflow declares no input {name!r}",
            *at,
            node_id=reader,
            fix=f"add {name!r} to inputs.properties, or use "
            f"{_nearest('one of the declared', declared, str(name))}",
        )


_EXPRESSION_CODES = frozenset(
    {
        "expression.syntax",
        "expression.unknown_name",
        "expression.unknown_function",
        "expression.dynamic_step",
        "expression.limit",
        "expression.type",
        "expression.failed",
        "template.invalid",
    }
)


def sources_of(
    node: BaseNode, *, place: tuple[str | int, ...]
) -> dict[tuple[str | int, ...], Source]:
    """Return every source of ``node`` with its place in the document."""
    found: dict[tuple[str | int, ...], Source] = {
        (*place, "input", name): source for name, source in (node.input or {}).items()
    }
    if isinstance(node, MapNode):
        found |= {(*place, "fields", name): source for name, source in (node.fields or {}).items()}
    return found


def output_sources(
    output: Source | Mapping[str, Source] | None,
) -> dict[tuple[str | int, ...], Source]:
    """Return the sources of a workflow's result with their places in the document."""
    match output:
        case None:
            return {}
        case Source():
            return {("output",): output}
        case _:
            return {("output", name): source for name, source in output.items()}


def _nearest(what: str, names: Collection[str], written: str) -> str:
    """Return what may have been meant by ``written``: names like it, else some there are."""
    close = difflib.get_close_matches(written, names, n=3, cutoff=0.6)
    shown = ", ".join(repr(name) for name in close or list(names)[:10])
    return f"{what}: {shown}" if shown else f"{what}; there is none"
