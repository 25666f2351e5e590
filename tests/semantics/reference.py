"""What a definition means, in one short recursive reading of it.  No facts, no plan, no tables.

The oracle for the engine: slow, in memory, one thing after the other, and easy to believe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.expressions import evaluate
from workflows_app.language.paths import MISSING, parse_path, resolve

OK, FAILED, BAILED = "completed", "failed", "bailed"
Came = tuple[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Reads one definition for one input."""

    bodies: Mapping[str, Callable[[Any], Any]]
    child: Mapping[str, Any]
    event: Any
    answer: Any

    def run(self, definition: Mapping[str, Any], given: Any) -> Came:
        came, value = self._scope(definition, given, {"inputs": given, "steps": {}})
        return (OK, value) if came == BAILED else (came, value)

    def _scope(self, scope: Mapping[str, Any], given: Any, seen: dict[str, Any]) -> Came:
        needs = {node["id"]: [] for node in scope.get("nodes", [])}
        for before, after in scope.get("edges", []):
            needs[after].append(before)
        came: dict[str, str] = {}
        for node in scope.get("nodes", []):  # edges lead from earlier to later ones
            before = sorted(needs[node["id"]], key=list(needs).index)
            if all(came.get(need) == OK for need in before):
                handed = {need: seen["steps"].get(need) for need in before}
                value = given if not before else handed if len(before) > 1 else handed[before[0]]
                came[node["id"]], output = self._handled(node, value, seen)
                if came[node["id"]] != FAILED:
                    seen["steps"][node["id"]] = output
        for bad in (FAILED, BAILED):
            if bad in came.values():
                return bad, seen["steps"].get(next(key for key in needs if came.get(key) == bad))
        if "output" in scope:
            return OK, _fields(scope["output"], seen)
        last = [key for key in needs if not any(key in found for found in needs.values())]
        outputs = {key: seen["steps"][key] for key in last if key in came}
        return OK, outputs if len(last) > 1 else next(iter(outputs.values()), None)

    def _handled(self, node: Mapping[str, Any], value: Any, seen: dict[str, Any]) -> Came:
        try:
            if "input" in node:
                value = _fields(node["input"], {**seen, "input": value})
            came, output = getattr(self, f"_{node['type']}")(node, value, {**seen, "input": value})
        except ValueError:
            came, output = FAILED, None
        if came == FAILED and node.get("on_error", "fail") != "fail":
            return OK, None
        return came, output

    def _step(self, node: Any, value: Any, _: Any) -> Came:
        return OK, self.bodies[node["step"]](value)

    def _map(self, node: Any, _: Any, seen: Any) -> Came:
        return OK, _fields(node["fields"], seen)

    def _bail(self, node: Any, value: Any, seen: Any) -> Came:
        return BAILED, _fields(node["result"], seen) if "result" in node else value

    def _sleep(self, _: Any, value: Any, __: Any) -> Came:
        return OK, value

    def _approval(self, *_: Any) -> Came:
        return OK, self.answer

    def _workflow(self, _: Any, value: Any, __: Any) -> Came:
        return self.run(self.child, value)

    def _wait_for_event(self, node: Any, value: Any, seen: Any) -> Came:
        body = node.get("body") or {}
        return self._scope(body, value, seen) if body.get("nodes") else (OK, self.event)

    def _branch(self, node: Any, value: Any, seen: Any) -> Came:
        chosen = [case for case in node["cases"] if evaluate(case["when"], seen) is True]
        came = {
            case["id"]: self._scope(case["body"], value, seen)
            for case in (chosen[:1] if node["mode"] == "first" else chosen)
        }
        return _worst(came.values()) or (OK, {key: output for key, (_, output) in came.items()})

    def _loop(self, node: Any, value: Any, seen: Any) -> Came:
        for iteration in range(1, 10_000):
            for inner in _ids(node["body"]):
                seen["steps"].pop(inner, None)
            came, value = self._scope(node["body"], value, {**seen, "iteration": iteration})
            if came != OK:
                return came, value
            at = {**seen, "iteration": iteration, "input": value}
            if "while" in node and not evaluate(node["while"], at):
                break
            if "until" in node and evaluate(node["until"], at):
                break
        return OK, value

    def _foreach(self, node: Any, _: Any, seen: Any) -> Came:
        came = []
        for index, item in enumerate(_value(node["items"], seen)):
            around = {**seen, "steps": dict(seen["steps"]), "item": item, "index": index}
            came.append(self._scope(node["body"], item, around))
        return _worst(came) or (OK, [output for _, output in came])


def _worst(came: Any) -> Came | None:
    found = list(came)
    return next((it for bad in (FAILED, BAILED) for it in found if it[0] == bad), None)


def _ids(scope: Mapping[str, Any]) -> Iterator[str]:
    for node in scope.get("nodes", []):
        yield node["id"]
        for inner in [node.get("body") or {}, *(it["body"] for it in node.get("cases", []))]:
            yield from _ids(inner)


def _fields(fields: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: _value(source, seen) for name, source in fields.items()}
    return {name: value for name, value in values.items() if value is not MISSING}


def _value(source: Mapping[str, Any], seen: Mapping[str, Any]) -> Any:
    match source:
        case {"value": value}:
            return value
        case {"from": path}:
            return resolve(parse_path(path), seen)
        case {"expression": text}:
            return evaluate(text, seen)
    raise AssertionError(source)
