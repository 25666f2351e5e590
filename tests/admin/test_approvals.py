"""What people are asked, in the admin: found, shown, and answered with a form from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from executions_app.admin.schema_form import SchemaForm
from executions_app.models import Approval
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from workflows_app.authoring import constant

from . import rows
from .test_escaping import MARKUP, PAYLOADS

LIST = "/admin/executions_app/approval/"
RIGHTS = ("executions_app.view_approval", "executions_app.change_approval")

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def page() -> str:
    return reverse("admin:executions_app_approval_change", args=[Approval.objects.get().pk])


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_question_is_found_shown_and_answered(admin_client: Client, engine: Engine) -> None:
    workflow = asking.approving("admin-asks", context={"n": constant(17)})
    execution = started(engine, workflow, None)

    listed = admin_client.get(LIST).content.decode()
    shown = admin_client.get(page()).content.decode()
    done = admin_client.post(
        page(), {"field_0": "true", "field_1": "12.5", "comment": "as agreed"}, follow=True
    )

    assert "Pay?" in listed
    assert "17" in shown
    assert "as agreed" in done.content.decode()
    task = Approval.objects.get()
    assert (task.answered_by, task.answer) == ("admin", {"approved": True, "amount": 12.5})
    assert settled(engine, execution).output == {"approved": True, "amount": 12.5}


def test_what_does_not_fit_is_explained_beside_its_field(
    admin_client: Client, engine: Engine
) -> None:
    form = asking.FORM | {"properties": {"approved": {"const": True, "type": "boolean"}}}
    started(engine, asking.approving("admin-strict", form=form), None)

    nothing = admin_client.post(page(), {})
    wrong = admin_client.post(page(), {"field_0": "false"})

    assert nothing.context["form"].errors.keys() == {"field_0"}
    assert wrong.context["form"].errors.keys() == {"field_0"}
    assert Approval.objects.get().status == "open"


@pytest.mark.parametrize(
    ("who", "sees", "answers"),
    [("bob", 200, 302), ("eve", 404, 404), ("reader", 200, 403)],
)
def test_those_who_are_asked_answer(engine: Engine, who: str, sees: int, answers: int) -> None:
    rights = RIGHTS[:1] if who == "reader" else RIGHTS
    client = client_of(rows.a_user(who, *rights))
    ada = rows.a_user("ada")
    named = [name for name in ("bob", "reader") if name == who] or ["ada"]
    started(engine, asking.approving("admin-named", assignees=named), ada)

    shown = client.get(page())
    answered = client.post(page(), {"field_0": "true"})

    assert (shown.status_code, answered.status_code) == (sees, answers)
    assert Approval.objects.get().status == ("answered" if answers == 302 else "open")
    if sees == 404:
        assert list(client.get(LIST).context["cl"].result_list) == []


def test_an_owner_who_is_not_asked_looks_only(engine: Engine) -> None:
    ada = rows.a_user("ada", *RIGHTS)
    started(engine, asking.approving("admin-others", assignees=["bob"]), ada)
    client = client_of(ada)

    assert client.get(page()).context["form"] is None
    assert client.post(page(), {"field_0": "true"}).status_code == 403


def test_a_second_answer_says_who_was_quicker(admin_client: Client, engine: Engine) -> None:
    started(engine, asking.approving("admin-late"), None)
    admin_client.post(page(), {"field_0": "true"})

    late = admin_client.post(page(), {"field_0": "false"})

    assert late.status_code == 200
    assert Approval.objects.get().answer == {"approved": True}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_written_by_others_is_markup(
    admin_client: Client, engine: Engine, payload: str
) -> None:
    form = {
        "type": "object",
        "properties": {
            payload: {
                "type": "string",
                "title": payload,
                "description": payload,
                "default": payload,
            },
            "choice": {"enum": [payload]},
        },
    }
    workflow = asking.approving(
        "admin-evil", title=payload, form=form, context={"said": constant(payload)}
    )
    started(engine, workflow, None)
    Approval.objects.update(comment=payload, answered_by=payload, answer=payload)

    for url in (LIST, page()):
        content = admin_client.get(url).content.decode()

        assert not MARKUP.search(content), url
        assert ("{{ 7" in content) == ("{{ 7" in payload)


def test_tasks_are_neither_made_nor_deleted_here(admin_client: Client, engine: Engine) -> None:
    started(engine, asking.approving("admin-kept"), None)
    task = Approval.objects.get()

    answers = [
        admin_client.post(f"{LIST}add/").status_code,
        admin_client.post(f"{LIST}{task.pk}/delete/", {"post": "yes"}).status_code,
        admin_client.get(f"{LIST}nothing/change/").status_code,
    ]

    assert answers == [403, 403, 404]


@pytest.mark.parametrize(
    ("part", "written", "value"),
    [
        ({"type": "string"}, "  as it is ", "  as it is "),
        ({"type": "string"}, "", ...),
        ({"type": "string", "format": "date"}, "2026-05-04", "2026-05-04"),
        ({"type": "integer"}, "7", 7),
        ({"type": "number"}, "7.5", 7.5),
        ({"type": "boolean"}, "unknown", ...),
        ({"type": "boolean"}, "false", False),
        ({"enum": ["a", 1, None]}, "1", 1),
        ({"enum": ["a", 1]}, "", ...),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, ['"b"'], ["b"]),
        ({"type": "array", "items": {"type": "string"}}, '["x"]', ["x"]),
        ({"type": "object"}, '{"a": 1}', {"a": 1}),
        ({}, "null", ...),
        ("no schema", '"text"', "text"),
    ],
    ids=repr,
)
def test_each_kind_of_property_has_a_field(part: Any, written: Any, value: Any) -> None:
    form = SchemaForm({"type": "object", "properties": {"it": part}}, {"field_0": written})

    assert form.is_valid(), form.errors
    assert form.value == ({} if value is ... else {"it": value})


@pytest.mark.parametrize(
    "schema",
    [{}, {"type": "array"}, {"properties": {}}, {"properties": {str(n): {} for n in range(61)}}],
)
def test_other_schemas_are_answered_in_json(schema: dict[str, Any]) -> None:
    form = SchemaForm(schema, {"whole": '{"a": [1]}'})

    assert form.is_valid()
    assert form.value == {"a": [1]}
