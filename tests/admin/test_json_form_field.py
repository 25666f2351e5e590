"""JSON written by people: read strictly, refused with the place of the mistake."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from workflows_app.admin.json_form_field import JsonTextField, parse_json


@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a": [1, 2.5, null, true, "ü"]}', {"a": [1, 2.5, None, True, "ü"]}), ("7", 7), ("[]", [])],
)
def test_json_is_read(text: str, value: object) -> None:
    assert parse_json(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1, column 2"),
        ('{\n "a" 1}', "line 2"),
        ('{"a": 1, "a": 2}', "twice"),
        ("NaN", "NaN"),
        ("-Infinity", "Infinity"),
        ("1e400", "too large"),
        ("1" * 5000, "digits"),
        ('"\\u0000"', "cannot be stored"),
        ('{"\\ud800": 1}', "cannot be stored"),
        ("[" * 65 + "]" * 65, "deeper"),
        ("[" * 200_000, "deeper"),
    ],
)
def test_what_cannot_be_kept_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_json(text)

    assert said in " ".join(caught.value.messages)


def test_an_empty_optional_field_is_none_and_a_long_text_is_refused() -> None:
    field = JsonTextField(required=False, max_length=10)

    assert field.clean("  ") is None
    with pytest.raises(ValidationError):
        field.clean('"' + "x" * 20 + '"')
