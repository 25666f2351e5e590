"""Following an execution while the database goes away for a moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from executions_app.following.event_stream import AsyncEventStream, EventStream, Source
from executions_app.runner.claim import Claim
from tests.chaos.network import failing_network
from tests.chaos.proxy import Proxy
from tests.journal.histories import claim, journal_step, list_broker, publish, start, succeed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="an SQLite file does not go away"),
]
AWAY_SECONDS = 0.7
REST = ["step_started", "step_completed", "execution_completed"]


@pytest.fixture
def network(transactional_db: None) -> Iterator[Proxy]:
    """A network that fails between this process and its database."""
    with failing_network() as proxy:
        yield proxy


@pytest.fixture
def held(network: Proxy) -> Iterator[Claim]:
    """The only step of an execution, in a worker's hands."""
    with journal_step(), list_broker() as broker:
        start(publish({"a": []}))
        claimed = claim(broker.waiting.pop())
        assert claimed is not None
        yield claimed


def end_and_go_away(held: Claim, network: Proxy) -> None:
    """Let the execution end, and the database be away for a moment from now on."""
    succeed(held)
    network.refuse()
    threading.Timer(AWAY_SECONDS, network.heal).start()


def types(events: Any) -> list[str]:
    return [event["type"] for event in events]


def test_a_reader_outlives_a_database_that_is_away(held: Claim, network: Proxy) -> None:
    stream = EventStream(Source(execution_id=held.execution_id))
    assert types([next(stream), next(stream)]) == ["execution_started", "step_scheduled"]

    end_and_go_away(held, network)

    assert types(stream) == REST


def test_an_asynchronous_reader_may_begin_while_it_is_away(held: Claim, network: Proxy) -> None:
    end_and_go_away(held, network)

    async def read() -> list[str]:
        try:
            async with AsyncEventStream(lambda: Source(execution_id=held.execution_id)) as stream:
                return types([event async for event in stream])
        finally:
            await sync_to_async(connections.close_all)()

    assert asyncio.run(asyncio.wait_for(read(), 60))[2:] == REST


def test_a_reader_is_told_of_a_database_that_stays_away(
    held: Claim, network: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executions_app.following.follow.PATIENCE_SECONDS", 0.2)
    stream = EventStream(Source(execution_id=held.execution_id))
    assert types([next(stream), next(stream)]) == ["execution_started", "step_scheduled"]
    network.refuse()

    with pytest.raises(Exception, match="refused"):
        next(stream)

    network.heal()
