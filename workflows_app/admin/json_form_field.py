"""A form field for JSON written by people.  Refuses what JSON has no word for, and what databases
cannot store; says where the mistake is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

MAX_CHARS = 1_000_000


class JsonTextField(forms.CharField):
    """A textarea whose value is the JSON value written in it."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 16, **options: Any) -> None:
        attributes = {"rows": rows, "spellcheck": "false", "class": "wf-json-input"}
        super().__init__(
            strip=False,
            max_length=options.pop("max_length", MAX_CHARS),
            widget=forms.Textarea(attrs=attributes),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the JSON value, ``None`` for an empty text that is not required.

        Raises:
            ValidationError: saying line and column where the text cannot be read.
        """
        text = super().clean(value)
        return parse_json(text) if text.strip() else None


def parse_json(text: str) -> Any:
    """Return the JSON value that ``text`` holds.

    Raises:
        ValidationError: if it holds none, a name twice, or a value without a faithful copy.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise ValidationError(
            "not JSON: %(what)s in line %(line)s, column %(column)s",
            code="json.invalid",
            params={"what": error.msg, "line": error.lineno, "column": error.colno},
        ) from None
    except RecursionError:
        raise _refused(f"nested deeper than {settings.JSON_LIMITS.depth} levels") from None
    except ValueError:  # Python's bound on the digits of a whole number
        raise _refused("a number has too many digits") from None
    for item in _walk(value):
        if isinstance(item, float) and not math.isfinite(item):
            raise _refused("a number is too large")
        if isinstance(item, str) and ("\x00" in item or not _is_text(item)):
            raise _refused("a text holds a character that cannot be stored")
    return value


def _walk(value: Any) -> Iterator[Any]:
    """Yield every value and key, without recursion.  Raises ValidationError when too deep."""
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        yield item
        if isinstance(item, dict | list):
            if depth > settings.JSON_LIMITS.depth:
                raise _refused(f"nested deeper than {settings.JSON_LIMITS.depth} levels")
            parts = [*item.keys(), *item.values()] if isinstance(item, dict) else item
            waiting.extend((part, depth + 1) for part in parts)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _refused(f"the name {name!r} stands twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise _refused(f"{name} is no JSON number")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _refused(why: str) -> ValidationError:
    return ValidationError(why, code="json.invalid")
