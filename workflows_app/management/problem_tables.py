"""Diagnostics and notes as tables people read: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from workflows_app.language.agipo_notes import Note
from workflows_app.management.terminal import Output, printable

STYLES: Mapping[str, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}
STATUS_STYLES: Mapping[str, str] = {"ok": "green", "warnings": "yellow", "errors": "bold red"}


def write_diagnostics(output: Output, diagnostics: Sequence[Mapping[str, Any]]) -> None:
    """Write ``diagnostics``, as the API answers them, in the order they come."""
    if not diagnostics:
        return
    rows = []
    for item in diagnostics:
        what = Text(printable(item["message"]))
        if item.get("fix"):
            what.append(f"\n→ {printable(item['fix'])}", style="dim")
        severity = Text(item["severity"], style=STYLES.get(item["severity"], ""))
        rows.append((severity, item["path"] or "/", item["code"], what))
    output.table(("severity", "where", "code", "what"), rows)


def write_notes(output: Output, notes: Sequence[Note]) -> None:
    """Write what an import could not carry over."""
    if not notes:
        return
    output.line("Not carried over as it was:", style="bold")
    output.table(
        ("where", "code", "what"), [(note.path or "/", note.code, note.message) for note in notes]
    )


def compile_line(status: str, diagnostics: Sequence[Mapping[str, Any]]) -> Text:
    """Return one line that says how a compile went."""
    counts = {
        severity: sum(item["severity"] == severity for item in diagnostics)
        for severity in ("error", "warning")
    }
    said = [f"{count} {name}{'s' * (count != 1)}" for name, count in counts.items() if count]
    return Text(", ".join(said) or "no problems", style=STATUS_STYLES[status])
