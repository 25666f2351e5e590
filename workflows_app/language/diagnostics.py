"""What is wrong with a definition, as values.  Collects every problem at once; never raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal


class Severity(StrEnum):
    ERROR = "error"  # the definition cannot run
    WARNING = "warning"  # it runs, and may not do what was meant
    INFO = "info"  # worth knowing


#: Every code a compile can answer, with the sentence the reference prints for it.
CATALOGUE: Mapping[str, str] = MappingProxyType(
    {
        "definition.field_invalid": "A field has the wrong type, is missing, or is not known.",
        "definition.empty": "The definition has no nodes, so there is nothing to run.",
        "definition.version_unknown": "`schema_version` is not one this release reads.",
        "definition.too_large": "The definition passes the limit of nodes or bytes.",
        "node.type_unknown": "The node's `type` is not in the language.",
        "node.not_supported": "The node's kind is in the language but cannot be run yet.",
        "node.duplicate_id": "Two nodes of the document share an id.",
        "node.unreachable": "The node can never start, or hangs beside the graph.",
        "node.timeout_too_long": "The node's timeout passes the longest time an attempt may take.",
        "node.timeout_unsupported": "Nodes of this type take no `timeout`.",
        "node.retry_unsupported": "Nodes of this type take no `retry`.",
        "body.empty": "A loop or a foreach has nothing to repeat.",
        "case.duplicate_id": "Two cases of a branch share an id.",
        "depth.limit": "Bodies, or executions, stand too deeply in each other.",
        "edge.dangling": "An edge names a node that does not exist.",
        "edge.crosses_scope": "An edge names a node of another body.",
        "edge.duplicate": "The same edge is written twice.",
        "graph.cycle": "Nodes wait for each other in a circle.",
        "join.impossible": "The join asks for more predecessors than the node has.",
        "concurrency.keys_differ": "`concurrency` and `start_rate` name different keys.",
        "queue.unknown": "No worker of this installation serves the queue.",
        "tool.unknown": "No tool of this name is registered.",
        "tool.input_missing": "A required input of the tool has no source.",
        "tool.input_unknown": "The tool takes no input of this name.",
        "step.unknown": "No Python step of this id is registered.",
        "step.ambiguous": "Several registered steps share this id.",
        "callable.unknown": "The Python callable is not registered.",
        "workflow.unknown": "No workflow of this id can be run.",
        "workflow.version_unknown": "The workflow has no published version of this number.",
        "workflow.recursive": "The workflow runs itself, which ends at the limit of depth.",
        "condition.not_boolean": "A condition is certain to be something else than true or false.",
        "foreach.not_list": "What a foreach goes through is certain to be no list.",
        "foreach.concurrency": "The number of items at a time is not between 1 and 50.",
        "sleep.too_long": "A wait is longer than 366 days.",
        "sleep.time_invalid": "A time is not written as ISO 8601 says.",
        "assignee.invalid": "An assignee is neither a user name nor a group.",
        "reference.invalid": "A path cannot be read.",
        "reference.root_unknown": "A path starts with a name that does not exist.",
        "reference.root_unavailable": "The name exists in the language but not at this place.",
        "reference.unknown_step": "A path names a step that does not exist.",
        "reference.not_upstream": "A path reads a step that need not have run before.",
        "reference.in_foreach": "A path reads a step that runs once for each item of a list.",
        "reference.unknown_input": "A path reads an input the workflow does not declare.",
        "reference.unknown_config": "A path reads a config the workflow does not declare.",
        "reference.unknown_field": "A path reads a field the producer does not have.",
        "type.mismatch": "A producer's type does not fit the consumer's.",
        "type.narrowing": "A producer's type may not fit the consumer's.",
        "type.unknown": "The producer's type is not known, so the value goes unchecked.",
        "expression.syntax": "The expression cannot be parsed.",
        "expression.unknown_name": "The expression uses a name that does not exist.",
        "expression.unknown_function": "The expression calls a function that does not exist.",
        "expression.dynamic_step": "The expression reads `steps` other than by a literal id.",
        "expression.limit": "The expression passes a bound on text, depth, macros or cost.",
        "expression.type": "The expression mixes types that do not go together.",
        "expression.failed": "The expression cannot be evaluated.",
        "template.invalid": "A template's braces do not match.",
        "schema.invalid": "A JSON Schema is not valid, or uses what is refused here.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change to a document.  Source: RFC 6902."""

    op: Literal["add", "remove", "replace"]
    path: str
    value: Any = None
    """Of no meaning where something is removed."""

    def to_json(self) -> dict[str, Any]:
        """Return the object of the patch."""
        value = {} if self.op == "remove" else {"value": self.value}
        return {"op": self.op, "path": self.path, **value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Changes to the document after which a problem is gone."""

    label: str
    """What they do, for people."""
    patch: tuple[Operation, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object the API answers."""
        return {"label": self.label, "patch": [one.to_json() for one in self.patch]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem of a definition."""

    code: str
    severity: Severity
    message: str
    path: str
    """Where, as a JSON Pointer (RFC 6901) into the document; ``""`` is the whole."""
    node_id: str | None = None
    fix: str | None = None
    """What to do about it, where that can be said."""
    subject: str | None = None
    """The name it is about, where the path does not end in it; not told."""
    repairs: tuple[Repair, ...] = ()
    """What can be done about it by a machine, the best first."""

    def to_json(self) -> dict[str, Any]:
        """Return the object the API answers."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "path": self.path,
            "node_id": self.node_id,
            "fix": self.fix,
            "repairs": [one.to_json() for one in self.repairs],
        }


def pointer(*parts: str | int) -> str:
    """Return the JSON Pointer of ``parts``.  Source: RFC 6901."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


class Diagnostics:
    """A list being filled; the one mutable thing of a compile."""

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []
        self._counts: Counter[str] = Counter()

    def add(
        self,
        code: str,
        message: str,
        *path: str | int,
        node_id: str | None = None,
        fix: str | None = None,
        severity: Severity = Severity.ERROR,
        subject: str | None = None,
    ) -> None:
        """Add one problem at ``path``.

        Raises:
            KeyError: if ``code`` is not in the catalogue, which is a bug of ours.
        """
        CATALOGUE[code]
        self._counts[code] += 1
        self._items.append(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                path=pointer(*path),
                node_id=node_id,
                fix=fix,
                subject=subject,
            )
        )

    def warn(
        self,
        code: str,
        message: str,
        *path: str | int,
        node_id: str | None = None,
        fix: str | None = None,
    ) -> None:
        """Add one problem that does not stop the definition from running."""
        self.add(code, message, *path, node_id=node_id, fix=fix, severity=Severity.WARNING)

    def count(self, code: str) -> int:
        """Return how many problems have ``code``."""
        return self._counts[code]

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self._items)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return all problems, errors first, in the order they were found."""
        order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
        return tuple(sorted(self._items, key=lambda item: order[item.severity]))
