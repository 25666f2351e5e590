"""What a first visit may cost: bytes over the wire, gzipped, for the list and for the editor.

Refuses to count what a page loads only later, when somebody asks for it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

from config.browser.bundle import BUNDLE, ENTRY, MANIFEST

#: Page -> the most that opening it first may load, in bytes after gzip, styles included.
BUDGETS = {
    "src/pages/workflows/index.tsx": 200_000,
    "src/pages/history/index.tsx": 200_000,
    "src/pages/execution/index.tsx": 250_000,
    # With the canvas and the forms of every node: what only the editor loads stays below 250 kB.
    "src/pages/editor/index.tsx": 400_000,
}


def first_load_bytes(manifest: dict[str, Any], page: str) -> int:
    """Return what opening ``page`` first loads: the entry, the page, all they import at once."""
    names = {file for part in _closure(manifest, (ENTRY, page)) for file in _files(part)}
    return sum(len(gzip.compress((BUNDLE / name).read_bytes(), 6)) for name in names)


def report() -> int:
    """Print each page's bytes beside its budget; return 1 if one is over it, else 0."""
    manifest = json.loads(MANIFEST.read_bytes())
    over = False
    for page, budget in BUDGETS.items():
        size = first_load_bytes(manifest, page)
        over |= size > budget
        verdict = "OVER ITS BUDGET OF" if size > budget else "of"
        print(f"{page}: {size / 1000:.0f} kB {verdict} {budget / 1000:.0f} kB")
    return int(over)


def _closure(manifest: dict[str, Any], names: Iterable[str]) -> list[dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen[name] = manifest[name]
            todo.extend(manifest[name].get("imports", ()))
    return list(seen.values())


def _files(part: dict[str, Any]) -> Iterable[str]:
    return (part["file"], *part.get("css", ()))
