"""A run that failed: the page says why, and from there it is retried, skipped, run again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.definitions import call, inputs, text, workflow
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer


@pytest.fixture
def failed(page: Page, site: Site, held: SlowServer) -> ExecutionPage:
    """The page of an execution whose second step failed."""
    drawn = workflow(
        "To be mended",
        text("order", "{{ input.what }}", "Order", what="inputs.what"),
        call("ask", held, "/flaky/mend", "Ask the shop"),
        text(
            "bill",
            "{{ input.what }} for {{ input.shop.path }}",
            "Bill",
            what="inputs.what",
            shop="steps.ask.json",
        ),
        inputs=inputs(what={"type": "string", "title": "What", "default": "a lamp"}),
        output={"text": {"from": "steps.bill.text"}},
    )
    execution_id = site.execute(site.create(drawn), what="a chair")
    site.until_status(execution_id, "failed")
    return ExecutionPage(page, site, execution_id).open()


def test_it_shows_at_once_which_step_failed_and_why(failed: ExecutionPage) -> None:
    expect(failed.status("Failed")).to_be_visible()
    expect(failed.step("Ask the shop", "Failed")).to_have_attribute("aria-current", "true")
    expect(failed.inspector.get_by_role("heading", name="Ask the shop")).to_be_visible()
    expect(failed.inspector.get_by_text("500").first).to_be_visible()
    expect(failed.page).to_have_title(re.compile("Failed"))


def test_a_retry_goes_on_where_it_failed(failed: ExecutionPage, held: SlowServer) -> None:
    held.heal()

    failed.choose("Retry", "From the failed step “Ask the shop”")

    expect(failed.status("Completed")).to_be_visible()
    expect(failed.step("Bill", "Completed")).to_be_visible()
    assert failed.record()["output"]["text"].startswith("a chair for /flaky")


def test_a_skipped_step_puts_out_what_somebody_gave(failed: ExecutionPage) -> None:
    failed.inspector.get_by_role("button", name="Skip…").click()
    dialog = failed.page.get_by_role("dialog", name="Skip “Ask the shop”")
    dialog.get_by_role("button", name="Output: edit as JSON").click()
    dialog.get_by_role("textbox", name="Output").fill(
        '{"status": 200, "headers": {}, "text": "", "json": {"path": "nobody"}}'
    )
    dialog.get_by_role("button", name="Skip with this output").click()

    expect(failed.status("Completed")).to_be_visible()
    expect(failed.step("Ask the shop", "Completed")).to_be_visible()
    assert failed.record()["output"]["text"] == "a chair for nobody"


def test_it_runs_again_with_edited_inputs_and_both_know_of_each_other(
    failed: ExecutionPage, held: SlowServer
) -> None:
    held.heal()
    page = failed.page

    failed.header.get_by_role("button", name="Run again…").click()
    dialog = page.get_by_role("dialog", name="Run To be mended again")
    expect(dialog.get_by_label("What")).to_have_value("a chair")
    dialog.get_by_label("What").fill("a table")
    dialog.get_by_role("button", name="Start").click()

    page.wait_for_url(lambda url: "/executions/" in url and failed.execution_id not in url)
    expect(failed.status("Completed")).to_be_visible()
    expect(page.get_by_text("a table for").first).to_be_visible()
    page.get_by_role("link", name=re.compile(failed.execution_id[:8])).first.click()
    expect(failed.status("Failed")).to_be_visible()
