"""Running from the editor: the canvas shows how each step stands, the panel the rest."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.definitions import call, log, text, workflow
from tests.browser.editor_page import EditorPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer


@pytest.fixture
def going(page: Page, site: Site, held: SlowServer) -> EditorPage:
    """The editor, with an execution that was started there and is held in its second step."""
    drawn = workflow(
        "Run where it is drawn",
        log("first", "a line of the log"),
        call("hold", held, "/held/editor"),
        text("last", "the very end"),
        output={"text": {"from": "steps.last.text"}},
    )
    editor = EditorPage(page, site.create(drawn)).open()
    editor.run_button.click()
    expect(editor.live.get_by_text("Step 2 of 3")).to_be_visible()
    return editor


def test_the_canvas_says_how_each_step_stands(going: EditorPage, held: SlowServer) -> None:
    expect(going.node("First").get_by_text("Completed")).to_be_visible()
    expect(going.node("Hold").get_by_text("Running")).to_be_visible()

    held.release()

    for name in ("First", "Hold", "Last"):
        expect(going.node(name).get_by_text("Completed")).to_be_visible()
    expect(going.live.get_by_text("3 of 3 steps done")).to_be_visible()
    expect(going.live.get_by_text("the very end").first).to_be_visible()


def test_who_comes_back_sees_it_again(going: EditorPage, held: SlowServer) -> None:
    page = going.page
    going.live.get_by_role("button", name="Detach: close this, the run goes on").click()
    expect(going.live).to_have_count(0)
    page.goto("/schedules")

    page.get_by_role("button", name=re.compile(r"^\d+ ?going on")).click()
    page.get_by_role("menuitem", name="Run where it is drawn").click()

    expect(page.get_by_role("main").get_by_text("Step 2 of 3")).to_be_visible()


def test_after_a_reload_the_panel_is_there(going: EditorPage, held: SlowServer) -> None:
    going.page.reload()

    expect(going.live.get_by_text("Step 2 of 3")).to_be_visible()
    expect(going.node("Hold").get_by_text("Running")).to_be_visible()
    held.release()
    expect(going.live.get_by_text("Completed", exact=True).first).to_be_visible()


def test_stop_is_beside_run_and_says_what_still_runs(going: EditorPage, held: SlowServer) -> None:
    stop = going.page.get_by_role("main").get_by_role("button", name="Stop", exact=True)

    stop.click()

    expect(going.live.get_by_text("Cancelling", exact=True)).to_be_visible()
    expect(going.live.get_by_text("Still finishing: Hold")).to_be_visible()
    held.release()
    expect(going.live.get_by_text("Cancelled", exact=True).first).to_be_visible()


def test_a_failure_is_said_inline_and_retried_there(
    page: Page, site: Site, held: SlowServer
) -> None:
    drawn = workflow("Fails at first", call("ask", held, "/flaky/editor"), text("last", "end"))
    editor = EditorPage(page, site.create(drawn)).open()
    editor.run_button.click()
    expect(editor.live.get_by_text("“Ask” failed")).to_be_visible()
    expect(editor.node("Ask").get_by_text("Failed")).to_be_visible()

    held.heal()
    editor.live.get_by_role("button", name="Retry").click()

    expect(editor.node("Last").get_by_text("Completed")).to_be_visible()
