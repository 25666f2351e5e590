"""A connection that breaks off while an execution goes on: the page says so, and then the truth."""

from __future__ import annotations

import contextlib
import re

import httpx
import psutil
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.definitions import call, log, text, workflow
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer
from tests.launcher import until

STREAM = re.compile(r"/api/executions/[^/]+/stream/")


@pytest.fixture
def expected() -> re.Pattern[str]:
    """The browser itself writes of every request that did not come through."""
    return re.compile(r"net::ERR_|status of (502|503)")


@pytest.fixture
def going(page: Page, site: Site, held: SlowServer) -> ExecutionPage:
    """The page of an execution that is held in the second of four steps."""
    drawn = workflow(
        "Out of sight",
        log("first", "before"),
        call("hold", held, "/held/out-of-sight"),
        log("after", "after"),
        text("last", "at the end"),
    )
    return ExecutionPage(page, site, site.execute(site.create(drawn)))


def _expect_the_truth(shown: ExecutionPage) -> None:
    """The page shows the end, and each step once."""
    expect(shown.status("Completed")).to_be_visible()
    for name in ("First", "Hold", "After", "Last"):
        expect(shown.step(name, "Completed")).to_have_count(1)
    shown.tab("Logs")
    lines = shown.page.get_by_role("region", name="Log")
    expect(lines.get_by_text("after", exact=True).last).to_be_visible()
    shown.tab("Events")
    total = shown.record()["last_seq"]
    expect(shown.page.get_by_text(f"{total} of {total}", exact=True)).to_be_visible()


def test_what_happened_without_the_network_is_there_when_it_is_back(
    going: ExecutionPage, site: Site, held: SlowServer
) -> None:
    going.open()
    expect(going.header.get_by_text("Live")).to_be_visible()

    going.page.context.set_offline(True)
    expect(going.header.get_by_text(re.compile("Reconnecting|Polling"))).to_be_visible()
    expect(going.status("Running")).to_be_visible()
    held.release()
    site.until_status(going.execution_id, "completed")
    going.page.context.set_offline(False)

    _expect_the_truth(going)


def test_where_no_stream_comes_through_it_asks_again_and_again(
    going: ExecutionPage, held: SlowServer
) -> None:
    def refuse(route: Route) -> None:
        route.abort("connectionreset")

    going.page.route(STREAM, refuse)
    going.open()
    expect(going.header.get_by_text(re.compile("Polling|Reconnecting"))).to_be_visible()
    expect(going.step("Hold", "Running")).to_be_visible()

    held.release()

    _expect_the_truth(going)


def test_a_server_that_was_killed_is_found_again(
    going: ExecutionPage, site: Site, held: SlowServer
) -> None:
    going.open()
    expect(going.header.get_by_text("Live")).to_be_visible()
    expect(going.step("Hold", "Running")).to_be_visible()

    killed = _web_process(site)
    killed.kill()
    expect(going.header.get_by_text(re.compile("Reconnecting|Polling"))).to_be_visible()
    until(lambda: _serves(site), "there is another server")
    held.release()

    _expect_the_truth(going)


def _web_process(site: Site) -> psutil.Process:
    """Return the process that serves, or any other while none does."""
    for process in site.launcher.children():
        with contextlib.suppress(psutil.Error):
            if "config.asgi:application" in process.cmdline():
                return process
    return psutil.Process(site.launcher.process.pid)


def _serves(site: Site) -> bool:
    try:
        return site.api.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False
