"""Drawing a workflow: from nothing to something that runs, and what keeps one from running it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.definitions import text, workflow
from tests.browser.editor_page import EditorPage
from tests.browser.site import Site


def test_from_nothing_to_something_that_runs(page: Page, site: Site) -> None:
    page.goto("/workflows")
    page.get_by_role("button", name="New workflow").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Drawn from nothing")
    page.get_by_role("button", name="Create and draw").click()
    page.wait_for_url(re.compile("/workflows/[0-9a-f-]{36}"))
    editor = EditorPage(page, page.url.rsplit("/", 1)[-1])

    editor.page.get_by_role("button", name="Add the first step").click()
    palette = page.get_by_role("dialog", name="Add a step")
    palette.get_by_role("combobox").fill("Fill in a text")
    # Tools come from the server; until they are there nothing, or something else, would be first.
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Fill in a text")
    page.keyboard.press("Enter")
    expect(editor.outline.get_by_role("treeitem")).to_have_count(1)
    editor.focus_canvas()
    editor.add_by_keyboard("Write a log line")
    expect(editor.outline.get_by_role("treeitem")).to_have_count(2)
    expect(editor.says("Unsaved changes")).to_be_visible()
    editor.save()

    saved = site.api.get(f"/api/workflows/{editor.workflow_id}/").json()["definition"]
    assert [node["tool"] for node in saved["nodes"]] == ["template", "log"]
    assert len(saved["edges"]) == 1


def test_an_error_is_named_where_it_is_and_keeps_it_from_running(page: Page, site: Site) -> None:
    drawn = workflow("With an error", text("one", "1"), text("two", "2"))
    editor = EditorPage(page, site.create(drawn)).open()
    expect(editor.run_button).not_to_have_attribute("aria-disabled", "true")

    editor.add_from_palette("HTTP request")
    expect(page.get_by_role("button", name=re.compile(r"^\d+ errors?$"))).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^\d+ errors?$")).click()
    problems = page.get_by_role("tabpanel", name=re.compile("Problems"))
    expect(problems.get_by_role("button", name=re.compile("HTTP request")).first).to_be_visible()
    expect(editor.node("HTTP request").get_by_text(re.compile("problem")).first).to_be_attached()
    expect(editor.run_button).to_have_attribute("aria-disabled", "true")
    editor.run_button.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("to run")

    editor.show("Outline")
    editor.step("HTTP request").click()
    page.keyboard.press("Delete")
    editor.save()

    expect(editor.run_button).not_to_have_attribute("aria-disabled", "true")


def test_every_change_can_be_undone_and_done_again(page: Page, site: Site) -> None:
    drawn = workflow("Undone", text("one", "1"), text("two", "2"), text("three", "3"))
    editor = EditorPage(page, site.create(drawn)).open()

    editor.step("Two").click()
    page.keyboard.press("Delete")
    expect(editor.step("Two")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(editor.step("Two")).to_have_count(1)
    expect(editor.says("Saved")).to_be_visible()
    page.keyboard.press("Control+y")

    expect(editor.step("Two")).to_have_count(0)
    expect(editor.says("Unsaved changes")).to_be_visible()


def test_steps_are_copied_from_one_workflow_into_another(page: Page, site: Site) -> None:
    source = EditorPage(page, site.create(workflow("Source", text("one", "1"), text("two", "2"))))
    target_id = site.create(workflow("Target", text("one", "uno")))
    source.open()
    source.step("One").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    expect(page.get_by_text("2 steps copied.", exact=True)).to_be_visible()

    target = EditorPage(page, target_id).open()
    target.step("One").click()
    page.keyboard.press("Control+v")
    expect(target.outline.get_by_role("treeitem")).to_have_count(3)
    target.save()

    saved = site.api.get(f"/api/workflows/{target_id}/").json()["definition"]
    ids = [node["id"] for node in saved["nodes"]]
    assert len(set(ids)) == 3
    assert len(saved["edges"]) == 1


def test_a_step_is_found_by_part_of_its_name(page: Page, site: Site) -> None:
    steps = [text(f"step_{number}", str(number), f"Number {number}") for number in range(12)]
    editor = EditorPage(page, site.create(workflow("To be searched", *steps))).open()

    page.keyboard.press("Control+f")
    found = page.get_by_role("dialog", name="Find a step")
    found.get_by_role("combobox").fill("Number 11")
    expect(found.get_by_role("option", selected=True)).to_contain_text("Number 11")
    page.keyboard.press("Enter")

    expect(editor.step("Number 11")).to_have_attribute("aria-selected", "true")
    expect(editor.inspector.get_by_label("Name", exact=True)).to_have_value("Number 11")


def test_steps_are_connected_and_parted_without_a_pointer(page: Page, site: Site) -> None:
    drawn = workflow("Connected", text("one", "1"), text("two", "2"), text("three", "3"))
    workflow_id = site.create(drawn | {"edges": [["one", "two"]]})
    editor = EditorPage(page, workflow_id).open()

    editor.step("Two").get_by_role("button", name="What to do with Two").press("Enter")
    page.get_by_role("menuitem", name="Connect to Three").press("Enter")
    editor.step("One").get_by_role("button", name="What to do with One").press("Enter")
    page.get_by_role("menuitem", name="Disconnect from Two").press("Enter")
    editor.save()

    saved = site.api.get(f"/api/workflows/{workflow_id}/").json()["definition"]
    assert saved["edges"] == [["two", "three"]]
