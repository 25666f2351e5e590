"""The editor of a workflow, as a person finds their way in it: by roles and words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class EditorPage:
    """The editor of ``workflow_id`` in a tab."""

    def __init__(self, page: Page, workflow_id: str) -> None:
        self.page, self.workflow_id = page, workflow_id

    def open(self) -> EditorPage:
        """Show it, with its steps."""
        self.page.goto(f"/workflows/{self.workflow_id}")
        self.save_button.or_(self.page.get_by_text("is written in Python")).first.wait_for()
        return self

    @property
    def outline(self) -> Locator:
        """The steps as a tree."""
        return self.page.get_by_role("tree", name="Steps of the workflow")

    @property
    def inspector(self) -> Locator:
        """The fields of what is selected."""
        return self.page.get_by_label("Inspector")

    @property
    def live(self) -> Locator:
        """The panel of the execution that one watches."""
        return self.page.get_by_role("region", name="Run", exact=True)

    @property
    def save_button(self) -> Locator:
        """The button that saves."""
        return self.page.get_by_role("button", name=re.compile("^Save"))

    @property
    def run_button(self) -> Locator:
        """The button that runs it."""
        return self.page.get_by_role("main").get_by_role("button", name="Run", exact=True)

    def says(self, word: str) -> Locator:
        """Return what says how the document stands, if it says this."""
        return self.page.get_by_role("status").filter(has_text=re.compile(f"^{word}"))

    def step(self, name: str) -> Locator:
        """Return the line of a step in the outline."""
        return self.outline.get_by_role("treeitem").filter(has_text=name)

    def node(self, name: str) -> Locator:
        """Return a step on the canvas."""
        canvas = self.page.get_by_test_id("rf__wrapper")
        return canvas.get_by_role("group").filter(has_text=name)

    def show(self, tab: str) -> None:
        """Show the outline, what can be added, or the problems."""
        parts = self.page.get_by_role("tablist", name="Parts of the workflow")
        parts.get_by_role("tab", name=tab).click()

    def add_from_palette(self, title: str) -> None:
        """Search the palette beside the canvas for a step, and add it."""
        self.show("Add")
        panel = self.page.get_by_role("tabpanel", name="Add")
        panel.get_by_role("combobox").fill(title)
        panel.get_by_role("option", name=re.compile(f"^{re.escape(title)}")).first.click()
        self.show("Outline")

    def add_by_keyboard(self, title: str) -> None:
        """Add a step after the selected one, without a pointer."""
        self.page.keyboard.press("/")
        palette = self.page.get_by_role("dialog", name="Add a step")
        palette.wait_for()
        self.page.keyboard.type(title)
        # Tools come from the server; until they are there nothing, or something else, is first.
        expect(palette.get_by_role("option", selected=True)).to_contain_text(title)
        self.page.keyboard.press("Enter")

    def save(self) -> None:
        """Save, and wait until it is."""
        self.save_button.click()
        self.says("Saved").wait_for()

    def focus_canvas(self) -> None:
        """Take the focus out of any field."""
        self.page.evaluate("document.activeElement?.blur()")
