"""``docs/reference/errors.md``: every code with its sentence and what to do.  Invents no code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.house import advice, codes
from workflows_app.api.errors import status_of
from workflows_app.language.agipo_notes import CODES as NOTES
from workflows_app.language.diagnostics import CATALOGUE

_INTRODUCTION = """\
# Error codes

Every code there is. Codes are stable; sentences may get better. [Errors](../errors.md) says how
they look and where they appear.
"""


def render() -> str:
    """Return the document."""
    return "\n".join(
        [
            _INTRODUCTION,
            "## Diagnostics",
            "",
            "What compiling a definition says. Each diagnostic also carries a message about the",
            "case at hand, a path into the document and, where there is one, a `fix`.",
            "",
            *_table(("code", "meaning"), ((f"`{code}`", said) for code, said in CATALOGUE.items())),
            "",
            "## Answers of the HTTP API",
            "",
            "Python code meets the same codes as `.code` of a `WorkflowError`.",
            "",
            *_table(
                ("code", "status", "meaning", "what to do"),
                (
                    (f"`{code}`", str(_status(code)), _meaning(code), do)
                    for code, do in sorted(advice.HTTP.items())
                ),
            ),
            *_group("Raised by Python code", advice.PYTHON),
            *_group("On the command line", advice.TERMINAL),
            "",
            "The command line also says what the HTTP API says.",
            *_group("Failures", advice.FAILURES),
            "",
            "A step's own exception is `step.failed`, unless it has a dotted `code` and a boolean",
            "`retryable` of its own, which are kept. Tools may also answer with the codes of",
            "expressions above.",
            "",
            "## Notes of an import",
            "",
            "What `workflows import` and `workflows validate` say of an Agipo document.",
            "",
            *_table(("code", "meaning"), ((f"`{code}`", said) for code, said in NOTES.items())),
            *_group("Inside other messages, and in the log", advice.INSIDE),
            "",
        ]
    )


def _group(title: str, rows: Mapping[str, str]) -> list[str]:
    return [
        "",
        f"## {title}",
        "",
        *_table(
            ("code", "meaning", "what to do"),
            ((f"`{code}`", _meaning(code), do) for code, do in sorted(rows.items())),
        ),
    ]


def _meaning(code: str) -> str:
    said = advice.SENTENCES.get(code) or codes.sentences()[code]
    return said.replace("``", "`").replace("  ", " ")


def _status(code: str) -> int:
    return advice.STATUSES.get(code) or status_of(code)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows),
    ]
