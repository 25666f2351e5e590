"""What axe-core finds on a page: the rules of WCAG 2.2 A and AA that a program can judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "editor" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")

_RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
}).then(({violations}) => violations.map(({id, impact, help, nodes}) => ({
  id, impact, help, places: nodes.map(({html}) => html.slice(0, 200)).slice(0, 5),
})))"""


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what is wrong with the page as it stands: ``id, impact, help, places``."""
    # Evaluated by the debugger, which the page's content security policy does not concern.
    page.evaluate(SCRIPT.read_text())
    return list(page.evaluate(_RUN))


def grave_ones(found: list[dict[str, Any]]) -> list[str]:
    """Return those that keep somebody out, one line each."""
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {one['places']}"
        for one in found
        if one["impact"] in GRAVE
    ]
