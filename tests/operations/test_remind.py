"""People are reminded of what they are asked: once, each alone, and not of what is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail

from executions_app.models import Approval
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.remind import remind
from executions_app.operations.rescue import rescue
from executions_app.testing import Engine
from tests.api.asking import approving, in_this_process, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def a_user(name: str, *, groups: tuple[str, ...] = (), **fields: Any) -> Any:
    fields = {"email": f"{name}@example.com", **fields}
    user = get_user_model().objects.create_user(name, **fields)
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    return user


def written_to() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_those_who_are_asked_are_reminded_once_and_each_alone(engine: Engine) -> None:
    ada, _ = a_user("ada"), a_user("bob", groups=("finance",))
    a_user("cy", email="")
    a_user("di", groups=("finance",), is_active=False)
    a_user("eve")
    people = ["bob", "cy", "group:finance", "ada"]
    started(engine, approving("reminding", assignees=people, reminder=60, deadline=120), ada)

    engine.advance(59)
    early = remind()
    engine.advance(1)
    rescue()
    again = remind()

    assert (early, again) == (0, 0)
    assert written_to() == ["ada@example.com", "bob@example.com"]
    assert all(len(message.to) == 1 and not message.cc for message in mail.outbox)
    assert "Pay?" in mail.outbox[0].subject
    assert "2030-01-01 00:02" in mail.outbox[0].body
    assert Approval.objects.get().reminded_at == engine.now


def test_where_nobody_is_named_the_owner_is_reminded(engine: Engine) -> None:
    started(engine, approving("reminding-owner", reminder=60), a_user("ada"))

    engine.advance(60)

    assert remind() == 1
    assert written_to() == ["ada@example.com"]


def test_nobody_is_reminded_of_what_is_over(engine: Engine) -> None:
    execution = started(engine, approving("reminding-late", reminder=60), a_user("ada"))
    cancel_execution(execution.pk)

    engine.advance(60)

    assert remind() == 0
    assert mail.outbox == []


def test_a_title_cannot_add_headers(engine: Engine) -> None:
    title = "Pay?\nBcc: eve@example.com"
    started(engine, approving("reminding-evil", reminder=60, title=title), a_user("ada"))

    engine.advance(60)

    assert remind() == 1
    assert mail.outbox[0].subject == "Waiting for you: Pay? Bcc: eve@example.com"
    assert mail.outbox[0].recipients() == ["ada@example.com"]


def test_a_mail_server_that_is_away_is_asked_again_later(engine: Engine, settings: Any) -> None:
    started(engine, approving("reminding-twice", reminder=60), a_user("ada"))
    engine.advance(60)
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    refused = remind()
    settings.EMAIL_BACKEND = works
    at_once = remind()
    engine.advance(300)

    assert (refused, at_once, remind()) == (0, 0, 1)
    assert written_to() == ["ada@example.com"]
