"""Which process runs which tests when several share them.  Refuses to split a file, but where each
half wants workers of its own or none.

What takes long is begun first, so that at the end no process is left alone with it; and what shares
workers or an installation comes one after the other, so that they are started once.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadFileScheduling

#: What such tests' names begin with, the longest first.  A folder with a stroke stays together.
LONG = (
    "tests/browser/",
    "tests/config/test_up.py",
    "tests/chaos/test_smoke.py",
    "tests/simulation",
    "tests/live/test_scale.py",
    "tests/live",
    "tests/semantics",
    "tests/journal",
    "tests/schedules",
    "tests/streaming",
)


class LongestFirst(LoadFileScheduling):
    """Hands out files in the order of :func:`in_order`."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """Return the name of what stays together with a test."""
    for folder in LONG:
        if folder.endswith("/") and nodeid.startswith(folder):
            return folder
    file = nodeid.partition("::")[0]
    return f"{file} on workers" if _is_on_workers(nodeid) else file


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return ``items`` in the order in which they should begin."""
    return sorted(items, key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> tuple[int, bool]:
    place = next((n for n, name in enumerate(LONG) if nodeid.startswith(name)), len(LONG))
    return place, _is_on_workers(nodeid)


def _is_on_workers(nodeid: str) -> bool:
    """Return whether it is the second telling of a scenario, on real workers."""
    return nodeid.startswith("tests/semantics/") and "[workers" in nodeid
