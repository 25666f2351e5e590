"""Turning a parsed expression into functions that evaluate it.  Looks into mappings and lists only.

Our own evaluator, because the Rust library has no cost limit and its ``map`` and ``filter`` copy
the list at every step: 10,000 items take seconds with the interpreter lock held.  Here every step
asks the meter first, errors know their place in the text, and large ids stay exact.

``&&``, ``||``, ``all`` and ``exists`` absorb an error when the other side decides, as CEL says;
an exceeded limit is never absorbed.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import ExpressionError, Meter
from workflows_app.language.expression_comprehensions import (
    Evaluate,
    Scope,
    comprehension,
    decide,
    truth,
)
from workflows_app.language.expression_functions import call
from workflows_app.language.expression_nodes import (
    Access,
    Call,
    Chain,
    Conditional,
    Has,
    ListNode,
    Literal,
    Macro,
    MapNode,
    Name,
    Node,
    Unary,
)
from workflows_app.language.paths import MISSING


def build(node: Node) -> Evaluate:
    """Return a function that evaluates ``node``; it keeps no state and may run in any thread."""
    match node:
        case Literal(value=value):
            return lambda scope: value
        case Name():
            return _name(node)
        case Access():
            return _located(node, _access(node))
        case Has():
            return _located(node, _has(node))
        case Call():
            return _located(node, _call(node))
        case Macro():
            return _located(
                node, comprehension(node, build(node.over), tuple(map(build, node.bodies)))
            )
        case Unary():
            return _located(node, _unary(node))
        case Chain():
            return _chain(node)
        case Conditional():
            return _located(node, _conditional(node))
        case ListNode():
            return _list(node)
        case MapNode():
            return _located(node, _map(node))


def _located(node: Node, evaluate: Evaluate) -> Evaluate:
    def run(scope: Scope) -> Any:
        try:
            return evaluate(scope)
        except ExpressionError as error:
            if error.position is None:
                error.position = node.position
            raise

    return run


def _name(node: Name) -> Evaluate:
    name, position = node.name, node.position

    def run(scope: Scope) -> Any:
        value = scope.names.get(name, MISSING)
        if value is MISSING:
            raise ExpressionError(
                "expression.unknown_name", f"{name!r} has no value here", position
            )
        return value

    return run


def _access(node: Access) -> Evaluate:
    base = build(node.base)
    steps = tuple(build(step.key) for step in node.steps)

    def run(scope: Scope) -> Any:
        value = base(scope)
        for step in steps:
            scope.meter.spend(1)
            value = _step_into(value, step(scope))
        return value

    return run


def _step_into(value: Any, key: Any) -> Any:
    shape, by = values.kind(value), values.kind(key)
    if shape == "map" and by == "string":
        if key.startswith("__"):
            raise ExpressionError("expression.unknown_name", f"{key!r} is hidden: it begins '__'")
        found = value.get(key, MISSING)
        if found is MISSING:
            raise values.failed(f"there is no key {key!r}; ask first with has()")
        return found
    if shape == "list" and by == "int":
        if not 0 <= key < len(value):
            raise values.failed(f"there is no item {key} in a list of {len(value)}")
        return value[key]
    if shape not in ("map", "list"):
        raise values.wrong_type(f"a {shape} has no parts, so {key!r} cannot be read from it")
    raise values.wrong_type(f"a {shape} cannot be read by a {by}")


def _has(node: Has) -> Evaluate:
    *inner, last = node.operand.steps
    owner = build(Access(node.position, node.operand.base, tuple(inner)))
    key = build(last.key)

    def run(scope: Scope) -> bool:
        value = owner(scope)
        scope.meter.spend(1)
        if values.kind(value) != "map":
            raise values.wrong_type(f"has() looks into a map, got {values.kind(value)}")
        return key(scope) in value

    return run


def _call(node: Call) -> Evaluate:
    arguments = tuple(build(argument) for argument in node.arguments)
    function = node.function

    def run(scope: Scope) -> Any:
        scope.meter.spend(2)
        return call(function, [argument(scope) for argument in arguments], scope.meter)

    return run


def _unary(node: Unary) -> Evaluate:
    operand = build(node.operand)
    negations, nots = node.operators.count("-"), node.operators.count("!")

    def run(scope: Scope) -> Any:
        scope.meter.spend(1)
        value = operand(scope)
        if nots:
            return truth(value, "'!'") ^ (nots % 2 == 1)
        for _ in range(negations):
            value = values.negate(value)
        return value

    return run


def _chain(node: Chain) -> Evaluate:
    first = build(node.first)
    rest = tuple((operator, position, build(right)) for operator, position, right in node.rest)
    if rest[0][0] in ("&&", "||"):
        return _logic((first, *(right for _, _, right in rest)), decides=rest[0][0] == "||")

    def run(scope: Scope) -> Any:
        left = first(scope)
        for operator, position, right in rest:
            scope.meter.spend(1)
            try:
                left = _binary(operator, left, right(scope), scope.meter)
            except ExpressionError as error:
                if error.position is None:
                    error.position = position
                raise
        return left

    return run


def _binary(operator: str, left: Any, right: Any, meter: Meter) -> Any:
    match operator:
        case "==":
            return values.equal(left, right, meter)
        case "!=":
            return not values.equal(left, right, meter)
        case "<" | "<=" | ">" | ">=":
            return values.compare(operator, left, right, meter)
        case "in":
            return values.contains(left, right, meter)
        case _:
            return values.arithmetic(operator, left, right, meter)


def _logic(operands: tuple[Evaluate, ...], *, decides: bool) -> Evaluate:
    def run(scope: Scope) -> bool:
        return decide((partial(part, scope) for part in operands), scope, decides=decides)

    return run


def _conditional(node: Conditional) -> Evaluate:
    test, then, otherwise = build(node.test), build(node.then), build(node.otherwise)

    def run(scope: Scope) -> Any:
        scope.meter.spend(1)
        return then(scope) if truth(test(scope), "'? :'") else otherwise(scope)

    return run


def _list(node: ListNode) -> Evaluate:
    items = tuple(build(item) for item in node.items)

    def run(scope: Scope) -> list[Any]:
        scope.meter.produce_list(len(items))
        return [item(scope) for item in items]

    return run


def _map(node: MapNode) -> Evaluate:
    entries = tuple((build(key), build(item)) for key, item in node.entries)

    def run(scope: Scope) -> dict[str, Any]:
        scope.meter.spend(1 + len(entries))
        made: dict[str, Any] = {}
        for key_of, item_of in entries:
            key = key_of(scope)
            if not isinstance(key, str):
                raise values.wrong_type(f"keys of a map are texts in JSON, got {key!r}")
            if key in made:
                raise values.failed(f"the key {key!r} is written twice")
            made[key] = item_of(scope)
        return made

    return run
