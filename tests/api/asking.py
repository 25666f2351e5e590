"""Workflows that stop and ask, and executions of them that run in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.operations.start_execution import start_execution
from executions_app.testing import Engine, in_memory
from workflows_app.authoring import StepContext, Workflow, create_step, create_workflow
from workflows_app.authoring.registry import registry
from workflows_app.operations.sync_registry import ensure_published

FORM = {
    "type": "object",
    "properties": {"approved": {"type": "boolean"}, "amount": {"type": "number", "minimum": 0}},
    "required": ["approved"],
    "additionalProperties": False,
}


def _ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({"ask": value}, label="boss") if ctx.resume_data is None else ctx.resume_data


def _fail(value: Any) -> Any:
    raise ValueError("the bank is closed")


ask = create_step(id="ask", execute=_ask)
fail = create_step(id="fail", execute=_fail)
echo = create_step(id="echo", execute=lambda value: value)
double = create_step(id="double", execute=lambda value: value * 2)


@contextmanager
def in_this_process() -> Iterator[Engine]:
    """Run executions right here, and forget the workflows that were written meanwhile."""
    workflows, compiled = dict(registry.workflows), dict(registry.compiled)
    steps = {ref: list(known) for ref, known in registry._steps.items()}
    try:
        with in_memory() as engine:
            yield engine
    finally:
        registry.workflows, registry.compiled, registry._steps = workflows, compiled, steps


def asking(workflow_id: str = "asking") -> Workflow:
    """Return a workflow with one step that suspends and one that follows."""
    return create_workflow(id=workflow_id).then(ask).then(echo).commit()


def approving(workflow_id: str = "approving", **options: Any) -> Workflow:
    """Return a workflow that asks people."""
    named = {"title": "Pay?", "form": FORM, **options}
    return create_workflow(id=workflow_id).approval("ok", **named).then(echo).commit()


def failing(workflow_id: str = "failing") -> Workflow:
    """Return a workflow whose second step fails."""
    return create_workflow(id=workflow_id).then(echo).then(fail).commit()


def waiting(workflow_id: str = "waiting") -> Workflow:
    """Return a workflow that waits for an event."""
    return create_workflow(id=workflow_id).wait_for_event("go", echo).commit()


def started(engine: Engine, workflow: Workflow, owner: Any, input_data: Any = None) -> Execution:
    """Return an execution of ``workflow`` for ``owner`` that has come as far as it can."""
    version = ensure_published(workflow)
    execution = start_execution(
        version.workflow, version=version, input_data=input_data, owner=owner
    )
    engine.run_until_idle()
    execution.refresh_from_db()
    return execution


def settled(engine: Engine, execution: Execution) -> Execution:
    """Return ``execution`` after everything that is due; its rows equal its log."""
    engine.run_until_idle()
    execution.refresh_from_db()
    assert differences(execution.pk) == []
    assert not list(orphans())
    return execution
