"""What readers cost while nothing happens, and how many a user may have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import httpx
import psutil
import pytest
from django.contrib.auth.models import User
from django.db import connection

from executions_app.models import Execution
from executions_app.streaming.stream_slots import MAX_STREAMS
from tests.streaming.log_rows import a_user, an_execution, append
from tests.streaming.web import NAME, Web

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


def connections_held(web: Web) -> int:
    """Return how many connections to the database the web process has."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME]
            )
            return int(cursor.fetchone()[0])
    name = str(connection.settings_dict["NAME"])
    return sum(file.path == name for file in psutil.Process(web.process.pid).open_files())


def in_thread(work: Callable[..., T], *args: Any, **options: Any) -> Awaitable[T]:
    """Run what uses the database, and leave no connection behind."""

    def run() -> T:
        try:
            return work(*args, **options)
        finally:
            connection.close()

    return asyncio.to_thread(run)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await in_thread(condition):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def streams(
    client: httpx.AsyncClient, execution: Execution, count: int
) -> AsyncIterator[list[AsyncIterator[str]]]:
    """Hold ``count`` streams, each of which has said everything there is."""
    path = f"/api/executions/{execution.pk}/stream/"
    async with AsyncExitStack() as held:
        opened = []
        for _ in range(count):
            response = await held.enter_async_context(client.stream("GET", path))
            assert response.status_code == 200
            lines = response.aiter_lines()
            await anext(line async for line in lines if line == f"id: {execution.last_seq}")
            opened.append(lines)
        yield opened


def test_two_hundred_idle_readers_hold_no_connection_and_no_thread(web: Web) -> None:
    users = [a_user(), a_user()]
    executions = [an_execution(user, events=3) for user in users]
    for execution in executions:
        execution.refresh_from_db()
    clients = [web.async_client(user) for user in users]

    async def scenario() -> tuple[int, list[str]]:
        async with AsyncExitStack() as held:
            readers = []
            for client, execution in zip(clients, executions, strict=True):
                await held.enter_async_context(client)
                readers += await held.enter_async_context(streams(client, execution, 100))
            await until(lambda: connections_held(web) == 0)
            threads = psutil.Process(web.process.pid).num_threads()
            for execution in executions:
                await in_thread(append, execution, "log", message="news", level="info")
                web.hint(execution.pk)
            news = [await anext(line async for line in r if line == "id: 4") for r in readers]
            return threads, news

    threads, news = asyncio.run(scenario())

    assert threads < 40
    assert len(news) == 200


def test_a_user_may_hold_so_many_streams_and_no_more(web: Web) -> None:
    ada, bob = a_user(), a_user()
    execution = an_execution(ada, events=1)
    execution.refresh_from_db()
    of_bob = an_execution(bob, events=1)
    client, other = web.async_client(ada), web.async_client(bob)
    path = f"/api/executions/{execution.pk}/stream/"

    async def scenario() -> tuple[httpx.Response, int]:
        async with client, other:
            async with streams(client, execution, MAX_STREAMS):
                refused = await client.get(path)
                async with other.stream("GET", f"/api/executions/{of_bob.pk}/stream/") as held:
                    of_another = held.status_code

            async def has_room() -> bool:
                async with client.stream("GET", path) as response:
                    return response.status_code == 200

            async with asyncio.timeout(60):
                while not await has_room():
                    await asyncio.sleep(0.05)
            return refused, of_another

    refused, of_another = asyncio.run(scenario())

    assert refused.status_code == 429
    assert refused.json()["code"] == "stream.limit"
    assert of_another == 200


def test_readers_who_leave_at_once_leave_nothing_behind(web: Web) -> None:
    ada: User = a_user()
    execution = an_execution(ada, events=1)
    execution.refresh_from_db()
    client = web.async_client(ada)
    path = f"/api/executions/{execution.pk}/stream/"

    async def leave_early() -> None:
        try:
            async with asyncio.timeout(0.02), client.stream("GET", path):
                pass
        except TimeoutError:
            pass

    async def scenario() -> None:
        async with client:
            for _ in range(6):
                await asyncio.gather(*(leave_early() for _ in range(40)))
            async with asyncio.timeout(60):
                while (await client.get("/healthz")).status_code != 200:
                    pass

            async def all_room() -> None:
                async with streams(client, execution, MAX_STREAMS):
                    pass

            async with asyncio.timeout(60):
                while True:
                    try:
                        return await all_room()
                    except AssertionError:
                        await asyncio.sleep(0.1)

    asyncio.run(scenario())
