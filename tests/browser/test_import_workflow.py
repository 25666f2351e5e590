"""A document from elsewhere: what is in it is shown first, then it is made and can be opened."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.editor_page import EditorPage
from tests.browser.site import Site

AGIPO = Path(__file__).parents[1] / "fixtures" / "agipo"


def test_an_agipo_workflow_is_looked_at_and_made(page: Page, site: Site) -> None:
    page.goto("/workflows?new=file")
    dialog = page.get_by_role("dialog", name="New workflow")

    dialog.get_by_label("Drop a JSON file here").set_input_files(
        AGIPO / "send-site-content-to-email.workflow.json"
    )
    expect(
        dialog.get_by_role("region", name="Its steps").get_by_role("listitem").first
    ).to_be_visible()
    dialog.get_by_label("Name").fill("From elsewhere")
    dialog.get_by_role("button", name="Create").click()

    page.wait_for_url(lambda url: "/workflows/" in url)
    made = site.api.get("/api/workflows/", params={"q": "From elsewhere"}).json()["results"]
    assert [row["name"] for row in made] == ["From elsewhere"]
    editor = EditorPage(page, made[0]["id"])
    names = [node["name"] for node in _nodes(site, editor.workflow_id)]
    places = [editor.node(name).first.bounding_box() for name in names]
    assert len({(place["x"], place["y"]) for place in places if place}) == len(names)


def _nodes(site: Site, workflow_id: str) -> list[dict[str, str]]:
    record = site.api.get(f"/api/workflows/{workflow_id}/").json()
    return list(record["definition"]["nodes"])


def test_what_is_no_workflow_is_refused_in_words(page: Page) -> None:
    page.goto("/workflows?new=json")
    dialog = page.get_by_role("dialog", name="New workflow")

    dialog.get_by_label("JSON of a workflow").fill('{"hello": "world"')
    dialog.get_by_role("button", name="Look at it").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("JSON of a workflow").fill(json.dumps({"hello": "world"}))
    dialog.get_by_role("button", name="Look at it").click()

    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_role("button", name="Create")).to_have_count(0)


def test_a_sample_is_looked_at_before_it_is_taken(page: Page) -> None:
    page.goto("/workflows?new=sample")
    dialog = page.get_by_role("dialog", name="New workflow")

    dialog.get_by_role("button", name="Welcome message").click()
    expect(dialog.get_by_text("Write the letter")).to_be_visible()
    dialog.get_by_role("button", name="Use this sample").click()

    page.wait_for_url(lambda url: "/workflows/" in url)
