"""The history: filters live in the address, rows are live, many are commanded at once."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.definitions import call, text, workflow
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer


def test_filters_are_in_the_address_and_survive_a_reload(
    page: Page, site: Site, held: SlowServer
) -> None:
    good = site.create(workflow("Kept", text("only", "fine")))
    bad = site.create(workflow("Broken", call("only", held, "/status/500")))
    done, failed = site.execute(good), site.execute(bad)
    site.until_status(done, "completed")
    site.until_status(failed, "failed")
    page.goto("/executions")
    table = page.get_by_role("table", name="Executions")
    expect(table.get_by_text(done)).to_be_visible()

    page.get_by_role("button", name=re.compile("^Status")).click()
    page.get_by_role("menuitemcheckbox", name="Failed").click()
    page.keyboard.press("Escape")

    expect(page).to_have_url(re.compile("status=failed"))
    expect(table.get_by_text(done)).to_have_count(0)
    page.reload()
    expect(table.get_by_text(failed)).to_be_visible()
    expect(table.get_by_text(done)).to_have_count(0)


def test_a_row_changes_where_it_stands(page: Page, site: Site, held: SlowServer) -> None:
    drawn = workflow("Seen from afar", call("hold", held, "/held/row"), text("last", "end"))
    workflow_id = site.create(drawn)
    execution_id = site.execute(workflow_id)
    page.goto(f"/executions?workflow={workflow_id}")
    row = page.get_by_role("row", name=execution_id)
    expect(row.get_by_text("Running")).to_be_visible()

    held.release()

    expect(row.get_by_text("Completed")).to_be_visible()


def test_from_a_row_to_what_went_in_and_came_out(page: Page, site: Site) -> None:
    drawn = workflow(
        "Looked into",
        text("greet", "Hello {{ input.who }}", "Greet", who="inputs.who"),
        inputs={"type": "object", "properties": {"who": {"type": "string"}}},
        output={"text": {"from": "steps.greet.text"}},
    )
    workflow_id = site.create(drawn)
    execution_id = site.execute(workflow_id, who="Noor")
    site.until_status(execution_id, "completed")
    page.goto(f"/executions?workflow={workflow_id}")

    page.get_by_role("row", name=execution_id).get_by_role("link", name="Looked into").click()

    shown = ExecutionPage(page, site, execution_id)
    expect(shown.inspector.get_by_text("Hello Noor").first).to_be_visible()
    shown.step("Greet", "Completed").click()
    shown.inspector.get_by_role("tab", name="Input").click()
    expect(shown.inspector.get_by_text("Noor").first).to_be_visible()


def test_many_are_cancelled_after_it_was_said_how_many(
    page: Page, site: Site, held: SlowServer
) -> None:
    workflow_id = site.create(workflow("Too many", call("hold", held, "/held/bulk")))
    going = [site.execute(workflow_id) for _ in range(3)]
    page.goto(f"/executions?workflow={workflow_id}")
    expect(page.get_by_role("row", name=going[-1])).to_be_visible()

    page.get_by_role("checkbox", name="Select all on this page").click()
    page.get_by_role("region", name="Chosen executions").get_by_role(
        "button", name="Cancel…"
    ).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel 3")).to_be_visible()
    assert all(site.execution(one)["stopping"] == "" for one in going)
    dialog.get_by_role("button", name="Cancel 3").click()

    expect(dialog.get_by_text(re.compile("^Done: "))).to_be_visible()
    held.release()
    for one in going:
        site.until_status(one, "cancelled")
