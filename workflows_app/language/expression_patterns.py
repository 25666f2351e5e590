"""Matching texts with patterns written by users.  Refuses patterns that would grow too large.

Python's own ``re`` backtracks, so a short pattern can stop a worker; the Rust engine behind the
CEL library is linear in the text.  What is left to bound is the size a pattern grows to when its
counted repetitions are written out, which :func:`states` estimates from above.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import cel

from workflows_app.language import expression_bounds as bounds
from workflows_app.language.expression_bounds import ExpressionError, Meter, limit

_ATOM = re.compile(
    r"""
      (?P<repeat>\{(?P<least>\d+)(?:,(?P<most>\d*))?\})
    | (?P<class>\\[pPdDwWsSbB])
    | (?P<escape>\\.)
    | (?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\])
    | (?P<open>\((?:\?(?:P?<[A-Za-z_]\w*>|[imsU-]*:|[imsU-]+(?=\))))?)
    | (?P<close>\))
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
#: A class of Unicode characters is a small automaton of its own; letters are the largest.
_LETTER_STATES: Final = 40
_CLASS_STATES: Final = 3
_UNITS_PER_STATE: Final = 15


def matches(meter: Meter, text: str, pattern: str) -> bool:
    """Return whether ``pattern`` is found anywhere in ``text``.

    Raises:
        ExpressionError: ``expression.limit`` when the pattern or the text is too large,
            ``expression.failed`` when the pattern cannot be read.
    """
    size = states(pattern)
    if len(text) > bounds.MAX_SUBJECT_CHARS:
        raise limit(f"searches a text longer than {bounds.MAX_SUBJECT_CHARS:,} characters")
    meter.spend(
        20
        + _UNITS_PER_STATE * size
        + size * len(text) // 2_000
        + len(text) // bounds.BYTES_PER_UNIT
    )
    try:
        return bool(_program().execute({"text": text, "pattern": pattern}))
    except (RuntimeError, ValueError, TypeError):
        raise ExpressionError(
            "expression.failed", f"the pattern {pattern!r} cannot be read: see RE2 syntax"
        ) from None


@lru_cache(maxsize=1)
def _program() -> cel.Program:
    return cel.compile("text.matches(pattern)")


@lru_cache(maxsize=256)
def states(pattern: str) -> int:
    """Return about how many states ``pattern`` has once its repetitions are written out.

    Raises:
        ExpressionError: ``expression.limit`` when there are too many, or the pattern is too long.
    """
    if len(pattern) > bounds.MAX_PATTERN_CHARS:
        raise limit(f"has a pattern longer than {bounds.MAX_PATTERN_CHARS} characters")
    sizes, last = [0], [0]
    for match in _ATOM.finditer(pattern):
        if match["repeat"]:
            most = int((match["most"] or match["least"])[:9])
            grown = last[-1] * max(0, most - 1)
            sizes[-1] += grown
            last[-1] += grown
        elif match["open"]:
            sizes.append(1)
            last.append(0)
        elif match["close"] and len(sizes) > 1:
            inner = sizes.pop()
            last.pop()
            sizes[-1] += inner
            last[-1] = inner
        elif match.group() not in "*+?":
            last[-1] = _atom_states(match)
            sizes[-1] += last[-1]
        if sizes[-1] > bounds.MAX_PATTERN_STATES:
            raise limit(
                f"has a pattern that grows past {bounds.MAX_PATTERN_STATES:,} states;"
                " use smaller repetition counts"
            )
    if re.search(r"\(\?[a-zA-Z-]*x", pattern):
        raise limit("has a pattern in verbose mode (?x), which is not supported")
    return sum(sizes)


def _atom_states(match: re.Match[str]) -> int:
    if inside := match["set"]:
        if "[" in inside[1:].replace("\\[", ""):
            raise ExpressionError(
                "expression.failed",
                f"the set {inside!r:.40} holds another set; write '\\[' for '['",
            )
        letters = not inside.isascii() or re.search(r"\\[wWpPDS]", inside)
        return _LETTER_STATES if letters else _CLASS_STATES
    if match["class"]:
        return _LETTER_STATES if match["class"][1] in "wWpPbB" else _CLASS_STATES
    return 1
