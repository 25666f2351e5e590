"""Running one node of a definition by itself, with data given or taken from a past execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from executions_app.errors import InputInvalid
from executions_app.models import Execution
from executions_app.operations.given_values import given_json
from executions_app.operations.reopen import Command
from executions_app.operations.seen_values import NOTHING, SeenValues
from executions_app.operations.start_execution import start_execution
from executions_app.operations.travel import travel
from executions_app.operations.travel_values import Values, check_input
from executions_app.operations.travel_way import Way, way_to
from executions_app.operations.unchanged import UNCHANGED
from executions_app.recording.frame import Frame
from workflows_app.authoring.errors import WorkflowError
from workflows_app.interface import compile_document, get_plan
from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.lone_node import LoneNode, lone_node, looks_around
from workflows_app.language.paths import MISSING, PathError
from workflows_app.language.source_values import value_of
from workflows_app.models import Workflow
from workflows_app.operations.keep_for_test import keep_for_test


class StepNotExecutable(WorkflowError):
    """The node does not compile, so it cannot be tested."""

    code = "workflow.not_executable"

    def __init__(self, node_id: str, diagnostics: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            f"the step {node_id!r} cannot run by itself; correct its errors",
            details={"diagnostics": list(diagnostics)},
        )


class StepDataMissing(WorkflowError):
    """What the step would look at is not there."""

    code = "step.data_missing"

    def __init__(self, node_id: str, missing: Sequence[str]) -> None:
        names = ", ".join(map(repr, missing))
        super().__init__(
            f"the step {node_id!r} looks at {names}, which has no value here; send an input, a "
            "sample, or an execution in which it has completed",
            details={"missing": list(missing)},
        )


def try_step(
    workflow: Workflow,
    *,
    document: Mapping[str, Any],
    seen: SeenValues,
    input_data: Any = UNCHANGED,
    owner: Any = None,
) -> Execution:
    """Return an execution that runs the node at the place of ``seen``, with its body, and nothing
    else of ``document``, a definition that may be another than the workflow's draft.

    ``input_data`` is what the node receives; without it, what comes of its own sources over
    ``seen``.  The values of steps that its body reads are those of ``seen`` too.

    Raises:
        StepNotExecutable: if the node does not compile by itself.
        StepDataMissing: if it would look at something that has no value.
        InputInvalid: if what it would receive does not fit, or cannot be worked out.
        ConnectionsMissing: if the owner has not connected an account that it acts with.
    """
    around = {it.place: seen.value_of(it.source) for it in looks_around(seen.view)}
    values = {place: value for place, value in around.items() if value is not NOTHING}
    lone = lone_node(document, view=seen.view, values=values)
    compiled = compile_document(
        lone.document, owner_id=getattr(owner, "pk", None), workflow_id=workflow.pk
    )
    if compiled.plan is None:
        raise StepNotExecutable(lone.node_id, [lone.in_place(it) for it in compiled.diagnostics])
    outputs = seen.outputs(lone.read)
    missing = [f"steps.{step}" for step in lone.read if step not in outputs]
    inputs = seen.root("inputs")
    stand_ins = {*lone.read, lone.giver}
    real = (node for node in compiled.plan.nodes if node.id not in stand_ins)
    if inputs is NOTHING and any(node.reads_inputs for node in real):
        missing.append("inputs")
    given = input_data
    if given is UNCHANGED:
        given = _received(seen, lone, missing)
    if missing:
        raise StepDataMissing(lone.node_id, missing)
    given = given_json(given, what="input")
    way = way_to(compiled.plan, lone.node_id)
    check_input(way, given, workflow_id=workflow.pk)
    known = {step: given_json(output, what="context") for step, output in outputs.items()}
    with transaction.atomic():
        version = keep_for_test(workflow, compiled=compiled, definition=lone.document, by=owner)
        return start_execution(
            workflow,
            input_data=None if inputs is NOTHING else given_json(inputs, what="input"),
            owner=owner,
            runtime_context=_mapping(seen.root("context")),
            initial_state=_mapping(seen.root("state")),
            trigger=Execution.Trigger.TEST,
            version=version,
            begin=partial(_begin_at, version.pk, lone, {**known, lone.giver: given}),
            is_input_known=False,
        )


def _begin_at(version_id: int, lone: LoneNode, outputs: Mapping[str, Any], log: Frame) -> None:
    way: Way = way_to(get_plan(version_id), lone.node_id)
    values = Values(outputs=outputs, is_new=True)
    travel(log, way, values, Command(cause="time_travel", reason=f"to test {lone.node_id!r} alone"))


def _received(seen: SeenValues, lone: LoneNode, missing: list[str]) -> Any:
    """Return what the node would receive; what is missing for that is added to ``missing``."""
    node = seen.view.node
    assert node is not None
    coming = seen.before()
    if node.node.input is None:
        value = coming.root("input")
        if value is NOTHING:
            needs = seen.view.scopes.needs(lone.node_id)
            missing += [f"steps.{need}" for need in needs] or ["input"]
        return value
    found: dict[str, Any] = {}
    for name, source in node.node.input.items():
        checked = coming.view.check(source)
        if checked.error is not None or source.kind == "code":
            why = checked.error.message if checked.error else "it is made by Python code"
            raise InputInvalid([(name, f"{why}; send the input")])
        sought = coming.sought(checked)
        missing += [f"steps.{step}" for step in sought.missing_steps]
        missing += sought.missing_roots
        if not sought.is_complete:
            continue
        try:
            value = value_of(source, sought.variables)
        except (PathError, ExpressionError) as error:
            raise InputInvalid([(name, str(error))]) from None
        if value is not MISSING:
            found[name] = value
    missing[:] = dict.fromkeys(missing)
    return found


def _mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None
