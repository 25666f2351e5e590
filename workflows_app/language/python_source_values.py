"""Sources, fields and policies of a definition as the Python that spells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows_app.language.definition import Retry
from workflows_app.language.paths import PathError, format_path, parse_path
from workflows_app.language.python_source_layout import (
    Call,
    Expression,
    Name,
    Table,
    Text,
    literal,
)

#: Key of a source -> the function that spells it.
_FUNCTIONS = {
    "value": "constant",
    "from": "from_path",
    "from_": "from_path",
    "expression": "expression",
    "template": "template",
    "code": "code",
}
_ROOT_FUNCTIONS = {"context": "from_context", "state": "from_state"}


@dataclass(slots=True)
class Values:
    """Spells values, and remembers which functions that took."""

    used: set[str] = field(default_factory=set)
    """Names to import."""
    variables: dict[str, str] = field(default_factory=dict)
    """Step id -> the variable that holds the step, of those defined so far."""

    def call(self, function: str, *arguments: Expression, **named: Expression | None) -> Call:
        """Return a call of one of the functions to import; what is ``None`` is left out."""
        self.used.add(function)
        given = [(name, value) for name, value in named.items() if value is not None]
        return Call(function, arguments, given)

    def source(self, raw: Mapping[str, Any]) -> Call:
        """Return the source ``raw``."""
        ((kind, value),) = raw.items()
        if kind in ("from", "from_"):
            return self._path(value)
        return self.call(_FUNCTIONS[kind], literal(value))

    def fields(self, raw: Mapping[str, Any]) -> Table:
        """Return a mapping of sources."""
        return Table([(Text(name), self.source(source)) for name, source in raw.items()])

    def source_or_fields(self, raw: Mapping[str, Any]) -> Expression:
        """Return what is a source or a mapping of such.

        A mapping with one field that is called like a kind of source reads as a source too; both
        are written to the same document.
        """
        return self.source(raw) if _is_source(raw) else self.fields(raw)

    def source_or_literal(self, raw: Any) -> Expression:
        """Return what is a source or stands for itself."""
        return self.source(raw) if isinstance(raw, Mapping) else literal(raw)

    def retry(self, raw: Mapping[str, Any]) -> Call:
        """Return a policy of retries."""
        given = {name: literal(raw[name]) for name in Retry.model_fields if name in raw}
        return self.call("Retry", **given)

    def concurrency(self, document: Mapping[str, Any]) -> Call:
        """Return what bounds the executions of ``document``, which has such bounds."""
        places, rate = document.get("concurrency") or {}, document.get("start_rate") or {}
        key = places.get("key") or rate.get("key")
        given: dict[str, Expression | None] = {
            "limit": literal(places["limit"]) if places else None,
            "key": None if key is None else Text(key),
        }
        if rate:
            given["rate"] = self.call("Rate", literal(rate["limit"]), per=literal(rate["per"]))
        return self.call("Concurrency", **given)

    def _path(self, text: str) -> Call:
        try:
            path = parse_path(text)
        except PathError:
            path = ()
        # Another spelling of the same path is another plan.
        if format_path(path) == text:
            match path:
                case ("steps", str(step_id), *rest):
                    known = self.variables.get(step_id)
                    step = Text(step_id) if known is None else Name(known)
                    return self._variable(rest, step=step)
                case ("inputs", *rest):
                    return self._variable(rest, init_data=Name("True"))
                case (("context" | "state") as root, *rest):
                    return self.call(_ROOT_FUNCTIONS[str(root)], Text(format_path(rest)))
        return self.call("from_path", Text(text))

    def _variable(self, rest: Iterable[str | int], **named: Expression) -> Call:
        path = tuple(rest)
        return self.call("map_variable", **named, path=Text(format_path(path)) if path else None)


def _is_source(raw: Mapping[str, Any]) -> bool:
    if len(raw) != 1:
        return False
    ((kind, value),) = raw.items()
    return kind == "value" or (kind in _FUNCTIONS and isinstance(value, str))
