"""How the web UI takes what is large: a thousand steps drawn, many results, a value of megabytes.

python -m tests.benchmarks.browser                 # print the table
python -m tests.benchmarks.browser --write         # and put it into docs/benchmarks.md
python -m tests.benchmarks.browser --items 10000

A *long task* keeps the page from answering for as long as it takes; 50 ms are hardly felt, 200 are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

# What follows reads the settings.
from config.browser.budget import BUDGETS, first_load_bytes
from config.browser.bundle import MANIFEST
from tests.benchmarks import table
from tests.browser.chromium import launch
from tests.browser.definitions import call, text, workflow
from tests.browser.editor_page import EditorPage
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer

BEGIN = "<!-- browser: begin (written by `python -m tests.benchmarks.browser --write`) -->"
END = "<!-- browser: end -->"
NODES, COLUMNS = 1_000, 25
VALUE_BYTES = 5_000_000
PATIENCE_MS = 120_000
WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.longTasks.push(one.duration);
}).observe({ type: "longtask", buffered: true });
"""


@dataclass(frozen=True)
class Measured:
    """What one thing took: until it was done, and how long the page did not answer meanwhile."""

    what: str
    seconds: float
    longest_ms: float
    blocked_ms: float


def main() -> int:
    """Measure, print, and write if asked; return the exit status."""
    options = _options()
    directory = Path(tempfile.mkdtemp(prefix="celeriac-browser-"))
    slow = SlowServer()
    site = Site(
        directory,
        HTTP_TOOL_ALLOW=slow.address,
        HTTP_TOOL_MAX_BYTES=str(VALUE_BYTES + 1_000),
        MAX_VALUE_BYTES="10000000",
        MAX_EXECUTION_BYTES="200000000",
        WORKER_CONCURRENCY="2",
    )
    try:
        found = _measure(site, slow, options.items)
    finally:
        slow.stop()
        site.stop()
        shutil.rmtree(directory, ignore_errors=True)
    section = _section(found, os.getloadavg()[0])
    print(section)
    if options.write:
        _write(section)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.browser")
    parser.add_argument("--items", type=int, default=1_000, help="rounds of the repetition")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def _measure(site: Site, slow: SlowServer, items: int) -> list[Measured]:
    drawn = site.create(_large_definition())
    many = site.execute(site.create(_repetition(items)))
    large = site.execute(
        site.create(workflow("A large value", call("fetch", slow, f"/size/{VALUE_BYTES // 2}")))
    )
    for execution in (large, many):
        while site.execution(execution)["status"] not in ("completed", "failed"):
            time.sleep(1)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(WATCH)
        page = context.new_page()
        _log_in(page, site)
        found = [
            *_editor(page, EditorPage(page, drawn)),
            *_many(page, ExecutionPage(page, site, many), items),
            *_large(page, ExecutionPage(page, site, large)),
        ]
        browser.close()
    return found


def _editor(page: Page, editor: EditorPage) -> list[Measured]:
    def open_it() -> None:
        editor.open()
        editor.node("Step 500").or_(editor.outline).first.wait_for()

    def pan() -> None:
        page.mouse.move(640, 400)
        for _ in range(30):
            page.mouse.wheel(0, 120)
            page.wait_for_timeout(16)

    def zoom() -> None:
        page.keyboard.press("1")
        page.wait_for_timeout(500)

    def rename() -> None:
        page.get_by_label("Name of the workflow").press_sequentially(" of a thousand steps")

    def select() -> None:
        editor.step("Step 3").first.click()
        editor.inspector.get_by_label("Id").wait_for()

    return [
        _timed(page, f"open a definition of {NODES:,} steps in the editor", open_it, fresh=True),
        _timed(page, "scroll its canvas, 30 turns of the wheel", pan),
        _timed(page, "show all of it", zoom),
        _timed(page, "select a step", select),
        _timed(page, "type 20 letters of its name", rename),
    ]


def _many(page: Page, shown: ExecutionPage, items: int) -> list[Measured]:
    def open_it() -> None:
        shown.open()
        shown.status("Completed").or_(shown.status("Failed")).first.wait_for()
        shown.step("Each").first.wait_for()

    def scroll() -> None:
        shown.tab("Steps")
        region = page.get_by_role("region", name="Steps")
        region.hover()
        for _ in range(40):
            page.mouse.wheel(0, 900)
            page.wait_for_timeout(16)

    def search() -> None:
        page.get_by_label("Search steps").press_sequentially("once")

    return [
        _timed(page, f"open an execution of {items:,} rounds", open_it, fresh=True),
        _timed(page, "its steps, scrolled by 36,000 px", scroll),
        _timed(page, "search them", search),
    ]


def _large(page: Page, shown: ExecutionPage) -> list[Measured]:
    def open_it() -> None:
        shown.open()
        shown.status("Completed").wait_for()

    def whole() -> None:
        shown.step("Fetch").click()
        shown.inspector.get_by_role("tab", name="Output").click()
        load = shown.inspector.get_by_role("button", name=re.compile("^Load"))
        load.click()
        load.wait_for(state="detached")

    size = f"{VALUE_BYTES / 1e6:.0f} MB"
    return [
        _timed(page, f"open an execution whose step put out {size}", open_it, fresh=True),
        _timed(page, "show all of that value", whole),
    ]


def _timed(page: Page, what: str, act: Callable[[], None], *, fresh: bool = False) -> Measured:
    print(f"{what} ...", file=sys.stderr)
    if not fresh:
        page.evaluate("window.longTasks.length = 0")
    began = time.monotonic()
    act()
    seconds = time.monotonic() - began
    # What the last of it set off is still to come.
    page.wait_for_timeout(500)
    tasks: list[float] = page.evaluate("window.longTasks")
    longest = max(tasks, default=0)
    print(f"  {seconds:.2f} s, longest task {longest:.0f} ms", file=sys.stderr)
    return Measured(what, seconds, longest, sum(tasks))


def _large_definition() -> dict[str, Any]:
    nodes = [text(f"s{number}", str(number), f"Step {number}") for number in range(NODES)]
    return workflow("A thousand steps", *nodes) | {
        "edges": [[f"s{number}", f"s{number + COLUMNS}"] for number in range(NODES - COLUMNS)],
        "ui": {
            "positions": {
                f"s{number}": {"x": 260 * (number % COLUMNS), "y": 120 * (number // COLUMNS)}
                for number in range(NODES)
            }
        },
    }


def _repetition(items: int) -> dict[str, Any]:
    once = {"id": "once", "type": "map", "name": "Once", "fields": {"doubled": {"from": "item"}}}
    each = {
        "id": "each",
        "type": "foreach",
        "name": "Each",
        "items": {"value": list(range(items))},
        "concurrency": 10,
        "body": {"nodes": [once]},
    }
    return workflow("Many rounds", each)


def _log_in(page: Page, site: Site) -> None:
    page.goto("/login")
    page.get_by_label("User name").fill(site.admin)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/workflows")


def _section(found: list[Measured], load: float) -> str:
    bundle = json.loads(MANIFEST.read_bytes())
    lines = [
        f"{table.circumstances()} Chromium without a screen; load average {load:.1f}.",
        "",
        "| | done after, s | longest task, ms | page blocked in all, ms |",
        "|---|---|---|---|",
        *(
            f"| {one.what} | {one.seconds:.2f} | {one.longest_ms:.0f} | {one.blocked_ms:.0f} |"
            for one in found
        ),
        "",
        "| first load of | kB, gzipped | budget |",
        "|---|---|---|",
        *(
            f"| {page.split('/')[2]} | {first_load_bytes(bundle, page) / 1000:.0f} "
            f"| {budget / 1000:.0f} |"
            for page, budget in BUDGETS.items()
        ),
    ]
    return "\n".join(lines)


def _write(section: str) -> None:
    before, begin, rest = table.PAGE.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"put the lines {BEGIN!r} and {END!r} into {table.PAGE.name}")
    table.PAGE.write_text(f"{before}{BEGIN}\n{section}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
