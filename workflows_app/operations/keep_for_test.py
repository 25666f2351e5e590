"""Keeping what a test of one step runs: a version that is in no list and is never published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from workflows_app.language.compile import Compiled
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.models.version import TEST_NUMBER


@transaction.atomic
def keep_for_test(
    workflow: Workflow, *, compiled: Compiled, definition: Mapping[str, Any], by: Any = None
) -> WorkflowVersion:
    """Return the version of ``workflow`` that runs ``compiled``; tests of the same plan share one.

    Raises:
        ValueError: if ``compiled`` has no plan.
    """
    if compiled.plan is None:
        raise ValueError("a test runs what compiles")
    same = WorkflowVersion.objects.filter(
        workflow=workflow, number=TEST_NUMBER, plan_hash=compiled.plan_hash
    )
    found = same.order_by("pk").first()
    if found is not None:
        return found
    return WorkflowVersion.objects.create(
        workflow=workflow,
        number=TEST_NUMBER,
        definition=dict(definition),
        plan=compiled.plan.dump(),
        plan_hash=compiled.plan_hash or "",
        diagnostics=[],
        created_by=by,
    )
