"""Bytes from outside become text and JSON that every database takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workflows_app.connectors.body_text import json_of, text_of

DEEPEST = json.loads("[" * 64 + "]" * 64)


@pytest.mark.parametrize(
    ("body", "content_type", "text", "data"),
    [
        (b"<p>hi", "text/html", "<p>hi", None),
        (b" [1, 2]", "text/plain", " [1, 2]", [1, 2]),
        (b"12", "text/plain", "12", None),
        (b"12", "application/json; charset=utf-8", "12", 12),
        (b'{"a":1}', "application/problem+json", '{"a":1}', {"a": 1}),
        (b"\xef\xbb\xbf{}", "application/json", "{}", {}),
        (b"{oops", "application/json", "{oops", None),
        (b"", "application/json", "", None),
        (b"caf\xe9", "text/plain; charset=ISO-8859-1", "café", None),
        (b"caf\xe9", "text/plain", "caf\ufffd", None),
        (b"caf\xe9", "text/plain; charset=unicode_escape", "caf\ufffd", None),
        (b"\xff\xfe\x00a\x00", "application/octet-stream", "\ufffd\ufffd\ufffda\ufffd", None),
        (b'"\\u0000"', "application/json", '"\\u0000"', None),
        (b'{"\\ud800": 1}', "application/json", '{"\\ud800": 1}', None),
        (b"NaN", "application/json", "NaN", None),
        (b"[1e400]", "application/json", "[1e400]", None),
        (b"9" * 401, "application/json", "9" * 401, None),
        (b"[" * 100_000, "application/json", "[" * 100_000, None),
        (b"[" * 64 + b"]" * 64, "application/json", "[" * 64 + "]" * 64, DEEPEST),
        (b"[" * 65 + b"]" * 65, "application/json", "[" * 65 + "]" * 65, None),
    ],
)
def test_a_body_becomes_text_and_json_that_can_be_stored(
    body: bytes, content_type: str, text: str, data: Any
) -> None:
    found = text_of(body, content_type)

    assert found == text
    assert json_of(found, content_type) == data
