"""The one door through which executions look at definitions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from types import EllipsisType
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from pydantic import ValidationError

from workflows_app.authoring.errors import PlanUnreadable
from workflows_app.authoring.registry import RegistryCatalogue
from workflows_app.authoring.registry import registry as code_registry
from workflows_app.authoring.step import Step
from workflows_app.connectors.base import Tool
from workflows_app.connectors.base import registry as tool_registry
from workflows_app.language.catalogue import Catalogue, WorkflowInfo
from workflows_app.language.compile import Compiled, compile_definition
from workflows_app.language.plan import NodeKind, Plan, parse_plan
from workflows_app.language.viewpoint import At, Viewpoint, viewpoint
from workflows_app.models import Connection, Workflow, WorkflowVersion, entity_id_of
from workflows_app.models.version import TEST_NUMBER

#: Plans a process keeps; a plan of 10,000 nodes is some 20 MB of objects.
PLANS_KEPT = 256


_plans: OrderedDict[int, Plan] = OrderedDict()
_plans_lock = Lock()


def get_plan(version_id: int) -> Plan:
    """Return the plan of a version; versions never change, so each process reads one once.

    Raises:
        WorkflowVersion.DoesNotExist: if there is no such version.
        PlanUnreadable: if another release wrote it, in a format that this one does not read.
    """
    with _plans_lock:
        if version_id in _plans:
            _plans.move_to_end(version_id)
            return _plans[version_id]
    plan = _read_plan(version_id)
    # Read inside a transaction the version may be one that is rolled back, its id used again.
    if not connection.in_atomic_block:
        with _plans_lock:
            _plans[version_id] = plan
            if len(_plans) > PLANS_KEPT:
                _plans.popitem(last=False)
    return plan


def _read_plan(version_id: int) -> Plan:
    stored = WorkflowVersion.objects.values_list("plan", flat=True).get(pk=version_id)
    try:
        return parse_plan(stored)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "plan"
        raise PlanUnreadable(version_id, f"{place}: {first['msg']}") from None


def find_version(
    workflow_id: str, *, number: int | None = None, nested_by: int | EllipsisType | None = ...
) -> WorkflowVersion | None:
    """Return a version of a workflow, the published one unless ``number`` names another, or
    ``None`` if there is none.

    With ``nested_by`` only what a workflow of that owner may run inside itself is found: the
    owner's own, and what code defines.
    """
    rows = Workflow.objects.filter(pk=workflow_id, deleted_at=None)
    if nested_by is not ...:
        rows = rows.filter(Q(owner_id=nested_by) | Q(source=Workflow.Source.PYTHON))
    workflow = rows.first()
    if workflow is None:
        return None
    listed = WorkflowVersion.objects.filter(workflow=workflow, number__gt=TEST_NUMBER)
    versions = listed.defer("plan", "definition")
    if number is not None:
        return versions.filter(number=number).first()
    return versions.filter(pk=workflow.published_id).first() if workflow.published_id else None


def installed_catalogue(*, owner_id: int | None = None) -> Catalogue:
    """Return what a definition of ``owner_id`` may name in this installation."""
    code_registry.queues = frozenset(settings.WORKFLOW_QUEUES)
    return RegistryCatalogue(
        code_registry, find_workflow=partial(_workflow_info, owner_id=owner_id)
    )


def compile_document(
    document: Mapping[str, Any], *, owner_id: int | None = None, workflow_id: str | None = None
) -> Compiled:
    """Compile a definition of ``owner_id`` against everything that is installed.

    ``workflow_id`` is the workflow that it is saved as, whatever ``id`` the document gives itself.
    """
    catalogue = installed_catalogue(owner_id=owner_id)
    return compile_definition(
        document,
        catalogue=catalogue,
        workflow_id=workflow_id,
        limits=settings.DEFINITION_LIMITS,
    )


def place_in(
    document: Mapping[str, Any],
    *,
    owner_id: int | None = None,
    node_id: str | None = None,
    at: At = At.INPUT,
    case: str | None = None,
    workflow_id: str | None = None,
) -> Viewpoint:
    """Return the place in a definition of ``owner_id`` where a source of ``node_id`` stands.

    Raises:
        PlaceUnknown: if there is no such node, or no such body of it.
    """
    return viewpoint(
        document,
        catalogue=installed_catalogue(owner_id=owner_id),
        node_id=node_id,
        at=at,
        case=case,
        workflow_id=workflow_id,
        limits=settings.DEFINITION_LIMITS,
    )


def _workflow_info(workflow_id: str, *, owner_id: int | None) -> WorkflowInfo | None:
    version = find_version(workflow_id, nested_by=owner_id)
    if version is None:
        return None
    numbers = WorkflowVersion.objects.filter(workflow_id=workflow_id, number__gt=TEST_NUMBER)
    return WorkflowInfo(
        id=workflow_id,
        input_schema=get_plan(version.pk).inputs or None,
        versions=frozenset(numbers.values_list("number", flat=True)),
    )


def find_tool(name: str) -> Tool:
    """Return the tool called ``name``.

    Raises:
        UnknownTool: if no installed app brings it.
    """
    return tool_registry.get(name)


def is_installed(workflow: Workflow) -> bool:
    """Return whether ``workflow`` is drawn, or defined by code of this process."""
    return workflow.source != Workflow.Source.PYTHON or workflow.pk in code_registry.workflows


def find_step(ref: str, *, workflow_id: str) -> Step | None:
    """Return the step that ``ref`` names in ``workflow_id``, or ``None``.

    Raises:
        AmbiguousStep: if several steps have that id.
    """
    return code_registry.step(ref, workflow_id=workflow_id)


def find_callable(ref: str) -> Any:
    """Return the mapping callable at place ``ref``, or ``None``."""
    return code_registry.callable_at(ref)


def find_connection(
    owner_id: int | None, toolkit: str, *, wanted: str | None = None
) -> Connection | None:
    """Return the owner's active connection to ``toolkit``, or ``None``.

    ``wanted`` picks one by its label or account id; without it the default one is taken, then
    the newest.  A connection of somebody else is never found.
    """
    if owner_id is None:
        return None
    rows = Connection.objects.filter(
        owner_id=owner_id, toolkit=toolkit, status=Connection.Status.ACTIVE
    )
    if wanted:
        by_label = rows.filter(label=wanted).first()
        return by_label or rows.filter(account_id=wanted).first()
    return rows.order_by("-is_default", "-created_at", "-id").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededConnection:
    """An account some nodes act with."""

    toolkit: str
    wanted: str | None
    """The label or account id the nodes name; ``None``: the owner's default one."""
    node_ids: tuple[str, ...]
    connection_id: int | None
    """The connection that would be used; ``None`` when it is missing."""


def needed_connections(plan: Plan, *, owner_id: int | None) -> tuple[NeededConnection, ...]:
    """Return the accounts that ``plan`` acts with when ``owner_id`` runs it, each once."""
    nodes: dict[tuple[str, str | None], list[str]] = {}
    for node in plan.nodes:
        if node.kind is NodeKind.TOOL:
            nodes.setdefault((node.ref, node.connection), []).append(node.id)
    accounts: dict[tuple[str, str | None], list[str]] = {}
    for (ref, wanted), node_ids in nodes.items():
        tool = installed_catalogue().tool(ref)
        if tool is not None and tool.needs_connection and tool.toolkit:
            accounts.setdefault((tool.toolkit, wanted), []).extend(node_ids)
    found = []
    for (toolkit, wanted), node_ids in accounts.items():
        connection = find_connection(owner_id, toolkit, wanted=wanted)
        found.append(
            NeededConnection(
                toolkit=toolkit,
                wanted=wanted,
                node_ids=tuple(node_ids),
                connection_id=connection.pk if connection else None,
            )
        )
    return tuple(found)


__all__ = [
    "NeededConnection",
    "PlanUnreadable",
    "compile_document",
    "entity_id_of",
    "find_callable",
    "find_connection",
    "find_step",
    "find_tool",
    "find_version",
    "get_plan",
    "installed_catalogue",
    "is_installed",
    "needed_connections",
    "place_in",
]
