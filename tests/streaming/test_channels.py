"""django-eventstream's question who may read a channel."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from executions_app.streaming.channels import ExecutionChannels, channel_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "own", "nobodys"),
    [
        ({}, True, False),
        ({"is_staff": True}, True, True),
        ({"is_superuser": True}, True, True),
        ({"is_superuser": True, "is_active": False}, False, False),
    ],
)
def test_the_rule_is_that_of_executions(fields: dict[str, bool], own: bool, nobodys: bool) -> None:
    user = a_user(**fields)
    channels = ExecutionChannels()

    assert channels.can_read_channel(user, channel_of(an_execution(user).pk)) is own
    assert channels.can_read_channel(user, channel_of(an_execution(None).pk)) is nobodys


@pytest.mark.parametrize("user", [None, AnonymousUser()])
def test_nobody_reads_nothing(user: AnonymousUser | None) -> None:
    assert not ExecutionChannels().can_read_channel(user, channel_of(an_execution(None).pk))


def test_a_stranger_reads_nothing() -> None:
    channel = channel_of(an_execution(a_user()).pk)

    assert not ExecutionChannels().can_read_channel(a_user(), channel)


@pytest.mark.parametrize("name", ["", "events", "user-1", "execution-", "execution-none", "\0"])
def test_there_are_no_other_channels(name: str) -> None:
    an_execution(None, id="none-of-those")

    assert not ExecutionChannels().can_read_channel(a_user(is_superuser=True), name)


def test_a_request_cannot_name_further_channels() -> None:
    request = RequestFactory().get("/?channel=execution-other")

    channels = ExecutionChannels().get_channels_for_request(request, {"execution_id": "mine"})

    assert channels == {"execution-mine"}
