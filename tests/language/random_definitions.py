"""Random definitions that compile, nest every construct, and can be run.  Runs nothing itself.

Every step takes any JSON value and looks only at :func:`total`, the sum of the numbers in it, so
whatever a join, a branch or a list hands on is an input.  :data:`BODIES` says what each step does;
all of them are pure, so an execution without ``races`` has one right result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from workflows_app.language.catalogue import StaticCatalogue, StepInfo, WorkflowInfo

#: Numbers stay below this, so that loops do not make them grow without end.
MODULUS = 1_000_003
EVENT = "go"
CHILD = "child"


def total(value: Any) -> int:
    """Return the sum of all whole numbers anywhere in a JSON value."""
    match value:
        case bool():
            return 0
        case int():
            return value
        case list():
            return sum(map(total, value))
        case dict():
            return sum(map(total, value.values()))
    return 0


def fail_if_negative(value: Any) -> int:
    """Return the total of ``value``.

    Raises:
        ValueError: if it is below zero.
    """
    found = total(value)
    if found < 0:
        raise ValueError(f"{found} is negative")
    return found


#: Step id -> what it makes of its input.
BODIES: Mapping[str, Callable[[Any], Any]] = {
    "add_one": lambda value: (total(value) + 1) % MODULUS,
    "double": lambda value: total(value) * 2 % MODULUS,
    "negate": lambda value: -abs(total(value)) - 1,
    "split": lambda value: list(range(1, abs(total(value)) % 4 + 1)),
    "fail_if_negative": fail_if_negative,
}
CATALOGUE = StaticCatalogue(
    steps={name: StepInfo(id=name) for name in BODIES},
    workflows={CHILD: WorkflowInfo(id=CHILD)},
)
#: A workflow to register as :data:`CHILD` where nested ones are run.
CHILD_DEFINITION: Mapping[str, Any] = {
    "id": CHILD,
    "name": CHILD,
    "nodes": [{"id": "add_one", "type": "step", "step": "add_one"}],
}
INPUTS = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
}
#: What runs to its end without anybody's help.
SELF_RUNNING = frozenset({"step", "map", "branch", "loop", "foreach", "sleep"})
#: What needs a second workflow, an event, a person, or ends everything early.
ALL_KINDS = SELF_RUNNING | {"workflow", "wait_for_event", "approval", "bail"}
T = TypeVar("T")
_CONDITIONS = ("true", "false", "size(json(input)) % 2 == 0", "inputs.n > 0", "inputs.n <= 0")


@st.composite
def definitions(
    draw: st.DrawFn,
    *,
    kinds: frozenset[str] = SELF_RUNNING,
    depth: int = 3,
    width: int = 4,
    failures: bool = False,
    races: bool = False,
) -> dict[str, Any]:
    """Return a definition that compiles without errors against :data:`CATALOGUE`.

    Its input is ``{"n": integer}``.  Bodies stand in each other at most ``depth`` deep, a scope
    has at most ``width`` nodes.  With ``failures`` some steps fail, and nodes say what then; with
    ``races`` joins wait for some of their predecessors only, so that the result depends on who is
    first.
    """
    maker = _Maker(_Drawn(draw), kinds, width, failures, races)
    return {"name": "random", "inputs": INPUTS} | maker.outermost(depth)


def seeded_definition(
    random: Random,
    *,
    kinds: frozenset[str] = SELF_RUNNING,
    depth: int = 3,
    width: int = 4,
    failures: bool = False,
) -> dict[str, Any]:
    """Return a definition like :func:`definitions`; an equal ``random`` gives an equal one."""
    maker = _Maker(_Seeded(random), kinds, width, failures, races=False)
    return {"name": "random", "inputs": INPUTS} | maker.outermost(depth)


class _Choices(Protocol):
    """Who decides what a definition looks like."""

    def integer(self, lowest: int, highest: int) -> int: ...
    def boolean(self) -> bool: ...
    def one(self, among: Sequence[T]) -> T: ...
    def some(self, among: Sequence[T], at_most: int) -> list[T]: ...


@dataclass(frozen=True, slots=True)
class _Drawn:
    draw: st.DrawFn

    def integer(self, lowest: int, highest: int) -> int:
        return self.draw(st.integers(lowest, highest))

    def boolean(self) -> bool:
        return self.draw(st.booleans())

    def one(self, among: Sequence[T]) -> T:
        return self.draw(st.sampled_from(among))

    def some(self, among: Sequence[T], at_most: int) -> list[T]:
        chosen = st.sampled_from(among)
        return self.draw(st.lists(chosen, min_size=1, max_size=at_most, unique=True))


@dataclass(frozen=True, slots=True)
class _Seeded:
    random: Random

    def integer(self, lowest: int, highest: int) -> int:
        return self.random.randint(lowest, highest)

    def boolean(self) -> bool:
        return self.random.random() < 0.5

    def one(self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def some(self, among: Sequence[T], at_most: int) -> list[T]:
        return self.random.sample(among, self.random.randint(1, min(at_most, len(among))))


@dataclass(slots=True)
class _Maker:
    choices: _Choices
    kinds: frozenset[str]
    width: int
    failures: bool
    races: bool
    count: int = 0
    inside: dict[str, set[str]] = field(default_factory=dict)
    """Container -> the steps in its bodies that can be read once it has ended."""

    def outermost(self, depth: int) -> Any:
        return self.scope(depth, frozenset(), inside=frozenset())

    def scope(self, depth: int, readable: frozenset[str], *, inside: frozenset[str]) -> Any:
        """Return a scope whose nodes may read the steps in ``readable``.

        ``inside`` holds the kinds of containers around it.
        """
        size = self.choices.integer(1, self.width)
        nodes: list[dict[str, Any]] = []
        edges: list[list[str]] = []
        before: dict[str, set[str]] = {}
        for _ in range(size):
            needs = [node["id"] for node in nodes if self.choices.boolean()]
            upstream = set(needs).union(*(before[need] for need in needs))
            seen = set().union(*(self.inside.get(one, set()) for one in upstream))
            node = self.node(depth, readable | upstream | seen, inside)
            before[node["id"]] = upstream
            edges += [[need, node["id"]] for need in needs]
            if self.races and len(needs) > 1:
                node |= {"join": self.choices.one(["all", "any", len(needs) - 1])}
            nodes.append(node)
        return {"nodes": nodes, "edges": edges}

    def node(self, depth: int, readable: frozenset[str], inside: frozenset[str]) -> dict[str, Any]:
        """Return one node."""
        containers = {"branch", "loop", "foreach", "wait_for_event"}
        kinds = self.kinds if depth else self.kinds - containers
        kind = self.choices.one([*sorted(kinds), "step", "step"])
        self.count += 1
        node: dict[str, Any] = {"id": f"{kind}_{self.count}", "type": kind}
        node |= getattr(self, f"_{kind}")(node["id"], depth, readable, inside)
        if self.failures:
            node["on_error"] = self.choices.one(["fail", "fail", "continue", "skip"])
        return node

    def _step(self, _: str, __: int, readable: frozenset[str], inside: frozenset[str]) -> Any:
        names = sorted(BODIES) if self.failures else sorted(BODIES.keys() - {"fail_if_negative"})
        found = {"step": self.choices.one(names)}
        return found | ({"input": self._fields(readable, inside)} if self._sometimes() else {})

    def _map(self, _: str, __: int, readable: frozenset[str], inside: frozenset[str]) -> Any:
        return {"fields": self._fields(readable, inside)}

    def _branch(
        self, node_id: str, depth: int, readable: frozenset[str], inside: frozenset[str]
    ) -> Any:
        cases = []
        for number in range(self.choices.integer(1, 3)):
            body = self._body(node_id, depth, readable, inside) if self._sometimes() else {}
            when = self.choices.one(_CONDITIONS)
            cases.append({"id": f"case_{number}", "when": when, "body": body})
        return {"mode": self.choices.one(["all", "first"]), "cases": cases}

    def _loop(
        self, node_id: str, depth: int, readable: frozenset[str], inside: frozenset[str]
    ) -> Any:
        rounds = self.choices.integer(1, 3)
        condition = self.choices.one(
            [{"while": f"iteration < {rounds}"}, {"until": f"iteration >= {rounds}"}]
        )
        return condition | {"body": self._body(node_id, depth, readable, inside | {"loop"})}

    def _foreach(self, _: str, depth: int, readable: frozenset[str], inside: frozenset[str]) -> Any:
        items = self.choices.one(
            [
                {"value": []},
                {"value": [3, 1, 2]},
                {"expression": "[inputs.n, 5]"},
                {"expression": "inputs.n > 0 ? [1, 2, 3, 4] : []"},
            ]
        )
        body = self.scope(depth - 1, readable, inside=inside | {"foreach"})
        return {"items": items, "concurrency": self.choices.integer(1, 3), "body": body}

    def _sleep(self, *_: Any) -> Any:
        return {"seconds": self.choices.one([0, -1, {"value": 0}])}

    def _workflow(self, *_: Any) -> Any:
        return {"workflow": CHILD, "input": {"n": {"value": 1}}}

    def _wait_for_event(
        self, node_id: str, depth: int, readable: frozenset[str], inside: frozenset[str]
    ) -> Any:
        body = self._body(node_id, depth, readable, inside) if self._sometimes() else {}
        return {"event": EVENT, "body": body}

    def _approval(self, _: str, __: int, readable: frozenset[str], inside: frozenset[str]) -> Any:
        return {"title": "May it?", "context": self._fields(readable, inside)}

    def _bail(self, _: str, __: int, readable: frozenset[str], inside: frozenset[str]) -> Any:
        return {"result": self._fields(readable, inside)} if self._sometimes() else {}

    def _body(
        self, node_id: str, depth: int, readable: frozenset[str], inside: frozenset[str]
    ) -> Any:
        """Return a body, and remember what of it can be read from outside."""
        body = self.scope(depth - 1, readable, inside=inside)
        seen = self.inside.setdefault(node_id, set())
        for node in body["nodes"]:
            seen |= {node["id"]} | self.inside.get(node["id"], set())
        if self._sometimes():
            last = body["nodes"][-1]["id"]
            body["output"] = {"last": {"from": f"steps.{last}"}}
        return body

    def _fields(self, readable: frozenset[str], inside: frozenset[str]) -> dict[str, Any]:
        paths = ["inputs.n", "input", *(f"steps.{step}" for step in sorted(readable))]
        paths += ["item", "index"] if "foreach" in inside else []
        paths += ["iteration"] if "loop" in inside else []
        chosen = self.choices.some(paths, 3)
        return {f"f{index}": {"from": path} for index, path in enumerate(chosen)}

    def _sometimes(self) -> bool:
        return self.choices.boolean()
