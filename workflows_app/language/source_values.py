"""What one source comes to over given values.  Runs no Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows_app.language.expressions import evaluate
from workflows_app.language.paths import parse_path, resolve
from workflows_app.language.sources import Source
from workflows_app.language.templates import render


def value_of(source: Source, variables: Mapping[str, Any]) -> Any:
    """Return the value of ``source``, or MISSING where a path's last part names nothing.

    ``variables`` maps ``inputs``, ``steps`` and the other roots to JSON; they are only read.

    Raises:
        PathError, ExpressionError: if it cannot be worked out, with the position where known.
        ValueError: if it is a Python callable.
    """
    match source.kind:
        case "value":
            return source.value
        case "from":
            return resolve(parse_path(source.from_ or ""), variables)
        case "expression":
            return evaluate(source.expression or "", variables)
        case "template":
            return render(source.template or "", variables)
    raise ValueError(f"the callable {source.code!r} is run by a worker only")
