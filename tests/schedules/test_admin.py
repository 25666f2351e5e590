"""Schedules in the admin: written with a form, looked at before saving, paused, and one's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from executions_app.models import Execution, Schedule
from executions_app.operations.fire_schedules import fire_schedules
from tests.schedules.rows import MINUTE, NOON, a_schedule, a_user, a_workflow, quick
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db

LIST = "/admin/executions_app/schedule/"
INLINE = {"fires-TOTAL_FORMS": "0", "fires-INITIAL_FORMS": "0"}


def written(workflow: Workflow | None = None, **changes: str) -> dict[str, str]:
    """What the form sends."""
    fields = {
        "cron": "30 2 * * *",
        "interval_seconds": "",
        "timezone": "Europe/Berlin",
        "catch_up": "last",
        "overlap": "skip",
        "jitter_seconds": "0",
        "input": '{"n": 4}',
        "runtime_context": "",
        "initial_state": "",
        **INLINE,
        **changes,
    }
    return fields if workflow is None else {"workflow": workflow.pk, **fields}


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def staff(name: str, *codenames: str) -> Any:
    user = a_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def root() -> Any:
    return a_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def browser(root: Any) -> Client:
    return client_of(root)


def test_a_schedule_is_added_for_whoever_writes_it(browser: Client, root: Any) -> None:
    workflow = a_workflow(quick(), owner=root)

    answer = browser.post(f"{LIST}add/", written(workflow, catch_up="7", overlap="queue"))

    schedule = Schedule.objects.get()
    assert answer.status_code == 302
    assert (schedule.owner, schedule.workflow) == (root, workflow)
    assert (schedule.cron, schedule.input, schedule.catch_up) == ("30 2 * * *", {"n": 4}, 7)
    assert schedule.next_fire_at is not None


def test_a_preview_shows_the_next_five_and_saves_nothing(browser: Client, root: Any) -> None:
    workflow = a_workflow(owner=root)

    page = browser.post(f"{LIST}add/", written(workflow, _preview="1"))

    shown = page.content.decode()
    assert page.status_code == 200
    assert "Preview, not saved" in shown
    assert shown.count(":00+0") == 5
    assert "correct the error" not in shown
    assert not Schedule.objects.exists()


def test_a_change_can_be_looked_at_first_too(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(owner=root))
    change = written(cron="", interval_seconds="3600", _preview="1")

    page = browser.post(f"{LIST}{schedule.pk}/change/", change)

    schedule.refresh_from_db()
    assert "Preview, not saved" in page.content.decode()
    assert (schedule.cron, schedule.interval_seconds) == ("* * * * *", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": ""}, "cron"),
        ({"interval_seconds": "60"}, "cron"),
        ({"cron": "", "interval_seconds": "-1"}, "interval_seconds"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"catch_up": "all"}, "catch_up"),
        ({"catch_up": "99999"}, "catch_up"),
        ({"overlap": "maybe"}, "overlap"),
        ({"jitter_seconds": "9999"}, "jitter_seconds"),
        ({"input": "{"}, "input"),
        ({"runtime_context": "[1]"}, "runtime_context"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_what_cannot_be_kept_is_explained_beside_its_field(
    browser: Client, root: Any, change: dict[str, str], field: str, button: str
) -> None:
    workflow = a_workflow(owner=root)

    page = browser.post(f"{LIST}add/", written(workflow, **change, **{button: "1"}))

    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors
    assert not Schedule.objects.exists()


def test_the_page_of_one_shows_what_comes_and_what_came(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(owner=root), input_data={"n": 1})
    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)

    shown = browser.get(f"{LIST}{schedule.pk}/change/").content.decode()

    assert "Due next" in shown
    assert Execution.objects.get().pk in shown
    assert "overlap: execution" in shown
    assert "&quot;n&quot;: 1" in shown


def test_a_change_is_saved(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(owner=root), since=NOON)

    answer = browser.post(f"{LIST}{schedule.pk}/change/", written())

    schedule.refresh_from_db()
    assert answer.status_code == 302
    assert schedule.cron == "30 2 * * *"
    assert schedule.next_slot_at != NOON + MINUTE


def test_actions_pause_resume_and_fire(browser: Client, root: Any) -> None:
    workflow = a_workflow(owner=root)
    rows = [a_schedule(workflow, owner=root) for _ in "12"]
    ticked = {"_selected_action": [row.pk for row in rows]}

    browser.post(LIST, {"action": "pause_selected", **ticked})
    paused = Schedule.objects.filter(paused_by="root").count()
    browser.post(LIST, {"action": "resume_selected", **ticked})
    resumed = Schedule.objects.filter(paused_at=None).count()
    done = browser.post(LIST, {"action": "trigger_selected", **ticked}, follow=True)

    assert (paused, resumed) == (2, 2)
    assert Execution.objects.filter(trigger="schedule").count() == 2
    assert "Fired 2 schedules." in done.content.decode()


def test_one_that_fires_in_vain_says_why(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(quick(), owner=root))
    ticked = {"action": "trigger_selected", "_selected_action": [schedule.pk]}

    done = browser.post(LIST, ticked, follow=True)

    assert "Invalid input data" in done.content.decode()


def test_one_from_code_is_shown_paused_and_not_changed(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(owner=root))
    Schedule.objects.update(source="python", owner=None)
    ticked = {"_selected_action": [schedule.pk]}

    page = browser.get(f"{LIST}{schedule.pk}/change/")
    changed = browser.post(f"{LIST}{schedule.pk}/change/", written())
    browser.post(LIST, {"action": "delete_selected", **ticked, "post": "yes"})
    browser.post(LIST, {"action": "pause_selected", **ticked})

    schedule.refresh_from_db()
    assert (page.status_code, changed.status_code) == (200, 403)
    assert (schedule.cron, schedule.paused_by) == ("* * * * *", "root")


def test_deleted_it_is_gone(browser: Client, root: Any) -> None:
    schedule = a_schedule(a_workflow(owner=root))
    fire_schedules(NOON + MINUTE)

    browser.post(f"{LIST}{schedule.pk}/delete/", {"post": "yes"})

    assert not Schedule.objects.exists()


def test_staff_meet_their_own_schedules_and_their_own_workflows() -> None:
    names = ("view_schedule", "add_schedule", "change_schedule", "view_workflow")
    bob = staff("bob", *names)
    foreign = a_schedule(a_workflow(owner=a_user("ada")))
    browser = client_of(bob)

    page = browser.get(f"{LIST}{foreign.pk}/change/")
    browser.post(LIST, {"action": "pause_selected", "_selected_action": [foreign.pk]})
    added = browser.post(f"{LIST}add/", written(foreign.workflow))

    foreign.refresh_from_db()
    assert page.status_code == 302  # the admin says there is no such thing
    assert foreign.paused_at is None
    assert "workflow" in added.context["adminform"].form.errors
    assert Schedule.objects.count() == 1


@pytest.mark.parametrize("action", ["pause_selected", "trigger_selected"])
def test_looking_is_not_commanding(action: str) -> None:
    bob = staff("bob", "view_schedule")
    schedule = a_schedule(a_workflow(owner=bob))
    browser = client_of(bob)

    browser.post(LIST, {"action": action, "_selected_action": [schedule.pk]})

    schedule.refresh_from_db()
    assert schedule.paused_at is None
    assert not Execution.objects.exists()


def test_what_people_wrote_is_shown_as_text(browser: Client, root: Any) -> None:
    definition = quick(name="<script>alert(1)</script>")
    schedule = a_schedule(a_workflow(definition, owner=root), input_data="<script>alert(2)")

    pages = [browser.get(address) for address in (LIST, f"{LIST}{schedule.pk}/change/")]

    assert all("<script>alert" not in page.content.decode() for page in pages)
