"""Values that somebody hands to a command: written as JSON, or refused by their name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from executions_app.engine.preview import OutputTooLarge, check_size
from executions_app.engine.storable import NotStorable
from executions_app.errors import InputInvalid, ValueTooLarge
from workflows_app.authoring.datatypes import NotJson, to_json
from workflows_app.language.plan import Plan
from workflows_app.language.schemas import apply_defaults, validate_value


def given_json(value: Any, *, what: str, code: str = "input.invalid") -> Any:
    """Return ``value`` as plain JSON.

    Raises:
        InputInvalid: if it has no JSON form.
        ValueTooLarge: if it is larger than is kept.
    """
    try:
        return check_size(to_json(value), limit_bytes=settings.LIMITS.value_bytes)
    except OutputTooLarge as error:
        raise ValueTooLarge(str(error), what=what, details=error.details) from None
    except (NotJson, NotStorable) as error:
        raise InputInvalid([("", str(error))], what=what, code=code) from None


def given_state(plan: Plan, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow's shared state as JSON, defaults applied.

    Raises:
        InputInvalid: if it does not fit the workflow's state schema (``state.invalid``).
    """
    value = given_json(state, what="initial", code="state.invalid")
    if not isinstance(value, dict):
        raise InputInvalid([("", "must be an object")], what="initial", code="state.invalid")
    if plan.state:
        value = apply_defaults(plan.state, value)
        problems = validate_value(plan.state, value)
        if problems:
            said = [(item.path, item.message) for item in problems]
            raise InputInvalid(said, what="initial", code="state.invalid")
    return value
