"""Work is never lost: two tabs, a reload, a link away, an edit while a save is under way."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.definitions import text, workflow
from tests.browser.editor_page import EditorPage
from tests.browser.site import Site


@pytest.fixture
def editor(page: Page, site: Site) -> EditorPage:
    """The editor of a workflow of one step."""
    return EditorPage(page, site.create(workflow("Kept safe", text("one", "1")))).open()


def _rename(editor: EditorPage, name: str) -> None:
    editor.page.get_by_label("Name of the workflow").fill(name)


def _collide(editor: EditorPage, context: BrowserContext) -> None:
    """Save in another tab, then here."""
    other = EditorPage(context.new_page(), editor.workflow_id).open()
    _rename(other, "Theirs")
    other.save()
    _rename(editor, "Mine")
    editor.save_button.click()
    expect(_conflict(editor.page)).to_be_visible()


def _conflict(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("dialog", name="Somebody else saved this workflow meanwhile")


def _names(site: Site, q: str) -> list[str]:
    found = site.api.get("/api/workflows/", params={"q": q}).json()["results"]
    return [row["name"] for row in found]


def test_a_second_save_asks_and_mine_can_be_kept(
    editor: EditorPage, context: BrowserContext, site: Site
) -> None:
    _collide(editor, context)

    _conflict(editor.page).get_by_role("button", name="Keep mine").click()

    expect(editor.says("Saved")).to_be_visible()
    record = site.api.get(f"/api/workflows/{editor.workflow_id}/").json()
    assert record["name"] == "Mine"
    versions = site.api.get(f"/api/workflows/{editor.workflow_id}/versions/").json()["results"]
    assert len(versions) == 3


def test_theirs_can_be_taken_and_mine_had_back(editor: EditorPage, context: BrowserContext) -> None:
    _collide(editor, context)

    _conflict(editor.page).get_by_role("button", name="Take theirs").click()

    name = editor.page.get_by_label("Name of the workflow")
    expect(name).to_have_value("Theirs")
    editor.focus_canvas()
    editor.page.keyboard.press("Control+z")
    expect(name).to_have_value("Mine")


def test_mine_can_be_saved_as_a_copy(
    editor: EditorPage, context: BrowserContext, site: Site
) -> None:
    _collide(editor, context)

    _conflict(editor.page).get_by_role("button", name="Save mine as a copy").click()

    expect(editor.page.get_by_label("Name of the workflow")).to_have_value("Mine (my version)")
    assert _names(site, "Mine (my version)") == ["Mine (my version)"]
    assert site.api.get(f"/api/workflows/{editor.workflow_id}/").json()["name"] == "Theirs"


def test_what_was_not_saved_is_offered_after_a_reload(editor: EditorPage) -> None:
    _rename(editor, "Not saved yet")
    expect(editor.says("Unsaved changes")).to_be_visible()
    editor.page.on("dialog", lambda dialog: dialog.accept())

    editor.page.reload()
    editor.page.get_by_role("button", name="Restore them").click()

    expect(editor.page.get_by_label("Name of the workflow")).to_have_value("Not saved yet")
    editor.save()


def test_a_link_away_from_unsaved_work_asks_first(editor: EditorPage) -> None:
    _rename(editor, "Almost left")

    editor.page.get_by_role("link", name="Executions").click()
    dialog = editor.page.get_by_role("dialog", name="Leave with unsaved changes?")
    dialog.get_by_role("button", name="Stay here").click()
    expect(editor.page.get_by_label("Name of the workflow")).to_have_value("Almost left")
    editor.page.get_by_role("link", name="Executions").click()
    dialog.get_by_role("button", name="Save and leave").click()

    editor.page.wait_for_url("**/executions")


def test_what_is_typed_while_a_save_is_under_way_stays_unsaved(
    editor: EditorPage, site: Site
) -> None:
    waiting: list[Route] = []
    editor.page.route(
        f"**/api/workflows/{editor.workflow_id}/",
        lambda route: waiting.append(route) if route.request.method == "PUT" else route.continue_(),
    )
    _rename(editor, "First")
    with editor.page.expect_request(lambda request: request.method == "PUT"):
        editor.save_button.click()

    _rename(editor, "Second")
    waiting[0].continue_()

    expect(editor.says("Unsaved changes")).to_be_visible()
    expect(editor.page.get_by_label("Name of the workflow")).to_have_value("Second")
    editor.page.unroute_all()
    editor.save()
    assert site.api.get(f"/api/workflows/{editor.workflow_id}/").json()["name"] == "Second"
