"""The macros ``all exists exists_one map filter``, and when a truth value is decided.

Every turn pays the meter before it starts.  ``all`` and ``exists`` go on after an error, because a
later item may decide; an exceeded limit ends them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import ExpressionError, Meter
from workflows_app.language.expression_nodes import Macro


@dataclass(slots=True)
class Scope:
    """What one evaluation sees."""

    names: dict[str, Any]
    meter: Meter


Evaluate: TypeAlias = Callable[[Scope], Any]


def comprehension(node: Macro, over: Evaluate, bodies: tuple[Evaluate, ...]) -> Evaluate:
    """Return a function that runs ``bodies`` for each item (or key) of ``over``."""
    variable, kind = node.variable, node.kind
    body, test = bodies[-1], bodies[0]

    def items(scope: Scope) -> Iterator[Any]:
        whole = over(scope)
        if values.kind(whole) not in ("list", "map"):
            raise values.wrong_type(f"{kind}() goes over a list, got {values.kind(whole)}")
        # A loop name is never used twice in one nest, so it need not be restored, only removed.
        try:
            for item in iter(whole) if isinstance(whole, Mapping) else whole:
                scope.meter.spend(2)
                scope.names[variable] = item
                yield item
        finally:
            scope.names.pop(variable, None)

    def holds(scope: Scope) -> bool:
        return truth(test(scope), f"the test in {kind}()")

    def run(scope: Scope) -> Any:
        match kind:
            case "map" if len(bodies) == 1:
                return [body(scope) for _ in items(scope)]
            case "map":
                return [body(scope) for _ in items(scope) if holds(scope)]
            case "filter":
                return [item for item in items(scope) if holds(scope)]
            case "exists_one":
                return sum(1 for _ in items(scope) if holds(scope)) == 1
            case _:
                turns = ((lambda: body(scope)) for _ in items(scope))
                return decide(turns, scope, decides=kind == "exists")

    return run


def decide(parts: Iterable[Callable[[], Any]], scope: Scope, *, decides: bool) -> bool:
    """Return ``decides`` if any part says so; else raise the first error, else the opposite."""
    failure: ExpressionError | None = None
    for part in parts:
        scope.meter.spend(1)
        try:
            if truth(part(), "'||' and '&&'") is decides:
                return decides
        except ExpressionError as error:
            if error.code == "expression.limit":
                raise
            # Raising is dearer than a plain turn, so a list of errors is too.
            scope.meter.spend(10)
            failure = failure or error
    if failure is not None:
        raise failure
    return not decides


def truth(value: Any, who: str) -> bool:
    """Return ``value`` if it is a bool; ``who`` asked for one."""
    if isinstance(value, bool):
        return value
    raise values.wrong_type(f"{who} works on true and false, got {values.kind(value)}")
