"""What reaches a terminal: nothing it would obey, and nothing that is no JSON for programs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from workflows_app.management.terminal import Output, pretty_json, printable, shortened

HOSTILE = "\x1b]0;title\x07 \x9b31m red \u202e txt.exe \x00 \ud800 \u200b \U000e0041 [red]x[/red]"


def test_control_characters_are_shown_and_not_obeyed() -> None:
    shown = printable(HOSTILE)

    assert shown.isprintable()
    assert shown.startswith("\\u001b]0;title\\u0007")


def test_line_breaks_stay_only_where_they_are_wanted() -> None:
    assert printable("a\nb") == "a\\nb"
    assert printable("a\nb\r", lines=True) == "a\nb\\r"


@pytest.mark.parametrize("value", [HOSTILE, {HOSTILE: [HOSTILE, "é", "日本"]}, 1.5, None])
def test_json_for_people_is_still_json(value: Any) -> None:
    assert json.loads(pretty_json(value)) == value


def test_long_texts_are_cut_to_one_line() -> None:
    assert shortened("ab\n" * 100, 6) == "ab\\na…"
    assert shortened("short", 6) == "short"


def test_no_line_and_no_cell_carries_an_escape_or_markup() -> None:
    stream = io.StringIO()
    output = Output(stream)

    output.line(HOSTILE)
    output.table(("a",), [(HOSTILE,)])

    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().count("[red]x[/red]") == 2


def test_without_a_terminal_a_long_row_is_one_line() -> None:
    stream = io.StringIO()

    Output(stream).table(("a", "b"), [("x" * 500, "y")])

    assert len(stream.getvalue().splitlines()) == 2


def test_programs_get_json_and_nothing_else() -> None:
    stream = io.StringIO()
    output = Output(stream, is_json=True)

    output.line("for people")
    output.table(("a",), [("b",)])
    output.json({"a": HOSTILE})

    assert json.loads(stream.getvalue()) == {"a": HOSTILE}
    assert stream.getvalue().isascii()
