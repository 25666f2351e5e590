"""What waits for somebody, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pydantic import BaseModel
from rest_framework.test import APIClient

from executions_app.models import Approval, StepRun
from executions_app.testing import Engine
from tests.api.asking import (
    FORM,
    approving,
    asking,
    in_this_process,
    settled,
    started,
    waiting,
)
from workflows_app.authoring import StepContext, create_step, create_workflow

URL, COUNT = "/api/waiting/", "/api/waiting/count/"
Json = dict[str, Any]


class Decision(BaseModel):
    yes: bool


def _decide(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({"sum": value}) if ctx.resume_data is None else ctx.resume_data


decide = create_step(id="decide", name="Decide it", execute=_decide, resume_schema=Decision)


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


def rows(api: APIClient, query: str = "") -> list[Json]:
    response = api.get(f"{URL}{query}")
    assert response.status_code == 200, response.content
    found: list[Json] = response.json()["results"]
    return found


def test_a_step_that_suspended_waits_for_its_owner(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    workflow = create_workflow(id="deciding", name="Deciding").then(decide).commit()
    run = started(engine, workflow, ada, 7)

    (row,) = rows(api)

    assert row["kind"] == "step"
    assert (row["execution"], row["root"], row["workflow"]) == (run.pk, run.pk, "deciding")
    assert (row["workflow_name"], row["title"]) == ("Deciding", "Decide it")
    assert (row["payload"], row["form"]["required"]) == ({"sum": 7}, ["yes"])
    assert (row["task"], row["event"], row["deadline_at"]) == (None, None, None)
    answer = {"data": {"yes": True}, "step": row["key"]}
    assert api.post(f"/api/executions/{run.pk}/resume/", answer, format="json").status_code == 202
    assert settled(engine, run).status == "completed"
    assert rows(api) == []


def test_a_question_waits_for_those_it_is_for(
    api: APIClient, client_of: Any, engine: Engine, ada: Any, bob: Any
) -> None:
    group = Group.objects.create(name="bosses")
    bob.groups.add(group)
    run = started(engine, approving(assignees=["group:bosses"], deadline=60), ada)

    (row,) = rows(client_of(bob))

    task = Approval.objects.get(execution=run)
    assert (row["kind"], row["task"], row["id"]) == ("approval", task.pk, f"approval:{task.pk}")
    assert (row["title"], row["form"], row["payload"]) == ("Pay?", FORM, {})
    assert row["deadline_at"] is not None
    assert rows(api) == []  # its owner sees the task, and may not answer it


def test_an_event_is_waited_for_and_does_not_count(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    run = started(engine, waiting(), ada)

    (row,) = rows(api)

    assert (row["kind"], row["event"], row["execution"]) == ("event", "go", run.pk)
    assert api.get(COUNT).json() == {"count": 0, "approval": 0, "step": 0, "event": 1}


def test_what_waits_inside_names_the_execution_around_it(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    inner = create_workflow(id="inner").then(decide).commit()
    run = started(engine, create_workflow(id="outer").then(inner).commit(), ada, 1)

    (row,) = rows(api)

    assert (row["root"], row["workflow"]) == (run.pk, "inner")
    address = f"/api/executions/{row['execution']}/resume/"
    answer = {"data": {"yes": False}, "step": row["key"]}
    assert api.post(address, answer, format="json").status_code == 202
    assert settled(engine, run).status == "completed"


def test_the_record_has_the_form_of_a_python_steps_answer(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    with_form = started(engine, create_workflow(id="deciding").then(decide).commit(), ada, 7)
    without = started(engine, asking(), ada, 7)

    forms = [
        api.get(f"/api/executions/{run.pk}/").json()["suspended"][0]["form"]
        for run in (with_form, without)
    ]

    assert (forms[0]["required"], forms[1]) == (["yes"], None)


@pytest.fixture
def several(engine: Engine, ada: Any) -> list[str]:
    """What waits of each kind, the newest first; some of it since the same moment."""
    for workflow in (asking(), approving(), waiting(), asking(), approving()):
        started(engine, workflow, ada, 1)
    moments = StepRun.objects.exclude(status="pending").order_by("pk")
    assert moments.count() >= 5
    # The virtual clock stood still: everything waits since one moment, so ties are certain.
    approvals = [f"approval:{pk}" for pk in _newest(Approval.objects.all())]
    events = [f"event:{pk}" for pk in _newest(StepRun.objects.filter(kind="wait"))]
    steps = [f"step:{pk}" for pk in _newest(StepRun.objects.filter(kind="step"))]
    return [*approvals, *events, *steps]


def _newest(found: Any) -> list[int]:
    return list(found.order_by("-pk").values_list("pk", flat=True))


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_hold_everything_once_in_both_directions(
    api: APIClient, several: list[str], size: int
) -> None:
    whole = [row["id"] for row in rows(api)]
    page = api.get(f"{URL}?page_size={size}").json()
    pages = [page]
    while page["next"]:
        page = api.get(page["next"]).json()
        pages.append(page)
    back = []
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back.append(page)

    ids = [[row["id"] for row in one["results"]] for one in pages]
    assert sorted(whole) == sorted(several)
    assert [one for part in ids for one in part] == whole
    assert [[row["id"] for row in one["results"]] for one in back] == ids[-2::-1]
    assert pages[0]["previous"] is None


def test_kinds_and_workflows_are_filtered(api: APIClient, several: list[str]) -> None:
    assert {row["kind"] for row in rows(api, "?kind=step")} == {"step"}
    assert {row["workflow"] for row in rows(api, "?workflow=waiting")} == {"waiting"}
    assert api.get(COUNT).json() == {"count": 4, "approval": 2, "step": 2, "event": 1}


def test_nobody_elses_steps_wait_for_somebody(
    client_of: Any, bob: Any, root: Any, several: list[str]
) -> None:
    for user in (bob, root):
        assert rows(client_of(user)) == []
        assert client_of(user).get(COUNT).json()["count"] == 0
    assert client_of(None).get(URL).status_code == 401
    assert client_of(None).get(COUNT).status_code == 401


def test_counting_takes_the_same_few_statements_however_much_waits(
    api: APIClient, engine: Engine, ada: Any, several: list[str]
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        api.get(COUNT)
    started(engine, asking(), ada, 1)
    with CaptureQueriesContext(connection) as more:
        api.get(COUNT)

    assert len(few) == len(more) <= 4


def test_a_page_takes_the_same_statements_however_long_it_is(
    api: APIClient, several: list[str]
) -> None:
    rows(api)
    with CaptureQueriesContext(connection) as one:
        rows(api, "?page_size=1")
    with CaptureQueriesContext(connection) as all_:
        rows(api)

    # A process reads each plan once, but not in a test's transaction.
    counts = [sum("plan" not in it["sql"] for it in seen) for seen in (one, all_)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("cursor", ["x", "W10=", "WyJhZnRlciIsIDEsIDIsIDNd", "🙂", ""])
def test_a_cursor_that_is_none_of_ours_is_refused(api: APIClient, cursor: str) -> None:
    response = api.get(URL, {"cursor": cursor})

    assert (response.status_code, response.json()["code"]) == (400, "query.invalid")
