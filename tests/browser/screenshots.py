"""Pictures of every screen for the documentation, of an installation with believable data.

python -m tests.browser.screenshots                 # all of them, into docs/screenshots
python -m tests.browser.screenshots editor inbox    # only these
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

# What follows reads the settings.
from tests.browser.chromium import launch
from tests.browser.furnishing import Furniture, furnish
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer

DIRECTORY = Path(__file__).parents[2] / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
COLOURS = 128
Ready = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """One picture: where, what to do there first, and which looks of it are kept."""

    address: str
    ready: Ready
    narrow: bool = False


def main() -> int:
    """Take the pictures; return the exit status."""
    chosen = set(sys.argv[1:])
    directory = Path(tempfile.mkdtemp(prefix="celeriac-shots-"))
    slow = SlowServer()
    site = Site(
        directory,
        HTTP_TOOL_ALLOW=slow.address,
        HTTP_TOOL_SECONDS="600",
        WORKER_CONCURRENCY="4",
    )
    try:
        screens = _screens(furnish(site, slow))
        unknown = chosen - set(screens)
        if unknown:
            print(f"no such screen: {', '.join(sorted(unknown))}", file=sys.stderr)
            return 2
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for name, screen in screens.items():
                if not chosen or name in chosen:
                    _take(browser, site, name, screen)
    finally:
        slow.stop()
        site.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return 0


def _take(browser: Browser, site: Site, name: str, screen: Screen) -> None:
    DIRECTORY.mkdir(exist_ok=True)
    looks = [("light", WIDE, "light"), ("dark", WIDE, "dark")]
    if screen.narrow:
        looks.append(("light", NARROW, "narrow"))
    for theme, size, suffix in looks:
        context = browser.new_context(
            base_url=site.url,
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        page = context.new_page()
        if name != "login":
            _log_in(page, site)
        page.goto(screen.address)
        screen.ready(page)
        page.wait_for_timeout(400)  # for what slides and fades in
        path = DIRECTORY / f"{name}-{suffix}.png"
        path.write_bytes(small(page.screenshot()))
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
        context.close()


def small(png: bytes) -> bytes:
    """Return the picture with a palette of few colours, which screens hardly need more than."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    fewer = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    made = io.BytesIO()
    fewer.save(made, format="PNG", optimize=True)
    return made.getvalue()


def _log_in(page: Page, site: Site) -> None:
    page.goto("/login")
    page.get_by_label("User name").fill(site.admin)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/workflows")


def _sees(words: str) -> Ready:
    return lambda page: page.get_by_text(words).filter(visible=True).first.wait_for()


def _steps(*steps: Ready) -> Ready:
    def ready(page: Page) -> None:
        for step in steps:
            step(page)

    return ready


def _presses(name: str, role: str = "button") -> Ready:
    return lambda page: page.get_by_role(role, name=name).filter(visible=True).first.click()  # type: ignore[arg-type]


def _screens(has: Furniture) -> dict[str, Screen]:
    editor = f"/workflows/{has.ticket}"
    return {
        # First: what it shows does not go on for ever.
        "editor-run": Screen(f"/workflows/{has.going_workflow}?run={has.going}", _sees("Live")),
        "login": Screen("/login", _sees("Password")),
        "workflows": Screen("/workflows", _sees("Route a ticket"), narrow=True),
        "samples": Screen("/workflows?new=sample", _sees("Start here")),
        "run-dialog": Screen(
            "/workflows?q=Route+a+ticket",
            _steps(_sees("Route a ticket"), _presses("Run"), _sees("Start")),
        ),
        "editor": Screen(editor, _sees("Saved"), narrow=True),
        "editor-step": Screen(
            f"/workflows/{has.purchase}",
            _steps(_sees("Saved"), lambda page: page.get_by_role("treeitem").nth(2).click()),
        ),
        "editor-problems": Screen(
            f"/workflows/{has.faulty}",
            _steps(_sees("error"), lambda page: page.get_by_role("tab", name="Problems").click()),
        ),
        "versions": Screen(f"/workflows/{has.faulty}/versions", _sees("ersion")),
        "execution": Screen(f"/executions/{has.completed}", _sees("Completed"), narrow=True),
        "execution-failed": Screen(f"/executions/{has.failed}", _sees("What you can do")),
        "execution-graph": Screen(f"/executions/{has.completed}?tab=graph", _sees("Completed")),
        "history": Screen("/executions", _sees("Success")),
        "inbox": Screen(f"/inbox?task={has.task}", _sees("Send the answer"), narrow=True),
        "schedules": Screen("/schedules", _sees("Price a catalogue")),
        "connections": Screen("/connections", _sees("Connections")),
        "settings": Screen("/settings", _sees("Theme")),
    }


if __name__ == "__main__":
    sys.exit(main())
