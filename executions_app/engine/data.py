"""What a node receives: its sources evaluated over what came before.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from executions_app.engine.limits import DEFAULTS, Limits
from executions_app.engine.preview import check_size
from workflows_app.language.definition import Fields, Source
from workflows_app.language.expressions import ExpressionError
from workflows_app.language.paths import MISSING, PathError
from workflows_app.language.plan import Body, Plan, PlanNode
from workflows_app.language.source_values import value_of

#: Calls a Python callable of the author's by its place; only workers can.
CallableCaller = Callable[[str, Any], Any]


class MappingFailed(Exception):
    """A source could not be evaluated.  ``code`` is that of the path or the expression."""

    retryable = False  # the same sources over the same data fail again

    def __init__(self, message: str, *, code: str, field_name: str) -> None:
        super().__init__(message)
        self.code = code
        self.details = {"field": field_name}


class CallableMissing(MappingFailed):
    """The author's callable is not in this process; another one may have it."""

    retryable = True

    def __init__(self, place: str) -> None:
        super().__init__(
            f"the callable {place!r} is not installed on this worker; deploy its app here",
            code="mapping.failed",
            field_name=place,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be looked at; only what the plan says a node reads needs to be here."""

    inputs: Any = None
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Node id -> output, of the runs within reach that have settled well."""
    context: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    trigger: Mapping[str, Any] = field(default_factory=dict)
    handed: Any = None
    """What the container hands to the first nodes of its body."""
    item: Any = None
    index: int | None = None
    """Which item of the nearest foreach around; ``None`` outside of one."""
    iteration: int | None = None
    """Which round of the nearest loop around, from 1."""


def needed_steps(node: PlanNode) -> frozenset[str]:
    """Return the ids of the steps whose outputs :func:`node_input` looks at."""
    return frozenset(node.reads) | (frozenset(node.needs) if node.reads_handover else frozenset())


def handover(node: PlanNode, known: Known) -> Any:
    """Return what the predecessors hand over: where there are none the workflow's input, or what
    the container hands on; one predecessor's output; or a mapping keyed by their ids in the order
    of the document."""
    if not node.needs:
        return known.handed if node.body else known.inputs
    if len(node.needs) == 1 and not node.collect:
        return known.outputs.get(node.needs[0])
    return {need: known.outputs[need] for need in node.needs if need in known.outputs}


def node_input(
    plan: Plan, node: PlanNode, known: Known, *, call: CallableCaller, limits: Limits = DEFAULTS
) -> Any:
    """Return the input of ``node`` as JSON.

    Raises:
        MappingFailed: if a source cannot be evaluated.
        OutputTooLarge, NotStorable: if what its sources make may not be handed on.
    """
    given = handover(node, known) if node.reads_handover else None
    if node.input is None:
        return given
    made = evaluated(plan, node.input, known, given, call=call)
    return check_size(made, limit_bytes=limits.value_bytes)


def mapped(plan: Plan, node: PlanNode, value: Any, known: Known, *, call: CallableCaller) -> Any:
    """Return the output of a mapping node that received ``value``.

    Raises:
        MappingFailed: if a source cannot be evaluated.
    """
    if node.ref:
        return call(node.ref, value)
    return evaluated(plan, node.fields or {}, known, value, call=call)


def part(
    plan: Plan, node: PlanNode, name: str, known: Known, given: Any, *, call: CallableCaller
) -> Any:
    """Return a value of the node's own, by its name in ``parts``; ``None`` if it has none.

    Raises:
        MappingFailed: if it cannot be evaluated.
    """
    source = (node.parts or {}).get(name)
    return None if source is None else one(plan, source, name, known, given, call=call)


def result(plan: Plan, known: Known) -> Any:
    """Return the workflow's result: its ``output``, else what the last nodes put out.

    Raises:
        MappingFailed: if a source cannot be evaluated.
    """
    return put_out(plan, plan.output, plan.terminals(), known)


def body_output(plan: Plan, body: Body, known: Known) -> Any:
    """Return what ``body`` puts out: its ``output``, else what its last nodes put out.

    Raises:
        MappingFailed: if a source cannot be evaluated.
    """
    return put_out(plan, body.output, plan.terminals(body.id), known)


def put_out(
    plan: Plan, output: Source | Fields | None, terminals: Sequence[str], known: Known
) -> Any:
    """Return what a graph of nodes puts out."""
    match output:
        case None if len(terminals) == 1:
            return known.outputs.get(terminals[0])
        case None if not terminals:
            return None
        case None:
            return {
                node_id: known.outputs[node_id] for node_id in terminals if node_id in known.outputs
            }
        case Source() as source:
            return one(plan, source, "output", known, None, call=no_callables)
        case fields:
            return evaluated(plan, fields, known, None, call=no_callables)


def one(
    plan: Plan, source: Source, name: str, known: Known, given: Any, *, call: CallableCaller
) -> Any:
    """Return the value of one source; ``None`` where it names nothing.

    Raises:
        MappingFailed: if it cannot be evaluated.
    """
    value = _value(source, name, _variables(plan, known, given), call, given)
    return None if value is MISSING else value


def evaluated(
    plan: Plan, fields: Fields, known: Known, given: Any, *, call: CallableCaller
) -> dict[str, Any]:
    """Return the values of ``fields``; those that name nothing are left out.

    Raises:
        MappingFailed: if one cannot be evaluated.
    """
    variables = _variables(plan, known, given)
    values = {name: _value(source, name, variables, call, given) for name, source in fields.items()}
    return {name: value for name, value in values.items() if value is not MISSING}


def no_callables(place: str, _: Any) -> Any:
    """Refuse to run an author's callable where only plumbing may run."""
    raise MappingFailed(
        f"the callable {place!r} cannot run here", code="mapping.failed", field_name=""
    )


def _variables(plan: Plan, known: Known, given: Any) -> dict[str, Any]:
    return {
        "inputs": known.inputs,
        "input": given,
        "steps": known.outputs,
        "state": known.state,
        "context": known.context,
        "configs": plan.configs,
        "trigger": known.trigger,
        "item": known.item,
        "index": known.index,
        "iteration": known.iteration,
    }


def _value(
    source: Source, name: str, variables: Mapping[str, Any], call: CallableCaller, given: Any
) -> Any:
    try:
        if source.kind == "code":
            return call(source.code or "", given)
        return value_of(source, variables)
    except PathError as error:
        raise MappingFailed(
            f"{error} (for {name!r})", code="mapping.failed", field_name=name
        ) from None
    except ExpressionError as error:
        raise MappingFailed(f"{name!r}: {error}", code=error.code, field_name=name) from None
