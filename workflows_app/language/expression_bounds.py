"""What an expression may cost, in one table and one meter.  Refuses by name, never by crashing.

One unit is about one node visited, one comparison, or 64 bytes produced or read.  The meter is
asked *before* anything is built, at every step of a comprehension, so that a hostile expression
stops at the limit instead of being found out afterwards.

Source: the per-call cost budget of Kubernetes' CEL admission policies, made smaller.
"""

from __future__ import annotations

from typing import Final

MAX_TEXT_BYTES: Final = 4_096
MAX_DEPTH: Final = 32
MAX_NODES: Final = 1_000
MAX_MACROS: Final = 3
MAX_MACRO_DEPTH: Final = 2
MAX_COST: Final = 100_000
MAX_VALUE_BYTES: Final = 1_048_576
MAX_VALUE_DEPTH: Final = 64
MAX_PATTERN_CHARS: Final = 256
MAX_PATTERN_STATES: Final = 4_000
"""Repetition counts of a pattern multiply: ``(a{100}){100}`` asks for 10,000 states."""
MAX_SUBJECT_CHARS: Final = 100_000
MAX_NUMBER_CHARS: Final = 400

BYTES_PER_UNIT: Final = 64
INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1


class ExpressionError(ValueError):
    """An expression cannot be read, may not be run, or failed.

    Codes: ``expression.syntax``, ``.unknown_name``, ``.unknown_function``, ``.dynamic_step``,
    ``.limit`` (a bound of this file), ``.type`` (values that do not go together), ``.failed``
    (anything else that depends on the data: a missing key, a division by zero).
    """

    def __init__(self, code: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
        """Offset of the culprit in the text, from 0.  ``None`` when it is not one place."""
        self.line: int | None = None
        self.column: int | None = None
        """Both count from 1; set as soon as the text is known."""

    def locate(self, text: str) -> ExpressionError:
        """Return this error with line and column of its position in ``text``."""
        if self.position is not None:
            before = text[: self.position]
            self.line = before.count("\n") + 1
            self.column = self.position - (before.rfind("\n") + 1) + 1
        return self

    def copy(self) -> ExpressionError:
        """Return a fresh error that says the same; a cached one must not collect tracebacks."""
        twin = ExpressionError(self.code, self.message, self.position)
        twin.line, twin.column = self.line, self.column
        return twin


def limit(message: str, position: int | None = None) -> ExpressionError:
    """Return the error for a passed bound.  No operator may absorb it."""
    return ExpressionError("expression.limit", f"expression {message}", position)


class Meter:
    """Counts down the cost of one evaluation."""

    __slots__ = ("left",)

    def __init__(self, budget: int = MAX_COST) -> None:
        self.left = budget

    def spend(self, units: int) -> None:
        """Take ``units`` from the budget.

        Raises:
            ExpressionError: ``expression.limit`` when there is not enough left.
        """
        self.left -= units
        if self.left < 0:
            raise limit(f"costs more than {MAX_COST:,} units; work on fewer items or shorter texts")

    def produce_text(self, chars: int) -> None:
        """Pay for a text of ``chars`` characters that is about to be built.

        Raises:
            ExpressionError: ``expression.limit`` when it is longer than a value may be, or the
                budget is used up.
        """
        if chars > MAX_VALUE_BYTES:
            raise limit(f"makes a text longer than {MAX_VALUE_BYTES:,} characters")
        self.spend(1 + chars // BYTES_PER_UNIT)

    def produce_list(self, items: int) -> None:
        """Pay for a list of ``items`` references that is about to be built."""
        self.spend(1 + items // 8)
