"""Making workflows: empty ones, copies, and from documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from workflows_app.authoring.concurrency import Concurrency, check_concurrency
from workflows_app.authoring.datatypes import data_type
from workflows_app.authoring.registry import registry
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.schedule import Schedule, check_schedules
from workflows_app.authoring.sources import MapSource
from workflows_app.authoring.workflow import Workflow

#: A callable that takes one context, or the place of one: ``code("fulfil/on_start")``.
Hook = Callable[..., Any] | MapSource


def create_workflow(
    *,
    id: str,
    description: str = "",
    name: str | None = None,
    input_schema: Any = None,
    output_schema: Any = None,
    state_schema: Any = None,
    context_schema: Any = None,
    retry: Retry | None = None,
    timeout: float | timedelta | None = None,
    output: MapSource | Mapping[str, MapSource] | None = None,
    configs: Mapping[str, Any] | None = None,
    on_start: Hook | None = None,
    on_finish: Hook | None = None,
    on_error: Hook | None = None,
    on_failure: Workflow | str | None = None,
    schedule: Schedule | Sequence[Schedule] | None = None,
    concurrency: Concurrency | int | None = None,
    priority: int = 0,
) -> Workflow:
    """Return an empty workflow to add steps to.

    Schemas are pydantic models or types, JSON Schemas, or nothing; ``context_schema`` is that of
    the runtime context.  ``timeout`` bounds a whole execution, in seconds.  ``output`` says what
    the result is; without it, it is what the last steps put out.  Sources and expressions read
    ``configs`` by name.  ``on_start``, ``on_finish`` and ``on_error`` are told about each
    execution; ``on_failure`` is another workflow, which is started when an execution fails.
    ``concurrency`` bounds how many executions go on at a time, and how often one begins; of those
    that wait the highest ``priority``, -100 to 100, is first, unless a start says otherwise.

    Raises:
        InvalidWorkflowId: if ``id`` cannot stand in a URL.
        ScheduleInvalid: if several schedules have no ids of their own.
        ConcurrencyInvalid: if ``concurrency`` bounds nothing.
    """
    workflow = Workflow(
        id=id,
        description=description,
        name=name,
        input_type=data_type(input_schema),
        output_type=data_type(output_schema),
        state_type=data_type(state_schema),
        context_type=data_type(context_schema),
        retry=retry,
        timeout_seconds=timeout.total_seconds() if isinstance(timeout, timedelta) else timeout,
        output=output,
        configs=configs,
        on_failure=on_failure.id if isinstance(on_failure, Workflow) else on_failure,
        schedules=check_schedules(schedule),
        concurrency=check_concurrency(concurrency),
        priority=priority,
    )
    hooks = {"on_start": on_start, "on_finish": on_finish, "on_error": on_error}
    for hook_name, hook in hooks.items():
        if hook is not None:
            workflow._add_hook(hook_name, hook)
    return workflow


def clone_workflow(original: Workflow, *, id: str) -> Workflow:
    """Return a committed copy of ``original`` under another id, with everything it has."""
    copy = Workflow(
        id=id,
        description=original.description,
        name=id if original.name == original.id else original.name,
        input_type=original.input_type,
        output_type=original.output_type,
        state_type=original.state_type,
        context_type=original.context_type,
        retry=original.retry,
        timeout_seconds=original.timeout_seconds,
        output=original.output,
        configs=original.configs,
        on_failure=original.on_failure,
        schedules=original.schedules,
        concurrency=original.concurrency,
        priority=original.priority,
    )
    copy._document = original._document
    # Places of callables name no workflow until they are written out, so they move by themselves.
    copy._sheet.ids |= original._sheet.ids
    copy.steps.update(original.steps)
    copy.callables.update(original.callables)
    copy._hooks = dict(original._hooks)
    copy._nodes, copy._edges = list(original._nodes), list(original._edges)
    copy._tail, copy._tail_is_block = original._tail, original._tail_is_block
    return copy.commit()


def workflow_from_definition(document: Mapping[str, Any], *, id: str | None = None) -> Workflow:
    """Return a committed workflow that runs ``document``.

    Its id is ``id``, else the document's ``id``, else its name in lower case with dashes.

    Raises:
        WorkflowInvalid: if the document does not compile.
    """
    name = str(document.get("name") or "workflow")
    workflow_id = id or document.get("id") or "-".join(name.lower().split())
    on_failure = document.get("on_failure")
    workflow = Workflow(
        id=str(workflow_id),
        name=name,
        description=str(document.get("description") or ""),
        input_type=data_type(document.get("inputs") or None),
        state_type=data_type(document.get("state") or None),
        context_type=data_type(document.get("context") or None),
        on_failure=on_failure if isinstance(on_failure, str) else None,
    )
    workflow._document = dict(document)
    # What the document was made from, if this process has it, says which steps are meant.
    origin = registry.workflows.get(str(document.get("id")))
    if origin is not None:
        workflow.steps.update(origin.steps)
        workflow.callables.update(origin.callables)
    return workflow.commit()
