"""Logging in: who may not is told why, and nobody loses what they were at when a session ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site


@pytest.fixture
def stranger(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab of somebody who is not logged in."""
    context = browser.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def _log_in(page: Page, site: Site, password: str) -> None:
    page.get_by_label("User name").fill(site.admin)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_wrong_password_is_said_and_the_right_one_leads_where_one_wanted(
    stranger: Page, site: Site
) -> None:
    stranger.goto("/executions?status=failed")
    stranger.wait_for_url("**/login?next=*")

    _log_in(stranger, site, "wrong")
    expect(stranger.get_by_role("alert")).to_contain_text("do not belong together")
    _log_in(stranger, site, site.password)

    stranger.wait_for_url("**/executions?status=failed")
    expect(stranger.get_by_role("heading", name="Executions")).to_be_visible()


def test_the_way_back_never_leads_to_another_site(stranger: Page, site: Site) -> None:
    stranger.goto("/login?next=//example.com/steal")

    _log_in(stranger, site, site.password)

    stranger.wait_for_url(f"{site.url}/workflows")


def test_when_the_session_ends_what_was_entered_stays(stranger: Page, site: Site) -> None:
    stranger.goto("/login")
    _log_in(stranger, site, site.password)
    stranger.get_by_role("button", name="New workflow").click()
    stranger.get_by_role("dialog").get_by_label("Name").fill("Half a thought")
    stranger.context.clear_cookies()

    stranger.get_by_role("button", name="Create and draw").click()
    again = stranger.get_by_role("dialog", name="Your session has ended")
    again.get_by_label("Password").fill(site.password)
    again.get_by_role("button", name="Log in").click()

    expect(again).to_have_count(0)
    expect(stranger.get_by_role("dialog").get_by_label("Name")).to_have_value("Half a thought")
    stranger.get_by_role("button", name="Create and draw").click()
    stranger.wait_for_url("**/workflows/*")
