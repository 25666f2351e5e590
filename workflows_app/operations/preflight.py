"""Whether somebody can run a workflow now, and what they must do first.  Changes nothing, asks
nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflows_app.interface import (
    NeededConnection,
    compile_document,
    get_plan,
    installed_catalogue,
    needed_connections,
)
from workflows_app.language.catalogue import AmbiguousStep, Catalogue
from workflows_app.language.plan import NodeKind, Plan, PlanNode
from workflows_app.models import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that keeps the workflow from running."""

    code: str
    message: str
    node_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    version: int
    plan_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    status: str
    plan_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What somebody should know before they start the workflow."""

    reasons: tuple[Reason, ...]
    published: Published | None
    draft: Draft
    """The draft as it compiles today, which may differ from what was said when it was saved."""
    input_schema: dict[str, object]
    connections: tuple[NeededConnection, ...]

    @property
    def can_run(self) -> bool:
        return not self.reasons

    @property
    def up_to_date(self) -> bool:
        return self.published is not None and self.published.plan_hash == self.draft.plan_hash

    @property
    def missing_connections(self) -> list[str]:
        """The toolkits without an account, each once."""
        missing = (need.toolkit for need in self.connections if need.connection_id is None)
        return list(dict.fromkeys(missing))


def preflight(workflow: Workflow, *, user_id: int) -> Preflight:
    """Return what stands between user ``user_id`` and running ``workflow``."""
    compiled = compile_document(
        workflow.definition, owner_id=workflow.owner_id, workflow_id=workflow.pk
    )
    draft = Draft(status=compiled.status, plan_hash=compiled.plan_hash)
    version = workflow.published
    if version is None:
        unpublished = Reason(
            code="workflow.not_executable",
            message="the workflow has never compiled without errors; correct them and save it",
        )
        schema = workflow.definition.get("inputs")
        return Preflight(
            reasons=(*_put_away(workflow), unpublished),
            published=None,
            draft=draft,
            input_schema=schema if isinstance(schema, dict) else {},
            connections=(),
        )
    plan = get_plan(version.pk)
    catalogue = installed_catalogue(owner_id=workflow.owner_id)
    needs = needed_connections(plan, owner_id=user_id)
    return Preflight(
        reasons=(*_put_away(workflow), *_missing_code(plan, catalogue), *_missing_accounts(needs)),
        published=Published(version=version.number, plan_hash=version.plan_hash),
        draft=draft,
        input_schema=dict(plan.inputs),
        connections=needs,
    )


def _put_away(workflow: Workflow) -> list[Reason]:
    if workflow.archived_at is None:
        return []
    return [
        Reason(code="workflow.archived", message="the workflow is archived; unarchive it first")
    ]


_THERE = {"workflow": "published"}


def _missing_code(plan: Plan, catalogue: Catalogue) -> list[Reason]:
    missing: dict[tuple[str, str], list[str]] = {}
    for node in plan.nodes:
        for kind, ref in _missing_of(node, catalogue):
            missing.setdefault((kind, ref), []).append(node.id)
    return [
        Reason(
            code=f"{kind}.unknown",
            message=f"the {kind} {ref!r} is no longer {_THERE.get(kind, 'installed')}; "
            "bring it back or change the nodes",
            node_ids=tuple(node_ids),
        )
        for (kind, ref), node_ids in missing.items()
    ]


def _missing_of(node: PlanNode, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the kind and the name of what ``node`` runs and is not there."""
    if not _is_installed(node, catalogue):
        yield node.kind.value, node.ref
    for place in _callables_of(node):
        if not catalogue.has_callable(place):
            yield "callable", place


def _is_installed(node: PlanNode, catalogue: Catalogue) -> bool:
    match node.kind:
        case NodeKind.TOOL:
            return catalogue.tool(node.ref) is not None
        case NodeKind.STEP:
            try:
                return catalogue.step(node.ref) is not None
            except AmbiguousStep:
                # Which one is meant is decided inside the workflow that runs it.
                return True
        case NodeKind.WORKFLOW:
            return catalogue.workflow(node.ref) is not None
    return True


def _callables_of(node: PlanNode) -> Iterator[str]:
    """Yield the places of the callables that take part in making the node's values."""
    if node.kind is NodeKind.MAP and node.ref:
        yield node.ref
    for fields in (node.input, node.fields, node.parts):
        yield from (source.code for source in (fields or {}).values() if source.code)
    for body in node.bodies:
        if body.when is not None and body.when.code:
            yield body.when.code


def _missing_accounts(needs: Sequence[NeededConnection]) -> list[Reason]:
    return [
        Reason(
            code="connection.missing",
            message=f"connect the account {need.wanted!r} of {need.toolkit!r} before running "
            "this workflow"
            if need.wanted
            else f"connect an account of {need.toolkit!r} before running this workflow",
            node_ids=need.node_ids,
        )
        for need in needs
        if need.connection_id is None
    ]
