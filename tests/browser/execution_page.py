"""The page of an execution, as a person finds their way on it: by roles and words."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.site import Site


class ExecutionPage:
    """The page of ``execution_id`` in a tab."""

    def __init__(self, page: Page, site: Site, execution_id: str) -> None:
        self.page, self.execution_id, self._site = page, execution_id, site

    def open(self) -> ExecutionPage:
        """Show it."""
        self.page.goto(f"/executions/{self.execution_id}")
        return self

    @property
    def header(self) -> Locator:
        """What says how it stands, and has the buttons."""
        return self.page.get_by_role("main").locator("header").first

    @property
    def inspector(self) -> Locator:
        """What is beside the tabs: the whole run, or the step that is chosen."""
        return self.page.get_by_role("complementary", name="Inspector")

    def status(self, word: str) -> Locator:
        """Return the word for how it stands, if it is this one."""
        return self.header.get_by_text(word, exact=True)

    def step(self, name: str, word: str = "") -> Locator:
        """Return the row of a run in the timeline, if it stands as ``word`` says."""
        timeline = self.page.get_by_role("region", name="Timeline")
        return timeline.get_by_role("button", name=re.compile(f"^{re.escape(name)}, {word}"))

    def tab(self, name: str) -> None:
        """Choose a tab."""
        self.page.get_by_role("tablist", name="Run").get_by_role("tab", name=name).click()

    def choose(self, menu: str, item: str) -> None:
        """Choose an item of a menu of the header."""
        self.header.get_by_role("button", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()

    def record(self) -> dict[str, Any]:
        """Return what the server has of it."""
        return self._site.execution(self.execution_id)
