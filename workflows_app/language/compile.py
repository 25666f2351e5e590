"""From a document to a plan, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflows_app.language.catalogue import AmbiguousStep, Catalogue, StepInfo
from workflows_app.language.definition import (
    BaseNode,
    Definition,
    MapNode,
    Retry,
    StepNode,
    ToolNode,
)
from workflows_app.language.diagnostics import Diagnostic, Diagnostics, Severity
from workflows_app.language.graph import Graph, build_graph
from workflows_app.language.parse import Draft, parse
from workflows_app.language.plan import NodeKind, Plan, PlanNode, RetryPolicy
from workflows_app.language.references import (
    Reads,
    ReferenceChecker,
    output_sources,
    sources_of,
)
from workflows_app.language.schemas import check_schema
from workflows_app.language.typecheck import TypeChecker

#: An attempt may not outlast the time after which a broker may deliver its message again.
MAX_ATTEMPT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a compile says.  ``plan`` is ``None`` when a diagnostic is an error."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def status(self) -> Literal["ok", "warnings", "errors"]:
        if self.plan is None:
            return "errors"
        worst = {item.severity for item in self.diagnostics}
        return "warnings" if Severity.WARNING in worst else "ok"

    @property
    def plan_hash(self) -> str | None:
        return self.plan.content_hash if self.plan else None


def compile_definition(document: Mapping[str, Any], *, catalogue: Catalogue) -> Compiled:
    """Return the plan of ``document``, with every problem found.  Never raises."""
    problems = Diagnostics()
    draft = parse(document, problems=problems)
    graph = build_graph(draft, problems=problems)
    checker = ReferenceChecker(
        header=draft.header,
        graph=graph,
        declared_ids=draft.declared_ids,
        catalogue=catalogue,
        problems=problems,
    )
    types = TypeChecker(header=draft.header, graph=graph, catalogue=catalogue, problems=problems)
    _check_header(draft, problems)
    if not draft.declared_ids and not problems.has_errors:
        problems.add("definition.empty", "the definition has no nodes", "nodes", fix="add a node")
    plan_nodes = []
    for index, node in draft.nodes:
        place = ("nodes", index)
        reads = checker.check(sources_of(node, place=place), reader=node.id)
        _check_node(node, place, graph, catalogue, problems)
        if graph.nodes[node.id][1] is node:
            types.check_node(node, place=place, reads=reads)
            if node.supported:
                plan_nodes.append(_plan_node(node, draft.header, graph, catalogue, reads))
    result = checker.check(output_sources(draft.header.output), reader=None)
    diagnostics = problems.sorted()
    if problems.has_errors:
        return Compiled(plan=None, diagnostics=diagnostics)
    return Compiled(plan=_plan(draft.header, plan_nodes, result), diagnostics=diagnostics)


def _check_header(draft: Draft, problems: Diagnostics) -> None:
    for key in ("inputs", "state"):
        for problem in check_schema(getattr(draft.header, key)):
            problems.add("schema.invalid", problem.message, key, *_parts(problem.path))


def _parts(path: Any) -> tuple[str | int, ...]:
    if isinstance(path, str):
        return tuple(part for part in path.split("/") if part)
    return tuple(path)


def _check_node(
    node: BaseNode,
    place: tuple[str | int, ...],
    graph: Graph,
    catalogue: Catalogue,
    problems: Diagnostics,
) -> None:
    if not node.supported:
        problems.add(
            "node.not_supported",
            f"nodes of type {node.type!r} cannot be run yet",  # type: ignore[attr-defined]
            *place,
            "type",
            node_id=node.id,
            fix="remove the node; until then the workflow can be saved but not run",
        )
    match node:
        case ToolNode(tool=name) if catalogue.tool(name) is None:
            problems.add(
                "tool.unknown",
                f"there is no tool {name!r}",
                *place,
                "tool",
                node_id=node.id,
                fix="see the list of tools for the right name",
            )
        case StepNode(step=ref):
            _check_step(ref, node, place, catalogue, problems)
        case MapNode(code=str(ref)) if not catalogue.has_callable(ref):
            problems.add(
                "callable.unknown",
                f"there is no callable {ref!r} in a registered workflow",
                *place,
                "code",
                node_id=node.id,
            )
    if isinstance(node.join, int) and node.join > len(graph.needs.get(node.id, ())):
        problems.add(
            "join.impossible",
            f"the join waits for {node.join} predecessors and the node has "
            f"{len(graph.needs.get(node.id, ()))}",
            *place,
            "join",
            node_id=node.id,
            fix='write a smaller number, "any" or "all"',
        )
    if node.timeout is not None and node.timeout > MAX_ATTEMPT_SECONDS:
        problems.add(
            "node.timeout_too_long",
            f"one attempt may take {MAX_ATTEMPT_SECONDS:,.0f} seconds at most",
            *place,
            "timeout",
            node_id=node.id,
        )
    if node.queue and catalogue.queues and node.queue not in catalogue.queues:
        problems.add(
            "queue.unknown",
            f"no worker serves the queue {node.queue!r}",
            *place,
            "queue",
            node_id=node.id,
            fix=f"use one of {', '.join(sorted(catalogue.queues))}, or add it to WORKFLOW_QUEUES",
        )


def _check_step(
    ref: str,
    node: BaseNode,
    place: tuple[str | int, ...],
    catalogue: Catalogue,
    problems: Diagnostics,
) -> None:
    try:
        found = catalogue.step(ref)
    except AmbiguousStep as error:
        problems.add("step.ambiguous", str(error), *place, "step", node_id=node.id)
        return
    if found is None:
        problems.add(
            "step.unknown",
            f"no Python step {ref!r} is registered",
            *place,
            "step",
            node_id=node.id,
            fix="define it in a workflows.py of an installed app, or correct the name",
        )


def _step_info(node: BaseNode, catalogue: Catalogue) -> StepInfo | None:
    if not isinstance(node, StepNode):
        return None
    try:
        return catalogue.step(node.step)
    except AmbiguousStep:
        return None


def _plan_node(
    node: BaseNode, header: Definition, graph: Graph, catalogue: Catalogue, reads: Reads
) -> PlanNode:
    needs = graph.needs[node.id]
    info = _step_info(node, catalogue)
    kind, ref, fields, connection = _kind(node)
    own_timeout = info.timeout_seconds if info else None
    own_sources = node.input is not None
    return PlanNode(
        id=node.id,
        kind=kind,
        ref=ref,
        name=node.name,
        needs=needs,
        required=_required(node, needs),
        input=node.input,
        fields=fields,
        collect=node.collect,
        connection=connection,
        retry=_retry(node, header, info),
        timeout_seconds=own_timeout if node.timeout is None else node.timeout,
        on_error=node.on_error,
        queue=node.queue or (info.queue if info else None),
        reads=tuple(sorted(reads.steps, key=lambda step: graph.nodes[step][0])),
        reads_handover=not own_sources or "input" in reads.roots,
        reads_inputs="inputs" in reads.roots or (not needs and not own_sources),
    )


def _kind(node: BaseNode) -> tuple[NodeKind, str, Any, str | None]:
    match node:
        case ToolNode(tool=tool, connection=connection):
            return NodeKind.TOOL, tool, None, connection
        case StepNode(step=step):
            return NodeKind.STEP, step, None, None
        case MapNode(fields=fields, code=code):
            return NodeKind.MAP, code or "", fields, None
    raise AssertionError(f"unreachable: {type(node).__name__} is not supported")


def _required(node: BaseNode, needs: tuple[str, ...]) -> int:
    match node.join:
        case "all":
            return len(needs)
        case "any":
            return min(1, len(needs))
        case number:
            return number


def _retry(node: BaseNode, header: Definition, info: StepInfo | None) -> RetryPolicy:
    """Merge the three layers: the workflow's, the step's own, the node's."""
    layers: list[Retry | None] = [
        header.retry,
        Retry(attempts=info.retries) if info and info.retries is not None else None,
        node.retry,
    ]
    merged: dict[str, Any] = {}
    for layer in layers:
        if layer is not None:
            merged |= layer.model_dump(exclude_unset=True)
    return RetryPolicy(**merged)


def _plan(header: Definition, nodes: list[PlanNode], result: Reads) -> Plan:
    return Plan(
        name=header.name,
        inputs=header.inputs,
        output=header.output,
        output_reads=tuple(sorted(result.steps)),
        state=header.state,
        configs=header.configs,
        timeout_seconds=header.timeout,
        nodes=tuple(nodes),
    )
