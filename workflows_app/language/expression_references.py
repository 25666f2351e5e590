"""What an expression refers to, found without running it.  Refuses names that do not exist."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expression_functions import FUNCTIONS, arity
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
from workflows_app.language.expression_syntax import MACROS
from workflows_app.language.paths import Path

_STEPS: Final = "steps"


@dataclass(slots=True)
class References:
    """What was found; positions are offsets in the text, of the first use."""

    roots: dict[str, int] = field(default_factory=dict)
    step_ids: set[str] = field(default_factory=set)
    paths: dict[Path, int] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    plain_path: Path | None = None


def references(node: Node, roots: frozenset[str]) -> References:
    """Return what ``node`` refers to, of ``roots`` and of the functions there are.

    Raises:
        ExpressionError: ``expression.unknown_name``, ``.unknown_function``, ``.dynamic_step``, or
            ``.type`` for a wrong number of arguments.
    """
    found = References()
    _visit(node, roots, frozenset(), found)
    if isinstance(node, Name | Access) and len(found.paths) == 1:
        (path,) = found.paths
        static = not isinstance(node, Access) or len(path) == 1 + len(node.steps)
        found.plain_path = path if static else None
    return found


def _visit(node: Node, roots: frozenset[str], loops: frozenset[str], found: References) -> None:
    match node:
        case Literal():
            return
        case Name(position, name):
            _use(name, position, roots, loops, found, (name,))
            return
        case Access():
            _visit_access(node, roots, loops, found)
            return
        case Has(operand=operand):
            children: tuple[Node, ...] = (operand,)
            found.functions.add("has")
        case Call(position, function, arguments):
            _check_call(node)
            found.functions.add(function)
            children = arguments
        case Macro(position, kind, over, variable, bodies):
            _visit(over, roots, loops, found)
            found.functions.add(kind)
            _check_loop_name(variable, position, roots, loops)
            for body in bodies:
                _visit(body, roots, loops | {variable}, found)
            return
        case Unary(operand=operand):
            children = (operand,)
        case Chain(first=first, rest=rest):
            children = (first, *(right for _, _, right in rest))
        case Conditional(test=test, then=then, otherwise=otherwise):
            children = (test, then, otherwise)
        case ListNode(items=items):
            children = items
        case MapNode(entries=entries):
            children = tuple(part for entry in entries for part in entry)
    for child in children:
        _visit(child, roots, loops, found)


def _visit_access(
    node: Access, roots: frozenset[str], loops: frozenset[str], found: References
) -> None:
    static: list[str | int] = []
    for step in node.steps:
        value = step.key.value if isinstance(step.key, Literal) else None
        if isinstance(value, bool) or not isinstance(value, str | int) or value in ("",):
            break
        if isinstance(value, int) and value < 0:
            break
        if isinstance(value, str) and value.startswith("__"):
            raise ExpressionError(
                "expression.unknown_name",
                f"{value!r} is not a name here: names never start with '__'",
                step.position,
            )
        static.append(value)
    if isinstance(node.base, Name):
        name = node.base.name
        _use(name, node.base.position, roots, loops, found, (name, *static))
    else:
        _visit(node.base, roots, loops, found)
    for step in node.steps:
        _visit(step.key, roots, loops, found)


def _use(
    name: str,
    position: int,
    roots: frozenset[str],
    loops: frozenset[str],
    found: References,
    path: Path,
) -> None:
    if name in loops:
        return
    if name not in roots:
        raise ExpressionError(
            "expression.unknown_name",
            f"{name!r} does not exist; start with one of {', '.join(sorted(roots))}",
            position,
        )
    if name == _STEPS:
        if len(path) < 2 or not isinstance(path[1], str):
            raise ExpressionError(
                "expression.dynamic_step",
                'name the step in full, as in steps.fetch or steps["my-id"]',
                position,
            )
        found.step_ids.add(path[1])
    found.roots.setdefault(name, position)
    found.paths.setdefault(path, position)


def _check_call(node: Call) -> None:
    if node.function not in FUNCTIONS:
        hint = (
            f"write it as list.{node.function}(x, ...)"
            if node.function in MACROS
            else f"there are {', '.join(sorted(FUNCTIONS))}"
        )
        raise ExpressionError(
            "expression.unknown_function", f"there is no {node.function}(); {hint}", node.position
        )
    least, most = arity(node.function)
    if not least <= len(node.arguments) <= most:
        wanted = str(most) if least == most else f"{least} to {most}"
        raise ExpressionError(
            "expression.type",
            f"{node.function}() takes {wanted} argument(s), got {len(node.arguments)}",
            node.position,
        )


def _check_loop_name(
    variable: str, position: int, roots: frozenset[str], loops: frozenset[str]
) -> None:
    if variable in roots or variable in loops or variable in FUNCTIONS:
        raise ExpressionError(
            "expression.unknown_name",
            f"the loop name {variable!r} is taken; choose another",
            position,
        )
