"""``/api/schedules/``: what people can do with their schedules, and with nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app import database
from executions_app.api import preview_schedule, schedule_examples, schedule_shapes
from executions_app.models import Execution, Schedule
from executions_app.operations.fire_schedules import fire_schedules
from tests.schedules.rows import MINUTE, NOON, a_schedule, a_user, a_workflow, quick
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db

LIST = "/api/schedules/"


def client_of(user: Any) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def url(schedule: Schedule, verb: str = "") -> str:
    return f"{LIST}{schedule.pk}/{verb}"


def from_code(schedule: Schedule) -> Schedule:
    """Let ``schedule`` be one that code defines."""
    Workflow.objects.update(owner=None, source="python")
    Schedule.objects.filter(pk=schedule.pk).update(owner=None, source="python")
    schedule.refresh_from_db()
    return schedule


def send(client: APIClient, method: str, address: str, body: Any = None) -> Any:
    return getattr(client, method)(address, body, format="json")


@pytest.fixture
def ada() -> Any:
    return a_user("ada")


@pytest.fixture
def api(ada: Any) -> APIClient:
    return client_of(ada)


def test_a_schedule_is_created_for_the_caller(api: APIClient, ada: Any) -> None:
    workflow = a_workflow(quick(), owner=ada)
    body = {
        "workflow": workflow.pk,
        "cron": "0 9 * * MON-FRI",
        "timezone": "Europe/Berlin",
        "input": {"n": 4},
        "runtime_context": {"mood": "calm"},
        "catch_up": 3,
        "overlap": "queue",
        "jitter": 60,
        "ends_at": "2100-01-01T00:00:00Z",
    }

    answer = send(api, "post", LIST, body)

    said = answer.json()
    assert answer.status_code == 201
    assert {key: said[key] for key in body} == body
    assert answer["Location"] == f"/api/schedules/{said['id']}/"
    assert (said["owner"], said["source"], said["paused"]) == ("ada", "user", False)
    assert len(said["next_fires"]) == 5
    assert all("T09:00:00+0" in fire["local"] for fire in said["next_fires"])
    assert Schedule.objects.get().owner == ada


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request.invalid"),
        ({"workflow": "w"}, "schedule.invalid"),
        ({"workflow": "w", "cron": "61 * * * *"}, "schedule.invalid"),
        ({"workflow": "w", "cron": "0 9 * * *", "interval": 5}, "schedule.invalid"),
        ({"workflow": "w", "interval": 0}, "schedule.invalid"),
        ({"workflow": "w", "interval": "soon"}, "request.invalid"),
        ({"workflow": "w", "interval": 60, "timezone": "Mars/Olympus"}, "schedule.invalid"),
        ({"workflow": "w", "interval": 60, "overlap": "maybe"}, "schedule.invalid"),
        ({"workflow": "w", "interval": 60, "catch_up": "all"}, "schedule.invalid"),
        ({"workflow": "w", "interval": 60, "catch_up": {"a": 1}}, "schedule.invalid"),
        ({"workflow": "w", "interval": 60, "catch_up": None}, "request.invalid"),
        ({"workflow": "w", "interval": 60, "jitter": -1}, "schedule.invalid"),
        ({"workflow": "w", "interval": 60, "runtime_context": []}, "request.invalid"),
        ({"workflow": "w", "interval": 60, "starts_at": "soon"}, "request.invalid"),
        ({"workflow": "w", "interval": 60, "starts_at": "9999-12-31T23:59:59-12:00"}, None),
        ({"workflow": "w", "interval": 60, "owner": "root", "pausd": 1}, "request.invalid"),
    ],
    ids=repr,
)
def test_a_bad_body_creates_nothing(
    api: APIClient, ada: Any, body: dict[str, Any], code: str | None
) -> None:
    workflow = a_workflow(owner=ada)
    body = {**body, "workflow": workflow.pk} if body else body

    answer = send(api, "post", LIST, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == code or code is None
    assert not Schedule.objects.exists()


def test_a_schedule_for_a_workflow_of_somebody_else_is_refused(api: APIClient) -> None:
    foreign = a_workflow(owner=a_user("bob"))

    answer = send(api, "post", LIST, {"workflow": foreign.pk, "interval": 60})

    assert (answer.status_code, answer.json()["code"]) == (404, "workflow.not_found")
    assert not Schedule.objects.exists()


def test_a_change_leaves_the_rest_as_it_is(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(owner=ada), input_data={"n": 1}, catch_up=7, jitter=5)

    answer = send(api, "patch", url(schedule), {"interval": 3600})

    said = answer.json()
    assert answer.status_code == 200
    assert (said["cron"], said["interval"]) == (None, 3600)
    assert (said["input"], said["catch_up"], said["jitter"]) == ({"n": 1}, 7, 5)


def test_an_answer_may_be_sent_back(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(owner=ada), interval=60)
    said = send(api, "get", url(schedule)).json()

    answer = send(api, "patch", url(schedule), said)

    assert answer.status_code == 200
    assert answer.json() == said


def test_a_schedule_keeps_its_workflow(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(owner=ada))
    other = a_workflow(owner=ada)

    answer = send(api, "patch", url(schedule), {"workflow": other.pk})

    assert (answer.status_code, answer.json()["code"]) == (400, "schedule.invalid")


def test_it_is_paused_resumed_triggered_and_deleted(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(owner=ada))

    paused = send(api, "post", url(schedule, "pause/"))
    resumed = send(api, "post", url(schedule, "resume/"))
    triggered = send(api, "post", url(schedule, "trigger/"))
    fires = send(api, "get", url(schedule, "fires/"))
    deleted = send(api, "delete", url(schedule))

    assert (paused.json()["paused"], paused.json()["paused_by"]) == (True, "ada")
    assert paused.json()["next_fires"] == []
    assert (resumed.json()["paused"], len(resumed.json()["next_fires"])) == (False, 5)
    assert triggered.status_code == 202
    assert triggered.json()["execution_id"] == Execution.objects.get().pk
    assert [fire["execution"] for fire in fires.json()["results"]] == [Execution.objects.get().pk]
    assert deleted.status_code == 204
    assert send(api, "get", url(schedule)).json()["code"] == "schedule.not_found"


def test_a_trigger_in_vain_says_why(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(quick(), owner=ada))

    answer = send(api, "post", url(schedule, "trigger/"))

    assert (answer.status_code, answer.json()["code"]) == (400, "input.invalid")
    assert not Execution.objects.exists()


@pytest.mark.parametrize(
    ("method", "verb"),
    [
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        ("post", "pause/"),
        ("post", "resume/"),
        ("post", "trigger/"),
        ("get", "fires/"),
    ],
)
def test_a_foreign_schedule_answers_as_if_it_were_not_there(method: str, verb: str) -> None:
    schedule = a_schedule(a_workflow(owner=a_user("ada")))
    for caller in (a_user("bob"), a_user("eve", is_staff=True)):
        client = client_of(caller)

        answer = send(client, method, url(schedule, verb), {})

        missing = send(client, method, f"{LIST}nothing/{verb}", {})
        assert answer.status_code == missing.status_code == 404
        assert answer.json() == {
            **missing.json(),
            "message": missing.json()["message"].replace("nothing", schedule.pk),
        }
    before = Schedule.objects.get()
    assert (before.paused_at, before.cron) == (None, "* * * * *")
    assert not Execution.objects.exists()
    assert send(client_of(None), method, url(schedule, verb), {}).status_code == 401


def test_the_list_has_ones_own_and_those_from_code(api: APIClient, ada: Any) -> None:
    mine = a_schedule(a_workflow(owner=ada))
    a_schedule(a_workflow(owner=a_user("bob")))
    in_code = a_schedule(a_workflow(owner=ada))
    Schedule.objects.filter(pk=in_code.pk).update(owner=None, source="python")
    root = client_of(a_user("root", is_superuser=True))

    listed = [row["id"] for row in send(api, "get", LIST).json()["results"]]

    assert listed == [in_code.pk, mine.pk]
    assert len(send(root, "get", LIST).json()["results"]) == 3


def test_the_list_is_narrowed_and_paged(api: APIClient, ada: Any) -> None:
    one, other = a_workflow(owner=ada), a_workflow(owner=ada)
    first, second, third = (a_schedule(w, owner=ada) for w in (one, one, other))
    Schedule.objects.filter(pk=first.pk).update(paused_at=NOON)

    def ids(query: str) -> list[str]:
        return [row["id"] for row in send(api, "get", LIST + query).json()["results"]]

    assert ids(f"?workflow={one.pk}") == [second.pk, first.pk]
    assert ids("?paused=true") == [first.pk]
    assert ids("?paused=0") == [third.pk, second.pk]
    page = send(api, "get", LIST + "?page_size=2").json()
    rest = send(api, "get", page["next"]).json()
    assert [row["id"] for row in page["results"] + rest["results"]] == [
        third.pk,
        second.pk,
        first.pk,
    ]
    assert send(api, "get", LIST + "?state=x").json()["code"] == "query.unknown_filter"


def test_the_list_asks_as_often_for_many_as_for_one(
    api: APIClient, ada: Any, django_assert_max_num_queries: Any
) -> None:
    workflow = a_workflow(owner=ada)
    for _ in range(10):
        a_schedule(workflow, owner=ada)

    with django_assert_max_num_queries(1):
        send(api, "get", LIST)


def test_fires_are_listed_latest_first_and_by_outcome(api: APIClient, ada: Any) -> None:
    schedule = a_schedule(a_workflow(owner=ada))
    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)

    every, skipped = (
        send(api, "get", url(schedule, f"fires/{query}")).json()["results"]
        for query in ("", "?outcome=skipped")
    )

    assert [fire["outcome"] for fire in every] == ["skipped", "started"]
    assert [fire["slot"] for fire in skipped] == ["2026-05-04T12:02:00Z"]


@pytest.mark.parametrize(
    ("method", "verb", "code"),
    [("patch", "", "schedule.read_only"), ("delete", "", "schedule.read_only")],
)
def test_one_from_code_is_changed_in_code(
    api: APIClient, ada: Any, method: str, verb: str, code: str
) -> None:
    schedule = from_code(a_schedule(a_workflow(owner=ada)))

    answer = send(api, method, url(schedule, verb), {"cron": "0 9 * * *"})

    assert answer.json()["code"] == code
    schedule.refresh_from_db()
    assert schedule.cron == "* * * * *"


@pytest.mark.parametrize("verb", ["pause/", "resume/", "trigger/"])
def test_one_from_code_is_commanded_by_staff_only(api: APIClient, ada: Any, verb: str) -> None:
    schedule = from_code(a_schedule(a_workflow(owner=ada)))
    Workflow.objects.update(source="drawn")  # of code's own the code would have to be installed
    staff = client_of(a_user("sam", is_staff=True))

    refused, done = (send(client, "post", url(schedule, verb)) for client in (api, staff))

    assert (refused.status_code, refused.json()["code"]) == (403, "auth.forbidden")
    assert done.status_code in (200, 202)


def test_a_preview_tells_the_moments_in_utc_and_by_the_zones_clock(api: APIClient) -> None:
    body = {
        "cron": "30 2 * * *",
        "timezone": "Europe/Berlin",
        "count": 2,
        "starts_at": "2026-03-28T12:00:00Z",
    }

    answer = send(api, "post", f"{LIST}preview/", body)

    assert answer.json() == {
        "timezone": "Europe/Berlin",
        "fires": [
            {"utc": "2026-03-29T01:00:00Z", "local": "2026-03-29T03:00:00+02:00"},
            {"utc": "2026-03-30T00:30:00Z", "local": "2026-03-30T02:30:00+02:00"},
        ],
    }


def test_a_preview_begins_now_and_saves_nothing(api: APIClient) -> None:
    answer = send(api, "post", f"{LIST}preview/", {"interval": 3600})

    fires = answer.json()["fires"]
    assert len(fires) == 5
    assert fires[0]["utc"] < (database.now() + timedelta(hours=1, minutes=1)).isoformat()
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "schedule.invalid"),
        ({"cron": "0 0 30 2 *"}, "schedule.invalid"),
        ({"cron": "0 9 * * *", "count": 0}, "request.invalid"),
        ({"cron": "0 9 * * *", "count": 101}, "request.invalid"),
        ({"cron": "0 9 * * *", "workflow": "w"}, "request.invalid"),
    ],
    ids=repr,
)
def test_a_bad_preview_is_refused(api: APIClient, body: dict[str, Any], code: str) -> None:
    answer = send(api, "post", f"{LIST}preview/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_preview_is_for_those_who_are_logged_in() -> None:
    assert send(client_of(None), "post", f"{LIST}preview/", {}).status_code == 401


@pytest.mark.parametrize(
    ("serializer", "example"),
    [
        (schedule_shapes.ScheduleShape, schedule_examples.SCHEDULE),
        (schedule_shapes.ScheduleRecord, schedule_examples.RECORD),
        (schedule_shapes.FireShape, schedule_examples.FIRE),
        (preview_schedule.PreviewShape, schedule_examples.PREVIEW),
    ],
)
def test_examples_have_the_fields_of_answers(serializer: Any, example: dict[str, Any]) -> None:
    assert set(example) == set(serializer().fields)


@pytest.mark.parametrize(
    ("body", "example"),
    [
        (schedule_shapes.ScheduleBody, schedule_examples.BODY),
        (preview_schedule.PreviewBody, schedule_examples.PREVIEW_BODY),
    ],
)
def test_examples_of_bodies_are_taken(body: Any, example: dict[str, Any]) -> None:
    assert body(data=example).is_valid()
