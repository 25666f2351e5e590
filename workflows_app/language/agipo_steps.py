"""Steps of an Agipo document as nodes and edges.  Runs nothing and drops nothing that would run:
what has no counterpart becomes a node that does not compile until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows_app.language.agipo_bindings import input_sources
from workflows_app.language.agipo_notes import Notes
from workflows_app.language.agipo_tree import Step, StepTree

#: Agipo's own limit is 3.
MAX_NESTING = 8
MAX_NAME, MAX_DESCRIPTION = 200, 10_000
#: Where no counterpart exists: the Python step that would have to be written.
STAND_INS: Mapping[str, str] = {
    "custom": "agipo-custom-code",
    "query_table": "agipo-query-table",
    "write_table": "agipo-write-table",
}

_KNOWN = frozenset(
    {
        *("id", "type", "position", "listIndex", "toolId", "toolkitSlug", "toolkitName"),
        *("toolkitLogo", "code", "controlType", "controlConfig", "tableRef", "tableConfig"),
        *("inputSchema", "outputSchema", "name", "description", "collapsed", "parentId"),
        *("childStepIds", "branchConditionIndex", "parallelLaneIndex"),
    }
)


@dataclass(slots=True)
class Laid:
    """Nodes and edges of one scope, in the order shown to the user."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[list[str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {"nodes": self.nodes, "edges": self.edges}


class StepReader:
    """Reads the steps of one document."""

    def __init__(self, tree: StepTree, *, bindings: Any, notes: Notes) -> None:
        self._tree = tree
        self._notes = notes
        self._bindings: Mapping[str, Any] = bindings if isinstance(bindings, Mapping) else {}
        self.code: dict[str, str] = {}
        """Node id -> the code a custom step held."""

    def read(self) -> Laid:
        """Return the outermost scope."""
        laid = Laid()
        self._chain(self._tree.children.get(None, []), laid, after=[], depth=1)
        self._note_unused_bindings()
        return laid

    # -- laying out -----------------------------------------------------------------------------

    def _chain(
        self, steps: Sequence[int], laid: Laid, *, after: list[str], depth: int
    ) -> list[str]:
        """Add ``steps`` one after another behind ``after``; return what comes last."""
        for index in steps:
            if self._is_control(index, "parallel"):
                after = self._parallel(index, laid, after=after, depth=depth)
                continue
            node = self._node(index, depth)
            laid.nodes.append(node)
            laid.edges.extend([before, node["id"]] for before in after)
            after = [node["id"]]
        return after

    def _is_control(self, index: int, kind: str) -> bool:
        step = self._tree.steps[index]
        return step.get("type") == "control" and step.get("controlType") == kind

    def _parallel(self, index: int, laid: Laid, *, after: list[str], depth: int) -> list[str]:
        lanes = self._lanes(index, "parallelLaneIndex")
        config = _config(self._tree.steps[index])
        self._notes.add(
            "agipo.control_step",
            "lanes became branches of the graph; what follows waits for all of them"
            + ("; it waited for the first" if config.get("waitForAll") is False else ""),
            *("steps", index),
        )
        if depth >= MAX_NESTING:
            self._note_depth(index)
            return after
        ends = [
            end
            for _, lane in sorted(lanes.items())
            for end in self._chain(lane, laid, after=after, depth=depth + 1)
        ]
        return ends or after

    def _lanes(self, index: int, key: str) -> dict[int, list[int]]:
        lanes: dict[int, list[int]] = {}
        for child in self._tree.children.get(index, []):
            lane = self._tree.steps[child].get(key)
            lanes.setdefault(lane if isinstance(lane, int) else 0, []).append(child)
        return lanes

    def _scope(self, steps: Sequence[int], index: int, depth: int) -> dict[str, Any]:
        laid = Laid()
        if depth >= MAX_NESTING and steps:
            self._note_depth(index)
        else:
            self._chain(steps, laid, after=[], depth=depth + 1)
        return laid.to_json()

    def _note_depth(self, index: int) -> None:
        self._notes.add(
            "agipo.nesting",
            f"what stands more than {MAX_NESTING} deep was left out",
            *("steps", index),
        )

    # -- one node -------------------------------------------------------------------------------

    def _node(self, index: int, depth: int) -> dict[str, Any]:
        step = self._tree.steps[index]
        node: dict[str, Any] = {"id": self._tree.node_ids[index]}
        match step.get("type"), step.get("controlType"):
            case "composio", _:
                node |= {"type": "tool", "tool": f"composio.{step.get('toolId') or ''}"[:200]}
            case "control", kind:
                node |= self._control(kind, index, depth)
            case str(kind), _ if kind in STAND_INS:
                node |= {"type": "step", "step": STAND_INS[kind]}
            case kind, _:
                node |= {"type": str(kind)[:50]}
                self._notes.add(
                    "agipo.step_invalid", f"{kind!r} is no kind of step", "steps", index
                )
        node |= self._texts(step, index)
        bindings = self._bindings.get(step["id"]) if isinstance(step.get("id"), str) else None
        if self._tree.by_agipo_id.get(str(step.get("id"))) == node["id"]:
            place = ("bindings", str(step.get("id")))
            sources = input_sources(
                bindings, ids=self._tree.by_agipo_id, place=place, notes=self._notes
            )
            node |= {} if sources is None else {"input": sources}
        self._note_losses(step, index)
        return node

    def _texts(self, step: Step, index: int) -> dict[str, str]:
        texts: dict[str, str] = {}
        for key, limit in (("name", MAX_NAME), ("description", MAX_DESCRIPTION)):
            text = step.get(key)
            if isinstance(text, str) and text:
                texts[key] = text[:limit]
                if len(text) > limit:
                    self._notes.add(
                        "agipo.text_cut", f"cut at {limit:,} characters", "steps", index, key
                    )
        return texts

    def _control(self, kind: Any, index: int, depth: int) -> dict[str, Any]:
        config, children = _config(self._tree.steps[index]), self._tree.children.get(index, [])
        self._notes.add(
            "agipo.control_step",
            f"the {kind!r} step could not run in Agipo; check it, and write its conditions anew: "
            "they are expressions here and were JavaScript",
            *("steps", index),
        )
        match kind:
            case "wait" if config.get("type") == "until":
                return {"type": "sleep_until", "at": config.get("untilTime")}
            case "wait":
                millis = config.get("durationMs")
                seconds = millis / 1000 if isinstance(millis, int | float) else None
                return {"type": "sleep", "seconds": seconds}
            case "suspend":
                title = config.get("message") or "Awaiting human approval"
                return {"type": "approval", "title": str(title)[:500]}
            case "loop":
                test = "while" if config.get("type") == "while" else "until"
                return {
                    "type": "loop",
                    test: str(config.get("condition") or ""),
                    "max_iterations": config.get("maxIterations", 100),
                    "body": self._scope(children, index, depth),
                }
            case "foreach":
                return {
                    "type": "foreach",
                    "items": {"expression": str(config.get("arraySource") or "")},
                    "concurrency": config.get("concurrency", 1),
                    "body": self._scope(children, index, depth),
                }
            case "branch":
                return {
                    "type": "branch",
                    "mode": "first",
                    "cases": self._cases(config, index, depth),
                }
        self._notes.add("agipo.step_invalid", f"{kind!r} is no control step", "steps", index)
        return {"type": str(kind)[:50]}

    def _cases(self, config: Mapping[str, Any], index: int, depth: int) -> list[dict[str, Any]]:
        lanes = self._lanes(index, "branchConditionIndex")
        conditions = config.get("conditions")
        tests = [
            str(item.get("expression") or "") if isinstance(item, Mapping) else ""
            for item in (conditions if isinstance(conditions, list) else [])
        ]
        # A lane beyond the conditions is the else lane.
        count = max([len(tests), *(lane + 1 for lane in lanes)])
        return [
            {
                "id": f"case_{lane + 1}" if lane < len(tests) else "else",
                "when": tests[lane] if lane < len(tests) else "true",
                "body": self._scope(lanes.get(lane, []), index, depth),
            }
            for lane in range(min(count, len(tests) + 1))
        ]

    # -- what is lost ---------------------------------------------------------------------------

    def _note_losses(self, step: Step, index: int) -> None:
        place = ("steps", index)
        if step.get("code"):
            self.code[self._tree.node_ids[index]] = str(step["code"])
        if step.get("type") == "custom":
            self._notes.add(
                "agipo.custom_code",
                "the code is kept in ui.agipo_code; write it as a Python step and name that here",
                *place,
            )
        if step.get("type") in ("query_table", "write_table") or step.get("tableRef"):
            self._notes.add(
                "agipo.table_step", "use a tool or a Python step that reads your table", *place
            )
        for key in ("inputSchema", "outputSchema"):
            if has_content(step.get(key)):
                self._notes.add("agipo.schema", f"{key} was left out", *place, key)
        for key in sorted(map(str, set(step) - _KNOWN)):
            self._notes.add("agipo.field_unknown", f"{key!r} was left out", *place, key)

    def _note_unused_bindings(self) -> None:
        for step_id, bound in self._bindings.items():
            if step_id not in self._tree.by_agipo_id and bound:
                self._notes.add(
                    "agipo.binding_unused",
                    f"there is no step {step_id!r}",
                    *("bindings", str(step_id)),
                )


def has_content(schema: Any) -> bool:
    """Return whether ``schema`` says more than the empty object schema the editor writes."""
    if not isinstance(schema, Mapping):
        return schema is not None
    return bool(schema.get("properties") or set(schema) - {"type", "properties", "required"})


def _config(step: Step) -> Mapping[str, Any]:
    config = step.get("controlConfig")
    return config if isinstance(config, Mapping) else {}
