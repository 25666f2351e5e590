"""Why an execution waits, written for people."""

from __future__ import annotations

from collections.abc import Sequence

from executions_app.waiting_reasons import Reason
from workflows_app.management.terminal import Output, printable


def write_reasons(reasons: Sequence[Reason], output: Output) -> None:
    """Write each reason on a line: where, its code, and its sentence."""
    for reason in reasons:
        where = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in reason.path
        ).lstrip(".")
        lead = f"{where}: " if where else ""
        output.line(printable(f"{lead}{reason.message} ({reason.code.value})"))
