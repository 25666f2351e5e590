"""What sources look at, and whether that will be there.  Checks names, not types."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workflows_app.language.catalogue import Catalogue
from workflows_app.language.definition import Definition, ForeachNode
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import Place
from workflows_app.language.expressions import ROOTS, ExpressionError
from workflows_app.language.expressions import check as check_expression
from workflows_app.language.node_sources import Placed
from workflows_app.language.paths import Path, PathError, parse_path
from workflows_app.language.scopes import Hidden, Reader, Scopes
from workflows_app.language.templates import check_template

#: Roots that have a value everywhere; ``item`` and ``index`` have one inside a foreach,
#: ``iteration`` inside a loop.
AVAILABLE_ROOTS = frozenset(ROOTS) - {"item", "index", "iteration"}
#: In larger definitions nobody is told which name may have been meant: comparing takes too long.
_MOST_COMPARED = 1_000
#: Nor in one where this many names are wrong.
_MOST_ADVISED = 20


@dataclass(slots=True)
class Reads:
    """What somebody's sources look at."""

    steps: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    paths: dict[Place, Path] = field(default_factory=dict)
    """Place in the document -> the plain path written there."""

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            steps=self.steps | other.steps,
            roots=self.roots | other.roots,
            paths=self.paths | other.paths,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceChecker:
    """Checks sources of one definition against its scopes, inputs and configs."""

    header: Definition
    scopes: Scopes
    declared_ids: Collection[str]
    catalogue: Catalogue
    problems: Diagnostics

    def check(self, sources: Iterable[Placed], *, reader: Reader) -> Reads:
        """Return what ``sources`` look at, adding what will not be there for ``reader`` to the
        problems."""
        reads = Reads()
        look = _Look(
            reader=reader,
            node_id=reader.node or reader.scope.partition("/")[0] or None,
            roots=AVAILABLE_ROOTS | self.scopes.roots_in(reader.scope),
        )
        for source in sources:
            for path in self._paths(source, look, reads):
                self._check_path(path, source.inside, look, reads)
        return reads

    def _paths(self, found: Placed, look: _Look, reads: Reads) -> Iterator[Path]:
        source = found.source
        try:
            match source.kind:
                case "from":
                    path = parse_path(source.from_ or "")
                    reads.paths[found.place] = path
                    yield path
                case "expression":
                    info = check_expression(source.expression or "", roots=look.roots)
                    reads.roots |= info.roots
                    yield from info.paths
                case "template":
                    template = check_template(source.template or "")
                    reads.roots |= template.roots
                    yield from template.paths
                case "code":
                    # A callable may look at all of it, and nobody can tell.
                    reads.roots |= {"input", "inputs"} | (look.roots & {"item"})
                    self.check_callable(source.code or "", found.inside, node_id=look.node_id)
        except PathError as error:
            self.problems.add("reference.invalid", str(error), *found.inside, node_id=look.node_id)
        except ExpressionError as error:
            where = f" at character {error.position + 1}" if error.position is not None else ""
            code = error.code if error.code in _EXPRESSION_CODES else "expression.syntax"
            self.problems.add(code, f"{error}{where}", *found.inside, node_id=look.node_id)

    def check_before_start(self, source: Placed, *, roots: frozenset[str]) -> None:
        """Add to the problems what an expression looks at that is not there before an execution
        begins; ``roots`` are."""
        look = _Look(reader=Reader(scope=""), node_id=None, roots=roots)
        for root, *rest in self._paths(source, look, Reads()):
            # Nothing hands anything over yet, so the input is the workflow's.
            path = ("inputs" if root == "input" else root, *rest)
            self._check_path(path, source.inside, look, Reads())

    def check_callable(self, ref: str, at: Place, *, node_id: str | None = None) -> None:
        """Add a problem if no registered workflow has a callable at ``ref``."""
        if not self.catalogue.has_callable(ref):
            self.problems.add(
                "callable.unknown",
                f"there is no callable {ref!r} in a registered workflow",
                *at,
                node_id=node_id,
            )

    def _check_path(self, path: Path, at: Place, look: _Look, reads: Reads) -> None:
        root, *rest = path or (".",)
        reads.roots.add(str(root))
        if root not in ROOTS:
            self.problems.add(
                "reference.root_unknown",
                f"{root!r} is nothing a path can start with",
                *at,
                node_id=look.node_id,
                fix=f"start with one of {', '.join(sorted(look.roots))}",
            )
        elif root not in look.roots:
            where = "loop" if root == "iteration" else "foreach"
            self.problems.add(
                "reference.root_unavailable",
                f"{root!r} has no value here: it exists only inside a {where}",
                *at,
                node_id=look.node_id,
            )
        elif root == "steps":
            self._check_step(rest, at, look, reads)
        elif root == "inputs" and rest:
            self._check_input(rest[0], at, look)
        elif root == "configs" and rest and rest[0] not in self.header.configs:
            self.problems.add(
                "reference.unknown_config",
                f"the workflow has no config {rest[0]!r}",
                *at,
                node_id=look.node_id,
                fix=_nearest("one of its configs", self.header.configs, str(rest[0])),
                subject=str(rest[0]),
            )

    def _check_step(self, rest: list[str | int], at: Place, look: _Look, reads: Reads) -> None:
        if not rest:
            self.problems.add(
                "expression.dynamic_step", "name the step: steps.<id>", *at, node_id=look.node_id
            )
            return
        step_id = str(rest[0])
        if step_id not in self.declared_ids:
            self.problems.add(
                "reference.unknown_step",
                f"there is no step {step_id!r}",
                *at,
                node_id=look.node_id,
                fix=self._meant(step_id, look.reader),
                subject=step_id,
            )
        elif step_id in self.scopes.homes:
            reads.steps.add(step_id)
            hidden = self.scopes.hides(step_id, reader=look.reader)
            if hidden is not None:
                self._report_hidden(step_id, hidden, at, look)

    def _report_hidden(self, step_id: str, hidden: Hidden, at: Place, look: _Look) -> None:
        code = "reference.in_foreach" if hidden is Hidden.IN_FOREACH else "reference.not_upstream"
        why, fix = _WHY[hidden]
        names = {
            "step": repr(step_id),
            "reader": repr(look.node_id),
            "holder": repr(self._list_around(step_id, look.reader)),
        }
        self.problems.add(
            code,
            why.format(**names),
            *at,
            node_id=look.node_id,
            fix=fix.format(**names) or None,
            subject=step_id,
        )

    def _list_around(self, step_id: str, reader: Reader) -> str:
        """Return the outermost foreach around ``step_id`` that is not around ``reader``."""
        shared = {one.node.id for one in self.scopes.around(reader.scope)}
        lists = [
            one.node.id
            for one in self.scopes.around(self.scopes.homes[step_id])
            if isinstance(one.node, ForeachNode) and one.node.id not in shared
        ]
        return lists[-1] if lists else step_id

    def _meant(self, written: str, reader: Reader) -> str:
        homes = self.scopes.homes
        many = self.problems.count("reference.unknown_step") >= _MOST_ADVISED
        if many or len(homes) > _MOST_COMPARED:
            return "read an earlier step"
        visible = [one for one in homes if self.scopes.hides(one, reader=reader) is None]
        return _nearest("an earlier step", visible, written)

    def _check_input(self, name: str | int, at: Place, look: _Look) -> None:
        declared = self.header.inputs.get("properties")
        if not isinstance(declared, Mapping) or name in declared:
            return
        if "$ref" in self.header.inputs or "patternProperties" in self.header.inputs:
            return
        self.problems.add(
            "reference.unknown_input",
            f"the workflow declares no input {name!r}",
            *at,
            node_id=look.node_id,
            fix=f"add {name!r} to inputs.properties, or use "
            f"{_nearest('one of the declared', declared, str(name))}",
            subject=str(name),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Who looks, under which name people know it, and what has a value there."""

    reader: Reader
    node_id: str | None
    roots: frozenset[str]


#: Why a step's output cannot be read, and what to do about it.
_WHY: Mapping[Hidden, tuple[str, str]] = {
    Hidden.NOT_UPSTREAM: (
        "step {step} need not have run before {reader}",
        "add an edge that leads from {step} to {reader}, or to what holds it",
    ),
    Hidden.OTHER_CASE: (
        "step {step} stands in another case of the same branch than {reader}",
        "move the step before the branch, or read it after the branch",
    ),
    Hidden.AROUND: (
        "step {step} has not ended while {reader} runs",
        "read a step that comes before it, or `input`",
    ),
    Hidden.INSIDE: (
        "step {step} stands inside {reader}, which looks before its body runs",
        "read a step that comes before {reader}, or `input`",
    ),
    Hidden.IN_FOREACH: (
        "step {step} runs once for each item of {holder}, so it has no single output here",
        "read the list that {holder} puts out: steps[{holder}]",
    ),
}

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


def _nearest(what: str, names: Collection[str], written: str) -> str:
    """Return what may have been meant by ``written``: names like it, else some there are."""
    close = difflib.get_close_matches(written, names, n=3, cutoff=0.6)
    shown = ", ".join(repr(name) for name in close or list(names)[:10])
    return f"{what}: {shown}" if shown else f"{what}; there is none"
