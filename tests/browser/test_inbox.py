"""What waits for people: the badge, the form, the answer; and an answer that came too late."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site


@pytest.fixture
def purchase(site: Site) -> Iterator[str]:
    """The id of an execution of the sample that asks whether to buy something."""
    sample = site.api.get("/api/samples/approve-a-purchase/").json()["definition"]
    execution_id = site.execute(site.create(sample), what="a boat", price=900)
    site.until_status(execution_id, "waiting", "suspended")
    yield execution_id
    # What nobody answers would stay in the inbox of the next test.
    site.api.post(f"/api/executions/{execution_id}/cancel/", json={})
    site.until_status(execution_id, "completed", "cancelled")


def _answer(page: Page) -> None:
    form = page.get_by_role("form", name="Your answer")
    form.get_by_label("Buy it").select_option("Yes")
    form.get_by_label("At most").fill("1000")
    form.get_by_role("button", name="Send the answer").click()


def _open(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("list", name="Waiting").get_by_role(
        "button", name="Buy a boat for 900"
    ).click()


def test_the_answer_lets_the_workflow_go_on(page: Page, site: Site, purchase: str) -> None:
    page.goto("/workflows")
    badge = page.get_by_role("link", name=re.compile("Inbox.*waiting for you"))
    expect(badge).to_be_visible()
    _open(page)

    _answer(page)

    expect(page.get_by_text("Sent; the workflow goes on", exact=True)).to_be_visible()
    done = site.until_status(purchase, "completed")
    assert done["output"] == {"text": "a boat: ordered"}
    expect(badge).to_have_count(0)


def test_a_required_field_is_asked_for(page: Page, site: Site, purchase: str) -> None:
    _open(page)
    form = page.get_by_role("form", name="Your answer")
    form.get_by_label("At most").fill("-1")

    form.get_by_role("button", name="Send the answer").click()

    expect(form.get_by_label("At most")).to_have_attribute("aria-invalid", "true")
    assert site.execution(purchase)["status"] in ("waiting", "suspended")


def test_who_answers_second_is_told_kindly_and_loses_nothing(
    page: Page, context: BrowserContext, site: Site, purchase: str
) -> None:
    other = context.new_page()
    _open(page)
    form = page.get_by_role("form", name="Your answer")
    form.get_by_label("Comment").last.fill("I thought about it")
    _open(other)
    _answer(other)
    site.until_status(purchase, "completed")

    expect(
        page.get_by_text(re.compile("has answered this meanwhile|answered meanwhile"))
    ).to_be_visible()
    expect(form.get_by_label("Comment").last).to_have_value("I thought about it")


def test_a_step_that_asks_is_answered_where_one_watches_it(page: Page, site: Site) -> None:
    sample = site.api.get("/api/samples/ask-for-a-name/").json()["definition"]
    execution_id = site.execute(site.create(sample))
    site.until_status(execution_id, "waiting", "suspended")
    shown = ExecutionPage(page, site, execution_id).open()

    form = shown.inspector.get_by_role("form").first
    form.get_by_role("textbox").first.fill("Ines")
    form.get_by_role("button").last.click()

    expect(shown.status("Completed")).to_be_visible()
    expect(page.get_by_text("Nice to meet you, Ines.").first).to_be_visible()
