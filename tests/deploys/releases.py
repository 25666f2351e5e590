"""Releases of code, one after another, as a worker that is restarted meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import fields

from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from workflows_app.authoring.registry import registry
from workflows_app.operations.sync_registry import sync_registry

#: How long steps wait for code here.
GRACE_SECONDS = 12


@contextmanager
def a_fresh_registry() -> Iterator[None]:
    """Put the registry back afterwards, whatever was deployed in the block."""
    before = {item.name: copy(getattr(registry, item.name)) for item in fields(registry)}
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(registry, name, value)


def deploy(*definitions: Callable[[], object]) -> list[object]:
    """Install a release whose ``workflows.py`` is ``definitions``, and nothing else."""
    registry.clear()
    defined = [define() for define in definitions]
    sync_registry()
    return defined


def keeps_the_laws(execution_id: str) -> bool:
    """Return whether rows equal the log, and nothing is forgotten; says what is not so."""
    assert differences(execution_id) == []
    assert not list(orphans())
    return True


def plan_hash_of(execution_id: str) -> str:
    """Return the hash of the plan that an execution runs by."""
    rows = Execution.objects.filter(pk=execution_id)
    return str(rows.values_list("version__plan_hash", flat=True).get())
