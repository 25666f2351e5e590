"""What a reader of the stream sees, through a real server, a real Redis and a real database."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import connection

from executions_app.models import Execution
from tests.streaming.log_rows import a_user, an_execution, append
from tests.streaming.reader import following, seqs
from tests.streaming.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return a_user()


def path_of(execution: Execution) -> str:
    return f"/api/executions/{execution.pk}/stream/"


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Run ``work`` beside the block, and wait for it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def write(web: Web, execution: Execution, count: int) -> None:
    """Add log lines and the end, as a busy worker does."""
    for number in range(count):
        append(execution, "log", message=f"{number}", level="info")
        web.hint(execution.pk)
    append(execution, "execution_completed", output={"ok": True})
    web.hint(execution.pk)


def test_a_stream_begins_at_the_beginning_and_goes_on_live(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=3)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        assert seqs(stream.take(3)) == [1, 2, 3]
        append(execution, "log", message="live", level="info")
        web.hint(execution.pk)
        [live] = stream.take(1)

    assert (live.id, live.event, live.data["message"]) == ("4", "log", "live")


def test_events_arrive_although_redis_said_nothing(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(1)
        # The first one may be found when listening begins; the others only by looking.
        for seq in (2, 3, 4):
            append(execution, "log", message="unannounced", level="info")
            assert seqs(stream.take(1)) == [seq]


def test_the_stream_of_a_finished_execution_ends(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=250)
    append(execution, "execution_failed", error={"code": "step.failed"})

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        messages = list(stream)

    assert seqs(messages) == list(range(1, 252))
    assert messages[-1].event == "end"
    assert messages[-1].data == {"execution_id": execution.pk, "last_seq": 251}


def test_a_stream_ends_when_the_execution_finishes(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=2)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(2)
        append(execution, "execution_cancelled", reason="", by="ada")
        web.hint(execution.pk)
        messages = list(stream)

    assert [message.event for message in messages] == ["execution_cancelled", "end"]


def test_coming_back_to_a_finished_execution_with_its_last_event_gets_the_end(
    web: Web, ada: User
) -> None:
    execution = an_execution(ada, events=2)
    append(execution, "execution_completed", output=None)

    with (
        web.client(ada) as client,
        following(client, path_of(execution), headers={"Last-Event-ID": "3"}) as stream,
    ):
        assert [message.event for message in stream] == ["end"]


@pytest.mark.parametrize("where", ["Last-Event-ID", "last_event_id", "lastEventId"])
def test_a_reader_goes_on_where_it_was(web: Web, ada: User, where: str) -> None:
    execution = an_execution(ada, events=5)
    place = "headers" if where == "Last-Event-ID" else "params"

    with (
        web.client(ada) as client,
        following(client, path_of(execution), **{place: {where: "3"}}) as stream,
    ):
        assert seqs(stream.take(2)) == [4, 5]


@pytest.mark.parametrize(
    "garbage", ["abc", "-1", "6", "99999999999999999999", "1.0", "٣", "execution:3", "1 2", "0x1"]
)
def test_a_place_that_is_none_starts_over_after_a_reset(web: Web, ada: User, garbage: str) -> None:
    execution = an_execution(ada, events=5)

    with (
        web.client(ada) as client,
        following(client, path_of(execution), params={"last_event_id": garbage}) as stream,
    ):
        messages = stream.take(6)

    assert messages[0].event == "reset"
    assert seqs(messages) == [1, 2, 3, 4, 5]


def test_the_header_of_a_returning_browser_counts_for_more_than_its_address(
    web: Web, ada: User
) -> None:
    execution = an_execution(ada, events=5)

    with (
        web.client(ada) as client,
        following(
            client,
            path_of(execution),
            params={"last_event_id": "1"},
            headers={"Last-Event-ID": "4"},
        ) as stream,
    ):
        assert seqs(stream.take(1)) == [5]


def test_the_record_and_the_events_after_it_are_the_whole(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=4)

    with web.client(ada) as client, meanwhile(lambda: write(web, execution, 50)):
        record = client.get(f"/api/executions/{execution.pk}/").json()
        with following(
            client, path_of(execution), params={"last_event_id": record["last_seq"]}
        ) as stream:
            messages = list(stream)

    assert seqs(messages) == list(range(record["last_seq"] + 1, 56))


def test_breaking_off_and_coming_back_loses_doubles_and_reorders_nothing(
    web: Web, ada: User
) -> None:
    execution = an_execution(ada, events=1)
    chance = random.Random(7)
    seen: list[int] = []
    sessions = 0

    with web.client(ada) as client, meanwhile(lambda: write(web, execution, 400)):
        ended = False
        while not ended:
            sessions += 1
            headers = {"Last-Event-ID": str(seen[-1])} if seen else {}
            with following(client, path_of(execution), headers=headers) as stream:
                patience = chance.randint(1, 30)
                for message in stream:
                    ended = message.event == "end"
                    seen += seqs([message])
                    patience -= 1
                    if ended or patience == 0:
                        break

    assert seen == list(range(1, 403))
    assert sessions > 10


def test_readers_outlive_redis(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(1)
        web.services.stop_redis()
        append(execution, "log", message="while it is away", level="info")
        assert seqs(stream.take(1)) == [2]
        # Long enough for the first attempts to connect again to fail too.
        append(execution, "log", message="still away", level="info")
        assert seqs(stream.take(1)) == [3]
        web.services.start_redis()
        for number in range(20):
            append(execution, "log", message=f"{number}", level="info")
            web.hint(execution.pk)
        append(execution, "execution_completed", output=None)
        messages = list(stream)

    assert seqs(messages) == list(range(4, 25))
    assert messages[-1].event == "end"


def test_a_stream_can_be_opened_while_redis_is_away(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)
    web.services.stop_redis()

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        append(execution, "execution_completed", output=None)
        messages = list(stream)
    web.services.start_redis()

    assert seqs(messages) == [1, 2]


def test_a_web_process_stops_although_it_is_watched_and_its_readers_come_back(
    web: Web, ada: User
) -> None:
    execution = an_execution(ada, events=2)
    path = path_of(execution)

    with web.client(ada) as client, following(client, path) as stream:
        before = seqs(stream.take(2))
        web.restart()
        with contextlib.suppress(httpx.TransportError):
            before += seqs(list(stream))
    append(execution, "execution_completed", output=None)
    with (
        web.client(ada) as client,
        following(client, path, headers={"Last-Event-ID": str(before[-1])}) as stream,
    ):
        after = list(stream)

    assert before + seqs(after) == [1, 2, 3]
    assert after[-1].event == "end"


def test_a_reader_slower_than_the_memory_of_the_server_gets_everything(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)

    with web.client(ada) as client, following(client, path_of(execution)) as stream:
        stream.take(1)
        # Some 15 MB that nobody reads: more than the ring and the buffers of sockets hold.
        for number in range(300):
            append(execution, "log", message=f"{number} {'x' * 50_000}", level="info")
            web.hint(execution.pk)
        append(execution, "execution_completed", output=None)
        messages = list(stream)

    assert seqs(messages) == list(range(2, 303))


def test_many_readers_see_the_same(web: Web, ada: User) -> None:
    execution = an_execution(ada, events=1)
    seen: dict[int, list[int]] = {}

    def read(number: int) -> None:
        with (
            web.client(None) as client,
            following(client, path_of(execution), headers=credentials) as stream,
        ):
            seen[number] = seqs(list(stream))

    with web.client(ada) as client:
        credentials = {"Authorization": client.headers["Authorization"]}
    readers = [threading.Thread(target=read, args=(number,)) for number in range(20)]
    for reader in readers:
        reader.start()
    write(web, execution, 100)
    for reader in readers:
        reader.join()

    assert list(seen.values()) == [list(range(1, 103))] * 20
