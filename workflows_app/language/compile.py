"""From a document to a plan, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from workflows_app.language.admission import KEY_ROOTS
from workflows_app.language.catalogue import Catalogue
from workflows_app.language.data_types import DataTypes
from workflows_app.language.definition import Definition
from workflows_app.language.diagnostics import Diagnostic, Diagnostics, Severity
from workflows_app.language.draft import walk
from workflows_app.language.flow_checks import FlowChecker
from workflows_app.language.limits import DEFINITION, DefinitionLimits
from workflows_app.language.node_checks import MAX_ATTEMPT_SECONDS, NodeChecker, schema_place
from workflows_app.language.node_sources import placed_condition
from workflows_app.language.parse import parse
from workflows_app.language.plan import Plan
from workflows_app.language.plan_building import PlanBuilder
from workflows_app.language.references import ReferenceChecker
from workflows_app.language.repairs import Surroundings, with_repairs
from workflows_app.language.schemas import check_schema
from workflows_app.language.scopes import build_scopes
from workflows_app.language.typecheck import TypeChecker

__all__ = ["MAX_ATTEMPT_SECONDS", "Compiled", "compile_definition"]


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


def compile_definition(
    document: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    workflow_id: str | None = None,
    limits: DefinitionLimits = DEFINITION,
) -> Compiled:
    """Return the plan of ``document``, with every problem found.  Never raises.

    ``workflow_id`` is the workflow it is saved as; without it, its own ``id`` is believed.
    """
    problems = Diagnostics()
    draft = parse(document, problems=problems, limits=limits)
    if workflow_id is not None:
        draft = replace(draft, header=draft.header.model_copy(update={"id": workflow_id}))
    scopes = build_scopes(draft, problems=problems)
    types = DataTypes(header=draft.header, scopes=scopes, catalogue=catalogue)
    references = ReferenceChecker(
        header=draft.header,
        scopes=scopes,
        declared_ids=draft.declared,
        catalogue=catalogue,
        problems=problems,
    )
    flow = FlowChecker(
        scopes=scopes,
        references=references,
        types=types,
        checker=TypeChecker(types=types, scopes=scopes, problems=problems),
        problems=problems,
    )
    nodes = NodeChecker(
        catalogue=catalogue, workflow=types.workflow, own_id=draft.header.id, problems=problems
    )
    builder = PlanBuilder(header=draft.header, scopes=scopes, types=types)

    _check_header(draft.header, references, types, problems)
    if not draft.declared and not problems.has_errors:
        problems.add("definition.empty", "the definition has no nodes", "nodes", fix="add a node")
    plan_nodes = []
    for found in walk(draft.root):
        # Of nodes that share an id only the first has a place in the graph.
        has_place = found.node.id in scopes.homes and scopes.draft(found.node.id) is found
        nodes.check(found, needs=scopes.needs(found.node.id) if has_place else None)
        if has_place:
            reads = flow.check(found)
            if found.node.supported:
                plan_nodes.append(builder.node(found, reads))
    result = flow.check_output(draft.root)
    diagnostics = problems.sorted()
    if diagnostics:
        known = Surroundings(document=document, draft=draft, scopes=scopes, types=types)
        diagnostics = with_repairs(diagnostics, known)
    if problems.has_errors:
        return Compiled(plan=None, diagnostics=diagnostics)
    return Compiled(plan=builder.plan(plan_nodes, result), diagnostics=diagnostics)


def _check_header(
    header: Definition, references: ReferenceChecker, types: DataTypes, problems: Diagnostics
) -> None:
    for key in ("inputs", "state", "context"):
        for problem in check_schema(getattr(header, key)):
            problems.add("schema.invalid", problem.message, key, *schema_place(problem.path))
    if header.hooks is not None:
        for name, ref in header.hooks.model_dump(exclude_none=True).items():
            references.check_callable(ref, ("hooks", name))
    _check_keys(header, references, problems)
    if header.on_failure is None:
        return
    if header.on_failure == header.id:
        problems.warn(
            "workflow.recursive",
            "the workflow is started again by its own failure, without an end",
            "on_failure",
            fix="name another workflow, or give the nodes retries",
        )
    elif types.workflow(header.on_failure) is None:
        problems.add(
            "workflow.unknown",
            f"there is no workflow {header.on_failure!r} that can be run",
            "on_failure",
            fix="correct the id, or publish that workflow first",
        )


def _check_keys(header: Definition, references: ReferenceChecker, problems: Diagnostics) -> None:
    keys = {}
    for name in ("concurrency", "start_rate"):
        limit = getattr(header, name)
        if limit is not None:
            keys[name] = limit.key
            if limit.key is not None:
                key = placed_condition(limit.key, (name, "key"))
                references.check_before_start(key, roots=KEY_ROOTS)
    if len(set(keys.values())) > 1:
        problems.add(
            "concurrency.keys_differ",
            "an execution waits in one lane, and these two keys make different ones",
            "start_rate",
            "key",
            fix="write the same key in both, or in neither",
        )
