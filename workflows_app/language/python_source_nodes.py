"""Scopes and nodes of a definition as calls of the builder that writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from workflows_app.language.keys import BODY_SUFFIX
from workflows_app.language.python_source_layout import (
    Call,
    Chain,
    Expression,
    Name,
    Row,
    Table,
    Text,
    assignment,
    literal,
)
from workflows_app.language.python_source_names import VariableNames
from workflows_app.language.python_source_shape import Stretch, stretches
from workflows_app.language.python_source_values import Values

Raw = Mapping[str, Any]
Named = list[tuple[str, Expression]]

#: Python takes no expression of arbitrary depth, and each link of a chain is one level.
MAX_LINKS: Final = 50

#: Type of a node that is a step by itself -> the field that names what it runs, and the function.
_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "tool": ("tool", "use_tool"),
    "step": ("step", "use_step"),
    "workflow": ("workflow", "use_workflow"),
    "agent": ("agent", "use_agent"),
}
#: Options of any node that stand as they are, with the value that need not be said.
_OPTIONS: Final[Mapping[str, Any]] = {
    "timeout": None,
    "queue": None,
    "join": "all",
    "on_error": "fail",
}


class NodeWriter:
    """Writes one module: a variable for each step, and calls that join them."""

    def __init__(self, values: Values, names: VariableNames) -> None:
        self.statements: list[str] = []
        """Definitions of variables, in the order in which they must stand."""
        self._values = values
        self._names = names

    # -- graphs ---------------------------------------------------------------------------------

    def links(self, scope: Raw) -> list[Call]:
        """Return the calls that add every node of ``scope`` to a flow."""
        nodes, edges = scope.get("nodes") or [], scope.get("edges") or []
        links = [self._link(stretch) for stretch in stretches(nodes, edges)]
        while len(links) > MAX_LINKS:
            links = [
                Call(
                    "then", [_chained(self._values.call("scope"), links[start : start + MAX_LINKS])]
                )
                for start in range(0, len(links), MAX_LINKS)
            ]
        return links

    def _link(self, stretch: Stretch) -> Call:
        if len(stretch.nodes) == 1:
            (node,) = stretch.nodes
            return Call("then", [self._step(node)]) if _is_step(node) else self._entry(node)
        pieces = {node["id"]: self._piece(node) for node in stretch.nodes}
        if stretch.is_block:
            return Call("parallel", [Row("[]", list(pieces.values()))])
        needs = [
            (pieces[node_id], Row("[]", [pieces[need] for need in needed]))
            for node_id, needed in stretch.needs.items()
        ]
        return Call("graph", [Table(needs)])

    def _piece(self, node: Raw) -> Name:
        """Return a variable for ``node``, to name it in a list."""
        if _is_step(node):
            return self._step(node)
        value = Chain(self._values.call("scope"), [self._entry(node)])
        return self._define(node, value)

    def _define(self, node: Raw, value: Expression) -> Name:
        name = self._names.new(node["id"], node.get("name"))
        self.statements.append(assignment(name, value))
        return Name(name)

    # -- steps ----------------------------------------------------------------------------------

    def _step(self, node: Raw, *, id: str | None = None) -> Name:
        """Return a variable for a node that is a step by itself, under ``id`` if it has another
        where it is put."""
        key, function = _STEPS[node["type"]]
        node_id, ref = id or node["id"], node[key]
        named: Named = [("id", Text(node_id))] if node_id != _default_id(key, ref) else []
        for extra in ("connection", "version"):
            if node.get(extra) is not None:
                named.append((extra, literal(node[extra])))
        if node.get("prompt") is not None:
            named.append(("prompt", self._values.source_or_literal(node["prompt"])))
        self._values.used.add(function)
        call = Call(function, [Text(ref)], [*named, *self._options(node)])
        variable = self._define({**node, "id": node_id}, call)
        self._values.variables[node_id] = variable.flat
        return variable

    def _options(self, node: Raw) -> Iterator[tuple[str, Expression]]:
        if node.get("name") is not None:
            yield "name", Text(node["name"])
        if node.get("description"):
            yield "description", Text(node["description"])
        if node.get("input") is not None:
            yield "input", self._values.fields(node["input"])
        if node.get("collect"):
            yield "collect", literal(node["collect"])
        retry = node.get("retry")
        if retry is not None:
            only_attempts = list(retry) == ["attempts"]
            yield (
                ("retries", literal(retry["attempts"]))
                if only_attempts
                else ("retry", self._values.retry(retry))
            )
        for key, default in _OPTIONS.items():
            if node.get(key, default) not in (None, default):
                yield key, literal(node[key])

    # -- entries --------------------------------------------------------------------------------

    def _entry(self, node: Raw) -> Call:
        """Return the call that adds ``node``, which is no step by itself."""
        method, arguments, named = getattr(self, f"_{node['type']}")(node)
        return Call(method, arguments, [*named, *self._options(node)])

    def _map(self, node: Raw) -> tuple[str, list[Expression], Named]:
        if node.get("code") is not None:
            made: Expression = self._values.call("code", Text(node["code"]))
        else:
            made = self._values.fields(node["fields"])
        return "map", [made], [_id(node)]

    def _branch(self, node: Raw) -> tuple[str, list[Expression], Named]:
        arms = [
            Row("()", [self._values.source_or_literal(case["when"]), self._arm(case)])
            for case in node["cases"]
        ]
        mode = node.get("mode", "all")
        named = [("mode", Text(mode))] if mode != "all" else []
        return "branch", [Row("[]", arms)], [*named, _id(node)]

    def _arm(self, case: Raw) -> Expression:
        body = case.get("body") or {}
        only = _only_step(body)
        if only is not None and only["id"] == case["id"]:
            return self._step(only)
        return self._scope(body, id=case["id"])

    def _loop(self, node: Raw) -> tuple[str, list[Expression], Named]:
        conditions = {
            "dowhile": node.get("while", node.get("while_")),
            "dountil": node.get("until"),
        }
        ((method, condition),) = ((k, v) for k, v in conditions.items() if v is not None)
        only = _only_step(node["body"])
        body = self._scope(node["body"]) if only is None else self._step(only)
        named = [_id(node)]
        if node.get("max_iterations") is not None:
            named.append(("max_iterations", literal(node["max_iterations"])))
        return method, [body, self._values.source_or_literal(condition)], named

    def _foreach(self, node: Raw) -> tuple[str, list[Expression], Named]:
        body, named = self._contained(node)
        if node.get("items") is not None:
            named.append(("items", self._values.source(node["items"])))
        concurrency = node.get("concurrency", 1)
        if concurrency != 1:
            named.append(("concurrency", self._number(concurrency, int)))
        return "foreach", [body], named

    def _wait_for_event(self, node: Raw) -> tuple[str, list[Expression], Named]:
        event: Expression = Text(node["event"])
        if node.get("body") is None:
            return "wait_for_event", [event], [_id(node)]
        body, named = self._contained(node)
        return "wait_for_event", [event, body], named

    def _sleep(self, node: Raw) -> tuple[str, list[Expression], Named]:
        return "sleep", [self._number(node["seconds"], float)], [_id(node)]

    def _sleep_until(self, node: Raw) -> tuple[str, list[Expression], Named]:
        return "sleep_until", [self._values.source_or_literal(node["at"])], [_id(node)]

    def _approval(self, node: Raw) -> tuple[str, list[Expression], Named]:
        named: Named = [("title", self._values.source_or_literal(node["title"]))]
        if node.get("form") is not None:
            named.append(("form", literal(node["form"])))
        if node.get("context") is not None:
            named.append(("context", self._values.fields(node["context"])))
        if node.get("assignees"):
            named.append(("assignees", literal(node["assignees"])))
        if node.get("deadline") is not None:
            named.append(("deadline", self._number(node["deadline"], float)))
        if node.get("on_deadline", "fail") != "fail":
            named.append(("on_deadline", Text(node["on_deadline"])))
        if node.get("reminder") is not None:
            named.append(("reminder", literal(node["reminder"])))
        return "approval", [Text(node["id"])], named

    def _bail(self, node: Raw) -> tuple[str, list[Expression], Named]:
        result = node.get("result")
        made = [] if result is None else [self._values.source_or_fields(result)]
        return "bail", made, [_id(node)]

    # -- bodies ---------------------------------------------------------------------------------

    def _contained(self, node: Raw) -> tuple[Expression, Named]:
        """Return the body of a container, and its id where the body does not say it."""
        only = _only_step(node["body"])
        if only is not None and only["id"] == node["id"] + BODY_SUFFIX:
            return self._step(only, id=node["id"]), []
        return self._scope(node["body"]), [_id(node)]

    def _scope(self, body: Raw, *, id: str | None = None) -> Expression:
        output = body.get("output")
        head = self._values.call(
            "scope",
            id=None if id is None else Text(id),
            output=None if output is None else self._values.source_or_fields(output),
        )
        return _chained(head, self.links(body))

    def _number(self, raw: Any, kind: type[int] | type[float]) -> Expression:
        """Return a number or what makes one; numbers may be written in other ways in JSON."""
        if isinstance(raw, Mapping):
            return self._values.source(raw)
        return literal(raw if type(raw) in (int, kind) else kind(raw))


def _chained(head: Call, links: Sequence[Call]) -> Expression:
    return Chain(head, links) if links else head


def _id(node: Raw) -> tuple[str, Expression]:
    return "id", Text(node["id"])


def _is_step(node: Raw) -> bool:
    return node["type"] in _STEPS


def _only_step(body: Raw) -> Raw | None:
    """Return the step that a body consists of, if it is one and nothing else."""
    nodes = body.get("nodes") or []
    is_one = len(nodes) == 1 and _is_step(nodes[0]) and body.get("output") is None
    return nodes[0] if is_one else None


def _default_id(key: str, ref: str) -> str:
    """Return the id that a step gets which says none."""
    match key:
        case "step":
            return ref.rpartition("/")[2]
        case "workflow":
            return ref
    return ref.replace(" ", "_")
