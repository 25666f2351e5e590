"""What a node receives: its sources evaluated over what came before.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from executions_app.engine.preview import check_size
from workflows_app.language.definition import Fields, Source
from workflows_app.language.expressions import ExpressionError, evaluate
from workflows_app.language.paths import MISSING, PathError, parse_path, resolve
from workflows_app.language.plan import Plan, PlanNode
from workflows_app.language.templates import render

#: Calls a Python callable of the author's by its place; only workers can.
CallableCaller = Callable[[str, Any], Any]


class MappingFailed(Exception):
    """A source could not be evaluated.  ``code`` is that of the path or the expression."""

    retryable = False  # the same sources over the same data fail again

    def __init__(self, message: str, *, code: str, field_name: str) -> None:
        super().__init__(message)
        self.code = code
        self.details = {"field": field_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be looked at; only what the plan says a node reads needs to be here."""

    inputs: Any = None
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Step id -> output, of the steps that have settled well."""
    context: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    trigger: Mapping[str, Any] = field(default_factory=dict)


def needed_steps(node: PlanNode) -> frozenset[str]:
    """Return the ids of the steps whose outputs :func:`node_input` looks at."""
    return frozenset(node.reads) | (frozenset(node.needs) if node.reads_handover else frozenset())


def handover(node: PlanNode, known: Known) -> Any:
    """Return what the predecessors hand over: the workflow's input where there are none, one
    predecessor's output, or a mapping keyed by their ids in the order of the document."""
    if not node.needs:
        return known.inputs
    if len(node.needs) == 1 and not node.collect:
        return known.outputs.get(node.needs[0])
    return {need: known.outputs[need] for need in node.needs if need in known.outputs}


def node_input(plan: Plan, node: PlanNode, known: Known, *, call: CallableCaller) -> Any:
    """Return the input of ``node`` as JSON.

    Raises:
        MappingFailed: if a source cannot be evaluated.
        OutputTooLarge, NotStorable: if what its sources make may not be handed on.
    """
    given = handover(node, known) if node.reads_handover else None
    if node.input is None:
        return given
    return check_size(_fields(node.input, _variables(plan, known, given), call, given))


def mapped(plan: Plan, node: PlanNode, value: Any, known: Known, *, call: CallableCaller) -> Any:
    """Return the output of a mapping node that received ``value``.

    Raises:
        MappingFailed: if a source cannot be evaluated.
    """
    if node.ref:
        return call(node.ref, value)
    return _fields(node.fields or {}, _variables(plan, known, value), call, value)


def result(plan: Plan, known: Known) -> Any:
    """Return the workflow's result: its ``output``, else what the last nodes put out.

    Raises:
        MappingFailed: if a source cannot be evaluated.
    """
    match plan.output:
        case None:
            if len(plan.terminals()) == 1:
                return known.outputs.get(plan.terminals()[0])
            return {
                node_id: known.outputs[node_id]
                for node_id in plan.terminals()
                if node_id in known.outputs
            }
        case Source() as source:
            value = _value(source, "output", _variables(plan, known, None), no_callables, None)
            return None if value is MISSING else value
        case fields:
            return _fields(fields, _variables(plan, known, None), no_callables, None)


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
    }


def _fields(
    fields: Fields, variables: Mapping[str, Any], call: CallableCaller, given: Any
) -> dict[str, Any]:
    values = {name: _value(source, name, variables, call, given) for name, source in fields.items()}
    return {name: value for name, value in values.items() if value is not MISSING}


def _value(
    source: Source, name: str, variables: Mapping[str, Any], call: CallableCaller, given: Any
) -> Any:
    try:
        match source.kind:
            case "value":
                return source.value
            case "from":
                return resolve(parse_path(source.from_ or ""), variables)
            case "expression":
                return evaluate(source.expression or "", variables)
            case "template":
                return render(source.template or "", variables)
            case _:
                return call(source.code or "", given)
    except PathError as error:
        raise MappingFailed(
            f"{error} (for {name!r})", code="mapping.failed", field_name=name
        ) from None
    except ExpressionError as error:
        raise MappingFailed(f"{name!r}: {error}", code=error.code, field_name=name) from None
