"""What people and steps write is shown as text, never read as HTML; and no script runs but ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.definitions import inputs, log, text, workflow
from tests.browser.editor_page import EditorPage
from tests.browser.execution_page import ExecutionPage
from tests.browser.site import Site

EVIL = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(2)</script>"


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A tab in which nothing may pop up."""
    popped: list[str] = []

    def note(dialog: Dialog) -> None:
        popped.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield page
    assert popped == []
    assert page.locator("img[src=x]").count() == 0


@pytest.fixture
def evil(site: Site) -> str:
    """The id of a workflow that is malice all over."""
    drawn = workflow(
        EVIL,
        text("say", SCRIPT, EVIL),
        log("note", f"{EVIL} in the log"),
        text("fail", "{{ input.found }}", "Fail", found="{'a': 'b'}[inputs.what]"),
        description=SCRIPT,
        inputs=inputs(
            what={"type": "string", "title": EVIL, "description": SCRIPT, "default": SCRIPT}
        ),
    )
    return site.create(drawn)


def test_in_lists_forms_and_results(quiet: Page, site: Site, evil: str) -> None:
    quiet.goto("/workflows?q=onerror")
    expect(quiet.get_by_role("link", name=EVIL)).to_be_visible()
    quiet.get_by_role("row", name=EVIL).first.get_by_role("button", name="Run").click()
    expect(quiet.get_by_role("dialog").get_by_label(EVIL)).to_have_value(SCRIPT)
    quiet.get_by_role("dialog").get_by_role("button", name="Start").click()
    quiet.wait_for_url("**/executions/*")

    shown = ExecutionPage(quiet, site, quiet.url.rsplit("/", 1)[-1].split("?")[0])
    expect(shown.status("Failed")).to_be_visible()
    expect(shown.inspector.get_by_text("alert(2)").first).to_be_visible()
    shown.step(EVIL, "Completed").click()
    shown.inspector.get_by_role("tab", name="Output").click()
    expect(shown.inspector.get_by_text("alert(2)").first).to_be_visible()
    shown.tab("Logs")
    expect(quiet.get_by_role("region", name="Log").get_by_text("in the log")).to_be_visible()
    quiet.goto("/executions?q=onerror")
    expect(quiet.get_by_role("link", name=EVIL).first).to_be_visible()


def test_in_the_editor(quiet: Page, evil: str) -> None:
    editor = EditorPage(quiet, evil).open()

    expect(editor.node(EVIL)).to_be_visible()
    editor.step(EVIL).click()

    expect(editor.inspector.get_by_label("Name", exact=True)).to_have_value(EVIL)


def test_no_page_may_run_a_script_that_is_not_a_file_of_ours(page: Page) -> None:
    answer = page.goto("/workflows")

    assert answer is not None
    policy = dict(
        part.strip().split(" ", 1)
        for part in answer.headers["content-security-policy"].split(";")
        if " " in part.strip()
    )
    scripts = policy.get("script-src", policy["default-src"])
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts
    assert policy["default-src"] in ("'self'", "'none'")
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
