"""Listening for hints, without the polling that would hide its failures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from executions_app.streaming.hub_wakes import listen
from executions_app.streaming.redis_client import WAKE_CHANNEL
from tests.services import Services


@pytest.fixture
def own_services() -> Iterator[Services]:
    """A Redis that no other test needs."""
    with tempfile.TemporaryDirectory(prefix="celeriac-wakes-") as directory:
        services = Services(Path(directory))
        yield services
        services.stop()


def test_listening_goes_on_when_redis_comes_back(own_services: Services) -> None:
    url = own_services.redis_url

    async def scenario() -> list[str]:
        heard: asyncio.Queue[str] = asyncio.Queue()
        begun: asyncio.Queue[None] = asyncio.Queue()
        listening = asyncio.create_task(
            listen(url, on_wake=heard.put_nowait, on_gap=lambda: begun.put_nowait(None))
        )
        names = []
        async with asyncio.timeout(60):
            for name in ("before", "after"):
                await begun.get()
                with redis.Redis.from_url(url) as client:
                    client.publish(WAKE_CHANNEL, name)
                names.append(await heard.get())
                await asyncio.to_thread(own_services.stop_redis)
                await asyncio.to_thread(own_services.start_redis)
        listening.cancel()
        return names

    assert asyncio.run(scenario()) == ["before", "after"]


def test_other_channels_are_not_heard(own_services: Services) -> None:
    url = own_services.redis_url

    async def scenario() -> str:
        heard: asyncio.Queue[str] = asyncio.Queue()
        begun = asyncio.Event()
        listening = asyncio.create_task(listen(url, on_wake=heard.put_nowait, on_gap=begun.set))
        async with asyncio.timeout(60):
            await begun.wait()
            with redis.Redis.from_url(url) as client:
                client.publish("events_channel", "not ours")
                client.publish(WAKE_CHANNEL, b"\xff ours")
            first = await heard.get()
        listening.cancel()
        return first

    assert asyncio.run(scenario()) == "\ufffd ours"
