"""Which scenarios there are, and which have no test yet and why.  Leaves none out silently.

The numbers are those of the catalogue of scenarios; they have gaps.
"""

from __future__ import annotations

import itertools
from typing import Final

#: Section -> the numbers of its scenarios.
SECTIONS: Final[dict[str, tuple[int, ...]]] = {
    "A basic execution": (1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 17, 18),
    "B validation": (23, 24, 25, 26, 27, 32),
    "C step results and maps": (37, 38, 39, 40, 41, 42, 45, 49, 53),
    "D parallel": (54, 55, 56, 57, 58, 59),
    "E branch": (73, 74, 75, 76, 77, 79),
    "F loops": (90, 91, 92, 93, 94),
    "G foreach": (105, 106, 107, 108, 109, 110, 111, 112),
    "H nested workflows": (128, 129, 130, 132, 133, 134),
    "I state": (144, 145, 146, 153, 154),
    "J retries and errors": (159, 160, 161, 162, 163, 166, 167, 168, 170, 174),
    "K suspend: linear": (176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 191, 200),
    "L suspend: parallel, branch": (206, 207, 208, 209, 210, 211),
    "M suspend: nested": (222, 223, 224),
    "N suspend: loops, foreach": (236, 237, 238, 239, 240, 241, 242, 243),
    "O sleep, events": (253, 254, 255, 256, 258, 262, 263),
    "P bail": (274,),
    "Q cancel": (280, 281, 282, 283, 284, 285, 286),
    "R streaming": (297, 298, 299, 300, 301, 303, 304, 305, 306, 307, 308, 309, 320, 321),
    "S time travel": (328, 329, 330, 331, 332, 333, 334, 335, 336, 337, 338, 339, 340),
    "T restart, delivery": (346, 347, 348, 349, 350, 351, 358),
    "U per step": (373, 374),
    "V agents, tools": (377, 378, 379, 380, 381, 384, 385, 386, 388),
    "W queries": (389, 390, 391, 392),
    "X schedules": (397, 398, 399, 400),
}
NUMBERS: Final = tuple(itertools.chain.from_iterable(SECTIONS.values()))
DRIVERS: Final = ("memory", "workers")

_AGENTS = "there are no agents yet"

#: Scenarios without a test, and why.  They count as not passed.
LEFT_OUT: Final[dict[int, str]] = {
    377: _AGENTS,
    378: _AGENTS,
    379: _AGENTS,
    380: _AGENTS,
    381: _AGENTS,
    386: _AGENTS,
    388: "there is no MCP server yet",
}
#: Scenarios without a test under one driver, and why.
LEFT_OUT_UNDER: Final[dict[str, dict[int, str]]] = {"memory": {}, "workers": {}}


def left_out(driver: str) -> dict[int, str]:
    """Return the scenarios that have no test under ``driver``, with the reason of each."""
    return LEFT_OUT | LEFT_OUT_UNDER[driver]
