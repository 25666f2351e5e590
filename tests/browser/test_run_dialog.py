"""Running a workflow from the list: what the form asks, refuses and remembers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.definitions import inputs, text, workflow
from tests.browser.site import Site

PLACES = {
    "type": "integer",
    "title": "Places",
    "minimum": 1,
    "maximum": 9,
    "default": 2,
}


def _dinner(name: str) -> dict[str, object]:
    words = text(
        "ticket",
        "{{ input.guest }} at {{ input.places }}",
        "Write the ticket",
        guest="inputs.guest",
        places="inputs.places",
    )
    return workflow(
        name,
        words,
        inputs=inputs(guest={"type": "string", "title": "Guest", "minLength": 2}, places=PLACES),
        output={"text": {"from": "steps.ticket.text"}},
    )


def _ask_to_run(page: Page, name: str) -> None:
    page.goto(f"/workflows?q={name}")
    page.get_by_role("row", name=name).get_by_role("button", name="Run").click()


def test_the_form_begins_with_defaults_and_refuses_what_does_not_fit(
    page: Page, site: Site
) -> None:
    site.create(_dinner("Dinner one"))
    _ask_to_run(page, "Dinner one")
    dialog = page.get_by_role("dialog", name="Run Dinner one")
    expect(dialog.get_by_label("Places")).to_have_value("2")

    dialog.get_by_label("Guest").fill("A")
    dialog.get_by_label("Places").fill("12")
    dialog.get_by_role("button", name="Start").click()

    expect(dialog.get_by_label("Guest")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Places")).to_have_attribute("aria-invalid", "true")
    assert site.api.get("/api/executions/", params={"q": "Dinner one"}).json()["results"] == []


def test_what_was_entered_comes_out(page: Page, site: Site) -> None:
    site.create(_dinner("Dinner two"))
    _ask_to_run(page, "Dinner two")
    dialog = page.get_by_role("dialog", name="Run Dinner two")

    dialog.get_by_label("Guest").fill("Ada")
    dialog.get_by_role("button", name="Start").click()

    page.wait_for_url("**/executions/*")
    expect(
        page.get_by_role("banner").or_(page.locator("main")).get_by_text("Completed").first
    ).to_be_visible()
    expect(page.get_by_text("Ada at 2").first).to_be_visible()


def test_a_double_click_on_start_runs_it_once(page: Page, site: Site) -> None:
    site.create(_dinner("Dinner three"))
    _ask_to_run(page, "Dinner three")
    dialog = page.get_by_role("dialog", name="Run Dinner three")
    dialog.get_by_label("Guest").fill("Ada")

    dialog.get_by_role("button", name="Start").dblclick()

    page.wait_for_url("**/executions/*")
    found = site.api.get("/api/executions/", params={"q": "Dinner three"}).json()["results"]
    assert len(found) == 1


def test_the_last_inputs_fill_the_form(page: Page, site: Site) -> None:
    workflow_id = site.create(_dinner("Dinner four"))
    site.until_status(site.execute(workflow_id, guest="Grace", places=7), "completed")
    _ask_to_run(page, "Dinner four")
    dialog = page.get_by_role("dialog", name="Run Dinner four")

    dialog.get_by_role("button", name="Use last run’s inputs").click()

    expect(dialog.get_by_label("Guest")).to_have_value("Grace")
    expect(dialog.get_by_label("Places")).to_have_value("7")


def test_without_inputs_no_dialog_asks(page: Page, site: Site) -> None:
    site.create(workflow("Dinner five", text("bill", "12 crowns", "Write the bill")))

    _ask_to_run(page, "Dinner five")

    page.wait_for_url("**/executions/*")
    expect(page.get_by_text("1 of 1 step done")).to_be_visible()
