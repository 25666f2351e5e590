"""Streams over the whole life of an execution: at rest, opened again, with others inside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.models import Execution
from executions_app.testing import in_memory
from tests.api.execution_clients import client_of
from tests.streaming.log_rows import a_nested_execution, a_user, an_execution, append
from tests.streaming.reader import Message, following, seqs
from tests.streaming.told_workflows import in_a_row, lines, step, writes
from tests.streaming.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return a_user()


def path_of(execution: Execution | str) -> str:
    return f"/api/executions/{getattr(execution, 'pk', execution)}/stream/"


def types(messages: list[Message]) -> list[str]:
    return [message.event for message in messages]


def test_a_suspension_leaves_the_stream_open(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)
    append(execution, "execution_suspended")

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(2)
        append(execution, "execution_resumed")
        append(execution, "execution_completed", output=1)
        web.hint(execution.pk)

        assert types(list(stream)) == ["execution_resumed", "execution_completed", "end"]


def test_what_ends_inside_ends_no_stream_of_what_is_around(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)
    inside = a_nested_execution(execution)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(1)
        append(execution, "execution_completed", source=inside.pk, output=1)
        web.hint(execution.pk)
        [ended] = stream.take(1)
        append(execution, "execution_completed", output=2)
        web.hint(execution.pk)

        assert types(list(stream)) == ["execution_completed", "end"]
    assert (ended.event, ended.data["source"]) == ("execution_completed", inside.pk)


def test_a_nested_execution_has_its_part_of_the_log_and_its_own_end(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=2)
    inside, beside = a_nested_execution(execution), a_nested_execution(execution)
    deeper = a_nested_execution(execution, inside)
    append(execution, "execution_started", source=inside.pk, trigger="nested")

    with web.client(ada) as client, following(client, path_of(inside)) as stream:
        [first] = stream.take(1)
        append(execution, "execution_failed", source=deeper.pk, error={})
        append(execution, "execution_completed", source=beside.pk, output=1)
        append(execution, "log", message="around", level="info")
        append(execution, "execution_completed", source=inside.pk, output=2)
        web.hint(execution.pk)
        rest = list(stream)

    assert (first.id, first.data["source"]) == ("3", inside.pk)
    assert seqs(rest) == [4, 7]
    assert types(rest) == ["execution_failed", "execution_completed", "end"]
    assert rest[-1].data == {"execution_id": inside.pk, "last_seq": 7}

    append(execution, "execution_completed", output=3)
    with web.client(ada) as client:
        with following(client, path_of(inside)) as again:
            assert seqs(list(again)) == [3, 4, 7]
        with following(client, path_of(inside), headers={"Last-Event-ID": "4"}) as again:
            assert seqs(list(again)) == [7]
        with following(client, path_of(inside), headers={"Last-Event-ID": "99"}) as again:
            assert types(list(again))[0] == "reset"


def test_a_reader_comes_back_for_what_follows_an_end(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)
    append(execution, "execution_failed", error={})
    with web.client(ada) as client:
        with following(client, path_of(execution)) as stream:
            assert types(list(stream))[-2:] == ["execution_failed", "end"]
        append(execution, "execution_reopened", cause="retry")

        with following(client, path_of(execution), headers={"Last-Event-ID": "2"}) as stream:
            [reopened] = stream.take(1)
            append(execution, "execution_completed", output=1)
            web.hint(execution.pk)
            rest = list(stream)

    assert (reopened.event, reopened.id) == ("execution_reopened", "3")
    assert types(rest) == ["execution_completed", "end"]


@pytest.mark.parametrize("is_running", [True, False])
def test_an_earlier_end_is_passed_wherever_a_page_ends(
    web: Web, ada: User, is_running: bool
) -> None:
    execution = an_execution(ada, events=99)
    append(execution, "execution_failed", error={})  # the hundredth, with which a page ends
    append(execution, "execution_reopened", cause="retry")
    if not is_running:
        append(execution, "execution_completed", output=1)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(101)
        if is_running:
            append(execution, "execution_completed", output=1)
            web.hint(execution.pk)

        assert types(list(stream)) == ["execution_completed", "end"]


class TestInMastrasWords:
    @pytest.fixture
    def staff(self, transactional_db: None) -> User:
        return a_user(is_staff=True)

    @pytest.fixture
    def execution_id(self, transactional_db: None) -> str:
        with in_memory():
            run = in_a_row(step("A", writes), step("B", writes)).create_run()
            run.start(input_data=1)
        return run.id

    def test_the_stream_tells_chunks_and_comes_back_after_any(
        self, web: Web, staff: User, execution_id: str
    ) -> None:
        with web.client(staff) as client:
            with following(client, f"{path_of(execution_id)}?format=mastra") as stream:
                *messages, end = list(stream)
            with following(
                client,
                f"{path_of(execution_id)}?format=mastra",
                headers={"Last-Event-ID": messages[4].id or ""},
            ) as stream:
                again = list(stream)[:-1]

        assert end.event == "end"
        chunks: list[Any] = [message.data for message in messages]
        item = ["step-start {}", "step-output {}", "data-progress", "step-result {}"]
        told = [line.format(name) for name in "AB" for line in item]
        assert lines(chunks) == ["start", *told, "finish"]
        assert types(messages) == [chunk["type"] for chunk in chunks]
        assert again == messages[5:]

    def test_the_list_tells_the_same(self, web: Web, staff: User, execution_id: str) -> None:
        with (
            web.client(staff) as client,
            following(client, f"{path_of(execution_id)}?format=mastra") as stream,
        ):
            streamed = [message.data for message in stream][:-1]

        url, listed = f"/api/executions/{execution_id}/events/?format=mastra&limit=3", []
        while url:
            page = client_of(staff).get(url).json()
            listed += page["results"]
            url = page["next"]

        assert listed == streamed
        assert json.dumps(listed)
