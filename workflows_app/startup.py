"""What is wired up once Django is ready: code's workflows are found, tools are registered."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery.signals import worker_init
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate

from workflows_app.authoring.registry import RegistryProblem, registry
from workflows_app.checks import check_registry
from workflows_app.connectors import installation
from workflows_app.connectors.base import UnknownTool
from workflows_app.connectors.base import registry as tools
from workflows_app.language.catalogue import ToolInfo

logger = logging.getLogger("celeriac.registry")


def install() -> None:
    """Register tools, import every ``workflows.py``, and keep the tables in step."""
    registry.find_tool = _tool_info
    registry.queues = frozenset(settings.WORKFLOW_QUEUES)
    registry.limits = settings.DEFINITION_LIMITS
    installation.install(settings)
    for app in apps.get_app_configs():
        discover(f"{app.name}.workflows")
    checks.register(check_registry)
    post_migrate.connect(_sync, dispatch_uid="celeriac.sync")
    worker_init.connect(_sync, weak=False, dispatch_uid="celeriac.sync")


def discover(module: str) -> None:
    """Import ``module`` if it exists; a module that breaks is reported and stops nothing."""
    try:
        if find_spec(module) is None:
            return
        with registry.loading(module):
            registry.add_module(import_module(module))
    except Exception as error:
        registry.problems.append(
            RegistryProblem(code="module.broken", module=module, message=repr(error))
        )
        logger.exception(
            "a workflows module could not be imported, its workflows are missing",
            extra={"action": "registry.discover", "module_name": module},
        )


def sync() -> None:
    """Write code's workflows into the tables, if the tables are there."""
    from django.db import DatabaseError, connection

    from workflows_app.operations.sync_registry import sync_registry

    try:
        if "workflows_app_workflow" in connection.introspection.table_names():
            sync_registry()
    except DatabaseError:
        logger.exception(
            "code's workflows are written at the next start", extra={"action": "registry.sync"}
        )
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _sync(sender: Any = None, **_: Any) -> None:
    if getattr(sender, "name", "workflows_app") == "workflows_app" or not hasattr(sender, "label"):
        sync()


def _tool_info(name: str) -> ToolInfo | None:
    try:
        tool = tools.get(name)
    except UnknownTool:
        return None
    return ToolInfo(
        name=tool.name,
        input_schema=tool.input_schema or None,
        output_schema=tool.output_schema or None,
        toolkit=tool.toolkit,
        needs_connection=tool.needs_connection,
    )
