"""Literals say what they were made of; what is too long for a line opens."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows_app.language.python_source_layout import (
    LINE_CHARS,
    Call,
    Text,
    assignment,
    literal,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text() | st.text(alphabet="'\"\\\n a", max_size=200),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_a_literal_is_the_value_it_was_made_of(value: Any) -> None:
    written = assignment("name", literal(value))

    assert ast.literal_eval(written.removeprefix("name = ")) == value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("'\"", '"\'\\""'),
        ('\'""', "'\\'\"\"'"),
    ],
)
def test_texts_stand_in_double_quotes_unless_that_needs_more_backslashes(
    text: str, written: str
) -> None:
    assert Text(text).flat == written


def test_a_long_text_is_broken_between_words() -> None:
    text = "word " * 60

    lines = assignment("name", Call("f", [], [("a", Text(text)), ("b", Text("c"))])).splitlines()

    assert max(map(len, lines)) <= LINE_CHARS
    assert lines[:2] == ["name = f(", "    a=("]


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert assignment("name", Text("x" * 200)) == f'name = "{"x" * 200}"'
