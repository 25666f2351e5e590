"""The page of an execution while it goes on: what it says is so, also after it was loaded anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.definitions import call, log, text, workflow
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer


@pytest.fixture
def going(page: Page, site: Site, held: SlowServer) -> ExecutionPage:
    """The page of an execution that is in the second of three steps, and stays there."""
    drawn = workflow(
        "Watched",
        log("first", "the first line"),
        call("hold", held, "/held/watched"),
        text("last", "at the end"),
    )
    shown = ExecutionPage(page, site, site.execute(site.create(drawn))).open()
    expect(shown.step("Hold", "Running")).to_be_visible()
    return shown


def test_it_says_how_far_it_is_and_goes_on_by_itself(
    going: ExecutionPage, held: SlowServer
) -> None:
    expect(going.status("Running")).to_be_visible()
    expect(going.header.get_by_text("Step 2 of 3")).to_be_visible()
    expect(going.step("First", "Completed")).to_be_visible()
    expect(going.step("Last")).to_have_count(0)

    held.release()

    expect(going.status("Completed")).to_be_visible()
    expect(going.step("Last", "Completed")).to_be_visible()
    expect(going.header.get_by_text("3 of 3 steps done")).to_be_visible()
    expect(going.header.get_by_text("Took")).to_be_visible()
    expect(going.page).to_have_title(re.compile("Completed"))


def test_after_a_reload_it_says_the_same(going: ExecutionPage, held: SlowServer) -> None:
    going.page.reload()

    expect(going.status("Running")).to_be_visible()
    expect(going.header.get_by_text("Step 2 of 3")).to_be_visible()
    held.release()
    expect(going.status("Completed")).to_be_visible()


def test_log_lines_come_as_they_are_written(going: ExecutionPage) -> None:
    going.tab("Logs")

    expect(
        going.page.get_by_role("region", name="Log").get_by_text("the first line")
    ).to_be_visible()


def test_cancelling_says_what_still_has_to_finish(going: ExecutionPage, held: SlowServer) -> None:
    going.header.get_by_role("button", name="Cancel").click()

    expect(going.status("Cancelling")).to_be_visible()
    expect(going.page.get_by_text("Still finishing: Hold")).to_be_visible()
    held.release()
    expect(going.status("Cancelled")).to_be_visible()
    assert going.record()["status"] == "cancelled"


def test_a_paused_one_begins_nothing_until_it_may_go_on(
    going: ExecutionPage, held: SlowServer
) -> None:
    going.header.get_by_role("button", name="Pause").click()
    expect(going.header.get_by_role("button", name="Go on")).to_be_visible()
    held.release()
    expect(going.step("Hold", "Completed")).to_be_visible()
    expect(going.status("Paused")).to_be_visible()

    going.header.get_by_role("button", name="Go on").click()

    expect(going.status("Completed")).to_be_visible()
