"""Whether what one step makes fits what another takes.  Says nothing where it cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflows_app.language.diagnostics import Severity
from workflows_app.language.paths import Path
from workflows_app.language.schema_shapes import (
    UNKNOWN,
    alternatives,
    choices_of,
    has_reference,
    mapping_at,
    names_at,
    part_of,
    type_of,
)

__all__ = ["UNKNOWN", "TypeProblem", "assignable", "schema_at"]

_MAX_DEPTH: Final = 20
_MAX_COMPARISONS: Final = 10_000


@dataclass(frozen=True, slots=True)
class TypeProblem:
    """One place where the producer does not fit the consumer."""

    severity: Severity
    code: str
    """``type.mismatch``, ``.narrowing``, ``.enum``, ``.missing_property``, ``.extra_property``."""
    path: str
    """Dotted path into the consumer's value; ``.`` for the whole."""
    message: str


def assignable(producer: Any, consumer: Any) -> list[TypeProblem]:
    """Return why values of schema ``producer`` may not fit schema ``consumer``; empty if they do.

    Errors are certain or nearly so; warnings mean that some values fit.  Where either side says
    nothing (no type, an empty schema, :data:`UNKNOWN`), nothing is said here.
    """
    if producer is UNKNOWN or producer is None or consumer is UNKNOWN or consumer is None:
        return []
    return _Comparison(producer, consumer).compare(producer, consumer, "", 0)


def schema_at(schema: Any, path: Path) -> Any:
    """Return the schema of what ``path`` names in a value of ``schema``.

    Three answers: a schema (a mapping, self-contained), ``None`` when nothing can be there
    (closed objects, scalars, lists that are too short), and :data:`UNKNOWN`.
    """
    found: Any = schema
    for segment in path:
        found = part_of(found, segment, schema)
        if found is None or found is UNKNOWN:
            return found
    if found is True:
        return {}
    if found is False:
        return None
    if not isinstance(found, Mapping):
        return UNKNOWN
    if found is schema or not isinstance(schema, Mapping) or not has_reference(found):
        return found
    return {**found, **{k: schema[k] for k in ("$defs", "definitions") if k in schema}}


class _Comparison:
    """One producer against one consumer; each resolves references in its own document."""

    def __init__(self, producer: Any, consumer: Any) -> None:
        self._producer, self._consumer = producer, consumer
        self._left = _MAX_COMPARISONS

    def compare(self, producer: Any, consumer: Any, path: str, depth: int) -> list[TypeProblem]:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return []
        if consumer is False:
            return [_problem(Severity.ERROR, "mismatch", path, "takes no value at all")]
        offers = alternatives(producer, self._producer)
        takes = alternatives(consumer, self._consumer)
        if not offers or not takes:
            return []
        results = [self._best(offer, takes, path, depth) for offer in offers]
        if len(results) == 1:
            return results[0]
        failing = [result for result in results if _has_error(result)]
        if len(failing) == len(results):
            return failing[0]
        if not failing:
            return next((result for result in results if result), [])
        kinds = ", ".join(
            type_of(offer) or "a value"
            for offer, result in zip(offers, results, strict=True)
            if _has_error(result)
        )
        wanted = " or ".join(dict.fromkeys(type_of(take) or "anything" for take in takes))
        message = f"takes {wanted}, but may be given {kinds}"
        return [_problem(Severity.WARNING, "narrowing", path, message)]

    def _best(
        self, offer: Mapping[str, Any], takes: list[Mapping[str, Any]], path: str, depth: int
    ) -> list[TypeProblem]:
        results = [self._single(offer, take, path, depth) for take in takes]
        fewest = min(results, key=lambda result: (_has_error(result), len(result)))
        if len(takes) > 1 and all(type_of(take) != type_of(offer) for take in takes):
            if not _has_error(fewest):
                return fewest
            wanted = " or ".join(dict.fromkeys(type_of(take) or "a value" for take in takes))
            message = f"takes {wanted}, but is given {type_of(offer)}"
            return [_problem(Severity.ERROR, "mismatch", path, message)]
        return fewest

    def _single(
        self, offer: Mapping[str, Any], take: Mapping[str, Any], path: str, depth: int
    ) -> list[TypeProblem]:
        made, wanted = type_of(offer), type_of(take)
        if made is None:
            return []
        if wanted is not None and made != wanted and (made, wanted) != ("integer", "number"):
            if (made, wanted) == ("number", "integer"):
                message = "takes whole numbers only, but may be given a fraction"
                return [_problem(Severity.WARNING, "narrowing", path, message)]
            message = f"takes {wanted}, but is given {made}"
            return [_problem(Severity.ERROR, "mismatch", path, message)]
        problems = _enum_problems(offer, take, path)
        if made == "array" and isinstance(take.get("items"), Mapping | bool):
            problems += self.compare(
                offer.get("items", True), take["items"], f"{path}[]", depth + 1
            )
        if made == "object":
            problems += self._objects(offer, take, path, depth)
        return problems

    def _objects(
        self, offer: Mapping[str, Any], take: Mapping[str, Any], path: str, depth: int
    ) -> list[TypeProblem]:
        made, wanted = mapping_at(offer, "properties"), mapping_at(take, "properties")
        problems = []
        for name in names_at(take, "required"):
            below = f"{path}.{name}" if path else name
            inner = wanted.get(name)
            if isinstance(inner, Mapping) and "default" in inner:
                continue
            if name not in made:
                if made and not offer.get("additionalProperties"):
                    message = "is required, but is not among what is given"
                    problems.append(_problem(Severity.ERROR, "missing_property", below, message))
            elif name not in names_at(offer, "required"):
                message = "is required, but is not always given"
                problems.append(_problem(Severity.WARNING, "missing_property", below, message))
        for name, inner in made.items():
            below = f"{path}.{name}" if path else name
            if name in wanted:
                problems += self.compare(inner, wanted[name], below, depth + 1)
            elif isinstance(take.get("additionalProperties"), Mapping):
                problems += self.compare(inner, take["additionalProperties"], below, depth + 1)
            elif take.get("additionalProperties") is False:
                message = "is given, but only declared fields are taken"
                problems.append(_problem(Severity.WARNING, "extra_property", below, message))
        return problems


def _problem(severity: Severity, code: str, path: str, message: str) -> TypeProblem:
    subject = repr(path) if path else "the value"
    return TypeProblem(severity, f"type.{code}", path or ".", f"{subject} {message}")


def _has_error(problems: list[TypeProblem]) -> bool:
    return any(problem.severity == Severity.ERROR for problem in problems)


def _enum_problems(
    offer: Mapping[str, Any], take: Mapping[str, Any], path: str
) -> list[TypeProblem]:
    wanted = choices_of(take)
    if wanted is None:
        return []
    made = choices_of(offer)
    if made is None:
        message = f"takes only {_shown(wanted)}, but may be given something else"
        return [_problem(Severity.WARNING, "narrowing", path, message)]
    outside = [choice for choice in made if not any(_same(choice, other) for other in wanted)]
    if not outside:
        return []
    severity = Severity.ERROR if len(outside) == len(made) else Severity.WARNING
    message = f"takes only {_shown(wanted)}, but may be given {_shown(outside)}"
    return [_problem(severity, "enum", path, message)]


def _shown(choices: list[Any]) -> str:
    shown = ", ".join(f"{choice!r:.40}" for choice in choices[:5])
    return shown + (", ..." if len(choices) > 5 else "")


def _same(left: Any, right: Any) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
