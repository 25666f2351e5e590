"""``/api/tasks/``: who is asked what, who may answer, and that one answer counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from executions_app.api import task_examples
from executions_app.api.task_shapes import TaskRecord, TaskShape
from executions_app.api.tasks import AnswerBody
from executions_app.models import Approval, Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from tests.api.hostile_json import HOSTILE
from tests.streaming.log_rows import a_user
from workflows_app.authoring import constant, create_workflow

pytestmark = pytest.mark.django_db
YES = {"data": {"approved": True}}


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


@pytest.fixture
def asked(engine: Engine, ada: Any, bob: Any) -> Execution:
    """Ada's execution, which asks Bob and those in finance."""
    Group.objects.create(name="finance")
    workflow = asking.approving(assignees=["bob", "group:finance"], context={"n": constant(1)})
    return started(engine, workflow, ada)


def the_task() -> Approval:
    return Approval.objects.get()


def answer(client: APIClient, body: Any, task: Approval | None = None) -> Any:
    return client.post(f"/api/tasks/{(task or the_task()).pk}/answer/", body, format="json")


def said(response: Any) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def listed(client: APIClient, query: str = "") -> list[int]:
    response = client.get(f"/api/tasks/{query}")
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_an_answer_lets_the_execution_go_on(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any, engine: Engine
) -> None:
    response = answer(client_of(bob), {**YES, "comment": "by phone"})

    task = response.json()
    assert response.status_code == 200
    assert (task["status"], task["answered_by"], task["comment"]) == ("answered", "bob", "by phone")
    assert (task["answer"], task["can_answer"]) == ({"approved": True}, False)
    assert settled(engine, asked).output == {"approved": True}


def test_a_task_says_what_it_shows_and_takes(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any
) -> None:
    task = client_of(bob).get(f"/api/tasks/{the_task().pk}/").json()

    assert (task["title"], task["context"], task["form"]) == ("Pay?", {"n": 1}, asking.FORM)
    assert (task["execution"], task["key"], task["owner"]) == (asked.pk, "ok", "ada")
    assert (task["assignees"], task["can_answer"]) == (["bob", "group:finance"], True)


@pytest.mark.parametrize(
    ("who", "sees", "answers"),
    [
        ("assignee", 200, 200),
        ("member", 200, 200),
        ("owner", 200, 403),
        ("superuser", 200, 200),
        ("staff", 404, 404),
        ("other", 404, 404),
        ("anonymous", 401, 401),
        ("inactive assignee", 401, 401),
    ],
)
def test_those_who_are_asked_answer_and_others_see_or_do_not(
    client_of: Callable[[Any], APIClient],
    asked: Execution,
    ada: Any,
    bob: Any,
    who: str,
    sees: int,
    answers: int,
) -> None:
    user = {
        "assignee": lambda: bob,
        "member": lambda: _member("finance"),
        "owner": lambda: ada,
        "superuser": lambda: a_user(is_superuser=True),
        "staff": lambda: a_user(is_staff=True),
        "other": a_user,
        "anonymous": lambda: None,
        "inactive assignee": lambda: bob,
    }[who]()
    client = client_of(user)
    if who == "inactive assignee":
        bob.is_active = False
        bob.save()

    shown = client.get(f"/api/tasks/{the_task().pk}/")
    answered = answer(client, YES)

    assert (shown.status_code, answered.status_code) == (sees, answers)
    assert the_task().status == ("answered" if answers == 200 else "open")
    if sees != 401:
        assert listed(client, "?status=all") == ([the_task().pk] if sees == 200 else [])


def _member(group: str) -> Any:
    user = a_user()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.mark.parametrize("assignees", [["nobody-of-this-name"], ["group:nothing"]])
def test_naming_people_who_do_not_exist_lets_nobody_in(
    client_of: Callable[[Any], APIClient], engine: Engine, ada: Any, assignees: list[str]
) -> None:
    started(engine, asking.approving("asks-nobody", assignees=assignees), ada)

    assert answer(client_of(ada), YES).status_code == 403
    assert answer(client_of(a_user(is_superuser=True)), YES).status_code == 200


def test_where_nobody_is_named_the_owner_answers(
    api: APIClient, engine: Engine, ada: Any, bob: Any, client_of: Callable[[Any], APIClient]
) -> None:
    started(engine, asking.approving("asks-its-owner"), ada)

    assert answer(client_of(bob), YES).status_code == 404
    assert answer(api, YES).status_code == 200


def test_what_nobody_owns_is_answered_by_staff(
    client_of: Callable[[Any], APIClient], engine: Engine
) -> None:
    started(engine, asking.approving("asks-staff"), None)

    assert answer(client_of(a_user()), YES).status_code == 404
    assert answer(client_of(a_user(is_staff=True)), YES).status_code == 200


def test_the_second_answer_is_told_who_was_quicker(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any, engine: Engine
) -> None:
    answer(client_of(bob), YES)

    late = answer(client_of(_member("finance")), {"data": {"approved": False}})

    assert said(late) == (409, "task.answered")
    assert late.json()["details"]["answered_by"] == "bob"
    assert settled(engine, asked).output == {"approved": True}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request.invalid"),
        ({"data": {"approved": "yes"}}, "resume.invalid_data"),
        ({"data": {}}, "resume.invalid_data"),
        ({"data": None}, "resume.invalid_data"),
        ({"data": {"approved": True, "amount": -1}}, "resume.invalid_data"),
        ({"data": {"approved": True, "more": 1}}, "resume.invalid_data"),
        ({**YES, "comment": {"a": 1}}, "request.invalid"),
        ({**YES, "comment": "x" * 10_001}, "request.invalid"),
        ({**YES, "by": "eve"}, "request.invalid"),
        ([], "request.invalid"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_bad_answer_leaves_the_question_open(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any, body: Any, code: str
) -> None:
    assert said(answer(client_of(bob), body)) == (400, code)
    assert the_task().status == "open"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_no_answer(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any, name: str
) -> None:
    body, status, code = HOSTILE[name]

    response = client_of(bob).post(
        f"/api/tasks/{the_task().pk}/answer/", body, content_type="application/json"
    )

    assert said(response) == (status, code)
    assert the_task().status == "open"


def test_an_answer_by_resuming_closes_the_task(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any, engine: Engine
) -> None:
    url = f"/api/executions/{asked.pk}/resume/"
    by_its_owner = client_of(asked.owner).post(url, YES, format="json")
    unchanged = the_task().status
    by_a_superuser = client_of(a_user(is_superuser=True, email="x@y.z")).post(
        url, YES, format="json"
    )

    assert said(by_its_owner) == (403, "auth.forbidden")
    assert unchanged == "open"
    assert by_a_superuser.status_code == 202
    assert said(answer(client_of(bob), YES)) == (409, "task.answered")
    settled(engine, asked)


def test_what_is_asked_no_more_says_why(
    client_of: Callable[[Any], APIClient], asked: Execution, bob: Any
) -> None:
    cancel_execution(asked.pk)

    late = answer(client_of(bob), YES)

    assert said(late) == (409, "task.closed")
    assert late.json()["details"] == {"status": "withdrawn"}


def test_what_is_paused_is_answered_later(
    api: APIClient, client_of: Callable[[Any], APIClient], asked: Execution, bob: Any
) -> None:
    api.post(f"/api/executions/{asked.pk}/pause/")

    refused = answer(client_of(bob), YES)
    api.post(f"/api/executions/{asked.pk}/unpause/")

    assert said(refused) == (409, "command.not_applicable")
    assert answer(client_of(bob), YES).status_code == 200


def test_each_item_of_a_repeated_question_is_answered_alone(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    inner = asking.approving("asks-each", title="Which?")
    outer = create_workflow(id="asks-all").foreach(inner, concurrency=3).commit()
    execution = started(engine, outer, ada, [1, 2, 3])

    for task, approved in zip(Approval.objects.order_by("pk"), (True, False, True), strict=True):
        assert answer(api, {"data": {"approved": approved}}, task).status_code == 200
        engine.run_until_idle()

    assert [it["approved"] for it in settled(engine, execution).output] == [True, False, True]


def test_the_list_has_what_is_open_and_is_narrowed(
    api: APIClient, client_of: Callable[[Any], APIClient], engine: Engine, ada: Any, bob: Any
) -> None:
    own = started(engine, asking.approving("asks-one"), ada)
    others = started(engine, asking.approving("asks-two", assignees=["bob"]), ada)
    mine, theirs = own.approvals.get(), others.approvals.get()

    assert listed(api) == [theirs.pk, mine.pk]
    assert listed(api, "?mine=true") == [mine.pk]
    assert listed(client_of(bob)) == listed(client_of(bob), "?mine=1") == [theirs.pk]
    assert listed(api, "?workflow=asks-one") == [mine.pk]
    assert listed(api, f"?execution={others.pk}") == [theirs.pk]
    answer(api, YES, mine)
    assert listed(api) == [theirs.pk]
    assert listed(api, "?status=answered") == [mine.pk]
    assert listed(api, "?status=all&page_size=1") == [theirs.pk]
    for query in ("status=done", "mine=maybe", "owner=1", "workflow=%00"):
        assert api.get(f"/api/tasks/?{query}").status_code == 400
    for task_id in ("0", "-1", "x", "1" * 30):
        assert api.get(f"/api/tasks/{task_id}/").status_code == 404


def test_the_list_asks_as_often_for_many_as_for_one(
    api: APIClient, engine: Engine, ada: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        started(engine, asking.approving(f"asks-{number}", assignees=["ada"]), ada)

    with django_assert_max_num_queries(3):
        assert len(listed(api)) == 6


@pytest.mark.parametrize(
    ("serializer", "example"),
    [(TaskShape, task_examples.TASK), (TaskRecord, task_examples.ANSWERED)],
)
def test_examples_have_the_fields_of_answers(serializer: Any, example: dict[str, Any]) -> None:
    assert set(example) == set(serializer().fields)


def test_the_example_of_a_body_is_taken() -> None:
    assert AnswerBody(data=task_examples.BODY).is_valid()
