"""Everybody can use every page: axe finds nothing grave, the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import grave_ones, violations
from tests.browser.definitions import call, inputs, text, workflow
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer

#: Theme and width of the window: each page is seen in light and dark, wide and narrow.
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 390))


@dataclass(frozen=True)
class Furnished:
    """A site with something on every page: ids by what they are."""

    workflow: str
    completed: str
    failed: str
    waiting: str


@pytest.fixture(scope="module")
def furnished(site: Site, slow: SlowServer) -> Iterator[Furnished]:
    slow.break_again()
    name = {"type": "string", "title": "Name", "default": "Ada"}
    good = site.create(
        workflow("Reachable", text("one", "1"), text("two", "2"), inputs=inputs(name=name))
    )
    bad = site.create(workflow("Broken off", call("ask", slow, "/status/500", "Ask for it")))
    sample = site.api.get("/api/samples/approve-a-purchase/").json()["definition"]
    waiting = site.execute(site.create(sample), price=900)
    completed, failed = site.execute(good), site.execute(bad)
    schedule = {"workflow": good, "cron": "0 7 1 1 *", "timezone": "Europe/Berlin"}
    assert site.api.post("/api/schedules/", json=schedule).status_code == 201
    site.until_status(completed, "completed")
    site.until_status(failed, "failed")
    site.until_status(waiting, "waiting", "suspended")
    yield Furnished(good, completed, failed, waiting)
    # What nobody answers would stay in the inbox of other tests.
    site.api.post(f"/api/executions/{waiting}/cancel/", json={})
    site.until_status(waiting, "cancelled")


Ready = Callable[[Page], None]


def _heading(name: str) -> Ready:
    return lambda page: expect(page.get_by_role("heading", name=name).first).to_be_visible()


def _shows(words: str) -> Ready:
    return lambda page: expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()


PAGES: dict[str, tuple[str, Ready]] = {
    "workflows": ("/workflows", _shows("Reachable")),
    "new": ("/workflows?new=sample", _shows("Welcome message")),
    "editor": ("/workflows/{workflow}", _shows("Saved")),
    "versions": ("/workflows/{workflow}/versions", _heading("ersion")),
    "history": (
        "/executions",
        lambda page: expect(page.get_by_role("link", name="Broken off").first).to_be_visible(),
    ),
    "completed": ("/executions/{completed}", _shows("Completed")),
    "failed": ("/executions/{failed}", _shows("Ask for it")),
    "waiting": ("/executions/{waiting}", _shows("Buy a ladder")),
    "inbox": ("/inbox", _shows("Buy a ladder")),
    "schedules": ("/schedules", _shows("Reachable")),
    "connections": ("/connections", _heading("Connections")),
    "settings": ("/settings", _heading("Settings")),
    "nowhere": ("/nowhere", _shows("not")),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_grave(page: Page, furnished: Furnished, name: str) -> None:
    address, ready = PAGES[name]
    found = []

    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address.format(**vars(furnished)))
        ready(page)
        found += [f"{theme}, {width} px: {one}" for one in grave_ones(violations(page))]

    assert found == []


def test_axe_finds_nothing_grave_in_the_login(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    found = []

    page.goto("/login")
    expect(page.get_by_label("User name")).to_be_visible()
    for theme, _ in LOOKS:
        page.emulate_media(color_scheme=theme)
        found += grave_ones(violations(page))

    assert found == []
    context.close()


def test_axe_finds_nothing_grave_in_the_run_dialog(page: Page, furnished: Furnished) -> None:
    page.goto("/workflows?q=Reachable")
    page.get_by_role("row", name="Reachable").first.get_by_role("button", name="Run").click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()

    assert grave_ones(violations(page)) == []


def test_a_dialog_takes_the_focus_and_gives_it_back(page: Page, furnished: Furnished) -> None:
    page.goto("/workflows")
    button = page.get_by_role("button", name="New workflow")
    button.focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("name", ["workflows", "editor", "failed", "inbox"])
def test_tab_reaches_every_button_and_field(page: Page, furnished: Furnished, name: str) -> None:
    address, ready = PAGES[name]
    page.goto(address.format(**vars(furnished)))
    ready(page)
    page.evaluate(MARK)

    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(REACHED):
            break

    assert page.evaluate(MISSED) == [], "out of reach"


#: What can be pressed or filled in; within a group of tabs or a tree arrows go on from one.
MARK = """() => {
  const roving = '[role=tab], [role=treeitem], [role=treeitem] *, [role=radio], [role=separator]';
  window.missed = new Set([...document.querySelectorAll(
    'a[href], button, input, select, textarea, [tabindex="0"]'
  )].filter((one) => !one.matches(roving) && !one.disabled && one.tabIndex >= 0
    && one.checkVisibility()));
  document.addEventListener('focusin', ({target}) => window.missed.delete(target));
}"""
REACHED = "() => window.missed.size === 0 || document.activeElement === document.body"
MISSED = """() => [...window.missed].filter((one) => one.isConnected)
  .map((one) => one.outerHTML.slice(0, 160))"""
