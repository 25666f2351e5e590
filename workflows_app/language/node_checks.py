"""What is wrong with a node by itself: names nobody knows, values out of range, fields that its
type does not take.  Looks at no other node.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflows_app.language.catalogue import AmbiguousStep, Catalogue, WorkflowInfo
from workflows_app.language.definition import (
    MAX_WAIT_SECONDS,
    AgentNode,
    ApprovalNode,
    BaseNode,
    ForeachNode,
    LoopNode,
    MapNode,
    StepNode,
    ToolNode,
    WaitForEventNode,
    WorkflowNode,
)
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import NodeDraft, Place
from workflows_app.language.node_sources import parts_of
from workflows_app.language.schemas import check_schema

#: An attempt may not outlast the time after which a broker may deliver its message again.
MAX_ATTEMPT_SECONDS: Final = 3_600.0
MAX_CONCURRENCY: Final = 50

#: Node types that take ``retry``, and those that take ``timeout`` with the longest there can be.
_RETRIED: Final = (ToolNode, StepNode, MapNode, AgentNode, WorkflowNode)
_TIMED: Final[Mapping[type[BaseNode], float]] = {
    ToolNode: MAX_ATTEMPT_SECONDS,
    StepNode: MAX_ATTEMPT_SECONDS,
    AgentNode: MAX_ATTEMPT_SECONDS,
    WorkflowNode: MAX_WAIT_SECONDS,
    WaitForEventNode: MAX_WAIT_SECONDS,
}
#: What Django allows in a user's name, or a group's name behind ``group:``.
_ASSIGNEE: Final = re.compile(r"group:(?=\S)[^\x00-\x1f]{1,150}|[\w.@+-]{1,150}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeChecker:
    """Checks nodes one by one."""

    catalogue: Catalogue
    workflow: Callable[[str], WorkflowInfo | None]
    """What a nested workflow is; knows the one being compiled."""
    own_id: str | None
    problems: Diagnostics

    def check(self, draft: NodeDraft, *, needs: tuple[str, ...] | None) -> None:
        """Add what is wrong with a node that has the predecessors ``needs``; ``None``: it stands
        in no graph."""
        node, place = draft.node, draft.place
        if not node.supported:
            self._add(
                "node.not_supported",
                f"nodes of type {_type(node)!r} cannot be run yet",
                draft,
                "type",
                fix="remove the node; until then the workflow can be saved but not run",
            )
        self._check_names(draft)
        self._check_limits(draft)
        if isinstance(node, LoopNode | ForeachNode) and not _has_nodes(draft):
            self._add(
                "body.empty",
                f"the {_type(node)} {node.id!r} has nothing to repeat",
                draft,
                "body",
                fix="add a node to the body",
            )
        if isinstance(node, ApprovalNode):
            self._check_approval(node, place)
        self._check_constants(draft)
        if needs is not None and isinstance(node.join, int) and node.join > len(needs):
            self._add(
                "join.impossible",
                f"the join waits for {node.join} predecessors and the node has {len(needs)}",
                draft,
                "join",
                fix='write a smaller number, "any" or "all"',
            )
        queues = self.catalogue.queues
        if node.queue and queues and node.queue not in queues:
            self._add(
                "queue.unknown",
                f"no worker serves the queue {node.queue!r}",
                draft,
                "queue",
                fix=f"use one of {', '.join(sorted(queues))}, or add it to WORKFLOW_QUEUES",
            )

    def _add(
        self, code: str, message: str, draft: NodeDraft, *at: str | int, fix: str | None = None
    ) -> None:
        self.problems.add(code, message, *draft.place, *at, node_id=draft.node.id, fix=fix)

    # -- names -----------------------------------------------------------------------------------

    def _check_names(self, draft: NodeDraft) -> None:
        match draft.node:
            case ToolNode(tool=name) if self.catalogue.tool(name) is None:
                self._add(
                    "tool.unknown",
                    f"there is no tool {name!r}",
                    draft,
                    "tool",
                    fix="see the list of tools for the right name",
                )
            case StepNode(step=ref):
                self._check_step(ref, draft)
            case MapNode(code=str(ref)) if not self.catalogue.has_callable(ref):
                self._add(
                    "callable.unknown",
                    f"there is no callable {ref!r} in a registered workflow",
                    draft,
                    "code",
                )
            case WorkflowNode(workflow=ref, version=version):
                self._check_workflow(ref, version, draft)

    def _check_step(self, ref: str, draft: NodeDraft) -> None:
        try:
            found = self.catalogue.step(ref)
        except AmbiguousStep as error:
            self._add("step.ambiguous", str(error), draft, "step")
            return
        if found is None:
            self._add(
                "step.unknown",
                f"no Python step {ref!r} is registered",
                draft,
                "step",
                fix="define it in a workflows.py of an installed app, or correct the name",
            )

    def _check_workflow(self, ref: str, version: int | None, draft: NodeDraft) -> None:
        if ref == self.own_id:
            self.problems.warn(
                "workflow.recursive",
                f"the workflow runs itself as node {draft.node.id!r}; an execution that goes on "
                "doing so fails at the limit of depth",
                *draft.place,
                "workflow",
                node_id=draft.node.id,
                fix="make sure that a condition ends it",
            )
            return
        found = self.workflow(ref)
        if found is None:
            self._add(
                "workflow.unknown",
                f"there is no workflow {ref!r} that can be run",
                draft,
                "workflow",
                fix="correct the id, or publish that workflow first",
            )
        elif version is not None and found.versions is not None and version not in found.versions:
            shown = ", ".join(map(str, sorted(found.versions)[-10:])) or "none"
            self._add(
                "workflow.version_unknown",
                f"the workflow {ref!r} has no version {version}",
                draft,
                "version",
                fix=f"use one of the published ones ({shown}), or leave the version out",
            )

    # -- limits ----------------------------------------------------------------------------------

    def _check_limits(self, draft: NodeDraft) -> None:
        node = draft.node
        if node.retry is not None and not isinstance(node, _RETRIED):
            self._add(
                "node.retry_unsupported",
                f"nodes of type {_type(node)!r} are not tried again, so they take no retry",
                draft,
                "retry",
                fix="remove it; give retries to the steps inside, where there are any",
            )
        if node.timeout is None:
            return
        longest = _TIMED.get(type(node))
        if longest is None:
            instead = "; write a `deadline`" if isinstance(node, ApprovalNode) else ""
            self._add(
                "node.timeout_unsupported",
                f"nodes of type {_type(node)!r} take no timeout{instead}",
                draft,
                "timeout",
                fix="remove it",
            )
        elif node.timeout > longest:
            what = "one attempt" if longest == MAX_ATTEMPT_SECONDS else "this"
            self._add(
                "node.timeout_too_long",
                f"{what} may take {longest:,.0f} seconds at most",
                draft,
                "timeout",
            )

    def _check_constants(self, draft: NodeDraft) -> None:
        for name, found in parts_of(draft).items():
            value = found.source.value
            if found.source.kind != "value":
                continue
            if (
                name in ("seconds", "deadline")
                and _is_number(value)
                and not value <= MAX_WAIT_SECONDS
            ):
                self.problems.add(
                    "sleep.too_long",
                    f"no wait is longer than 366 days ({MAX_WAIT_SECONDS:,} seconds)",
                    *found.inside,
                    node_id=draft.node.id,
                )
            elif name == "at" and isinstance(value, str) and not _is_time(value):
                self.problems.add(
                    "sleep.time_invalid",
                    f"{value!r:.60} is no time",
                    *found.inside,
                    node_id=draft.node.id,
                    fix="write it as in 2030-01-31T10:00:00Z",
                )
            elif name == "concurrency" and _is_number(value) and not 1 <= value <= MAX_CONCURRENCY:
                self.problems.add(
                    "foreach.concurrency",
                    f"between 1 and {MAX_CONCURRENCY} items can be worked on at a time",
                    *found.inside,
                    node_id=draft.node.id,
                )

    def _check_approval(self, node: ApprovalNode, place: Place) -> None:
        if node.form is not None:
            for problem in check_schema(node.form):
                self.problems.add(
                    "schema.invalid",
                    problem.message,
                    *place,
                    "form",
                    *schema_place(problem.path),
                    node_id=node.id,
                )
        for index, assignee in enumerate(node.assignees):
            if not _ASSIGNEE.fullmatch(assignee):
                self.problems.add(
                    "assignee.invalid",
                    f"{assignee!r} is neither a user name nor a group",
                    *place,
                    "assignees",
                    index,
                    node_id=node.id,
                    fix="write a user name, or group: and the name of a group",
                )


def schema_place(path: Any) -> Place:
    """Return the parts of the place that a schema's problem names."""
    if isinstance(path, str):
        return tuple(part for part in path.split("/") if part)
    return tuple(path)


def _type(node: BaseNode) -> str:
    return str(getattr(node, "type", ""))


def _has_nodes(draft: NodeDraft) -> bool:
    return any(body.has_nodes for body in draft.bodies)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
