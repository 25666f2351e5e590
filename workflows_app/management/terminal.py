"""Writing for people on a terminal, for files and for programs.  Refuses to pass control characters
on: names and messages come from users, and a terminal would obey what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Without a terminal nothing is folded: lines are for ``grep``.
UNBOUNDED_WIDTH = 10_000
Cell = str | Text


def printable(text: object, *, lines: bool = False) -> str:
    """Return ``text`` with everything that is no visible character written as JSON escapes it.

    With ``lines`` its line breaks stay.
    """
    kept = "\n" if lines else ""
    return "".join(
        char if char.isprintable() or char in kept else json.dumps(char)[1:-1] for char in str(text)
    )


def shortened(text: object, limit: int) -> str:
    """Return ``text`` on one line of at most ``limit`` characters."""
    shown = printable(str(text)[: limit * 2])
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def pretty_json(value: Any) -> str:
    """Return ``value`` as JSON for people; control characters stay escaped."""
    return printable(json.dumps(value, indent=2, ensure_ascii=False), lines=True)


class Output:
    """Where a command writes.  ``is_json`` says that programs read it."""

    def __init__(
        self, stream: TextIO, *, is_json: bool = False, no_color: bool = False, color: bool = False
    ) -> None:
        # Django's wrapper ends every write with a line break, which would tear a live view.
        self._stream: TextIO = getattr(stream, "_out", stream)
        self.is_json = is_json
        is_terminal = bool(self._stream.isatty())
        self.console = Console(
            file=self._stream,
            width=None if is_terminal else UNBOUNDED_WIDTH,
            no_color=no_color or None,
            force_terminal=True if color else None,
            markup=False,
            highlight=False,
            emoji=False,
        )
        self.is_live = is_terminal and not is_json

    def line(self, text: Cell = "", *, style: str = "") -> None:
        """Write one line for people; says nothing to programs."""
        if not self.is_json:
            shown = text if isinstance(text, Text) else Text(printable(text, lines=True), style)
            self.console.print(shown, soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write a table for people."""
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(
                *(
                    cell if isinstance(cell, Text) else Text(printable(cell, lines=True))
                    for cell in row
                )
            )
        if not self.is_json:
            self.console.print(table)

    def json(self, value: Any, *, indent: int | None = 2) -> None:
        """Write ``value`` for programs; with ``indent=None`` on a line of its own."""
        self._stream.write(json.dumps(value, indent=indent) + "\n")
        self._stream.flush()
