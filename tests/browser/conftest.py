"""Fixtures of the browser's tests.  A page that logs an error, breaks the content security policy
or gets a 5xx fails its test, whatever the test looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.browser.chromium import launch
from tests.browser.site import Site
from tests.browser.slow_server import SlowServer

FAILURES = Path(__file__).parent / "failures"
PATIENCE_MS = int(os.environ.get("BROWSER_PATIENCE_MS", "30000"))
WIDE = {"width": 1280, "height": 800}
#: What a page may write to the console although nothing is wrong: answers that it shows in words.
EXPECTED = re.compile(r"status of (400|401|404|409|429)")


@pytest.fixture(scope="package")
def slow() -> Iterator[SlowServer]:
    """The server that workflows of these tests call."""
    server = SlowServer()
    yield server
    server.stop()


@pytest.fixture
def held(slow: SlowServer) -> Iterator[SlowServer]:
    """The same server, holding what is asked under ``/held`` and failing what is ``/flaky``."""
    slow.hold()
    slow.break_again()
    yield slow
    slow.release()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, slow: SlowServer) -> Iterator[Site]:
    """The installation that these tests share."""
    site = Site(
        tmp_path_factory.mktemp("site"),
        HTTP_TOOL_ALLOW=slow.address,
        HTTP_TOOL_SECONDS="120",
        WORKER_CONCURRENCY="4",
        LEASE_SECONDS="4",
        RESCUE_SECONDS="1",
    )
    yield site
    site.stop()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # The library runs an event loop in this thread, where Django's ORM refuses to work: it has to
    # be gone before other tests come, so nothing here is kept for the session.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, of the system."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def logged_in(browser: Browser, site: Site) -> dict[str, object]:
    """The cookies of the administrator."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("User name").fill(site.admin)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/workflows")
    state = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture
def expected() -> re.Pattern[str]:
    """What the console may say; a test that breaks something on purpose expects more."""
    return EXPECTED


@pytest.fixture
def context(
    browser: Browser,
    site: Site,
    logged_in: dict[str, object],
    expected: re.Pattern[str],
    request: pytest.FixtureRequest,
) -> Iterator[BrowserContext]:
    """A window of the administrator, with nothing stored but the session."""
    context = browser.new_context(base_url=site.url, viewport=WIDE, storage_state=logged_in)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    problems: list[str] = []
    context.on("page", lambda page: _listen(page, problems, expected))
    failed_before = request.session.testsfailed
    yield context
    if request.session.testsfailed > failed_before:
        FAILURES.mkdir(exist_ok=True)
        for number, page in enumerate(context.pages):
            page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png")
    context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of that window."""
    return context.new_page()


def _listen(page: Page, problems: list[str], expected: re.Pattern[str]) -> None:
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"{page.url}: {message.text}")
            if message.type == "error" and not expected.search(message.text)
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: (
            problems.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None
        ),
    )
