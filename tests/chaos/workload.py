"""Starting executions under faults, and waiting for their ends: what a patient client does.

A start that gets no answer is tried again with the same ``Idempotency-Key``.  Refuses to give up
before its patience is over, and to hide how often it had to try.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from knox.models import AuthToken

from executions_app.engine.statuses import FINAL
from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from tests.chaos.marks import percentile
from tests.chaos.programs import wait_until
from workflows_app.models import Workflow

_LOOK_SECONDS = 0.1
_AGAIN_SECONDS = 0.2
#: How long a client waits for one answer.
ANSWER_SECONDS = 30.0


@dataclass(slots=True)
class Client:
    """Somebody with a token who starts executions over HTTP."""

    url: str
    token: str = field(repr=False)
    patience_seconds: float = 120.0
    statuses: Counter[int] = field(default_factory=Counter)
    """What was answered; 0 counts requests without an answer."""
    seconds: list[float] = field(default_factory=list)
    """How long each request took, answered or not."""
    _lock: Any = field(default_factory=threading.Lock)

    def start(self, workflow: Workflow, **body: Any) -> str | None:
        """Return the id of an execution that was accepted, or ``None`` when patience ran out."""
        path = f"/api/workflows/{workflow.pk}/execute/"
        key = str(uuid4())
        until = time.monotonic() + self.patience_seconds
        while time.monotonic() < until:
            answer = self.ask("POST", path, json=body, headers={"Idempotency-Key": key})
            if answer is not None and answer.status_code in (200, 201, 202):
                return str(answer.json()["execution_id"])
            time.sleep(_AGAIN_SECONDS)
        return None

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        """Return the answer, ``None`` if there is none."""
        headers = {"Authorization": f"Token {self.token}", **options.pop("headers", {})}
        begun = time.monotonic()
        try:
            answer = httpx.request(
                method, self.url + path, headers=headers, timeout=ANSWER_SECONDS, **options
            )
        except httpx.HTTPError:
            answer = None
        with self._lock:
            self.statuses[answer.status_code if answer is not None else 0] += 1
            self.seconds.append(time.monotonic() - begun)
        return answer

    @property
    def slowest(self) -> float:
        """How long the slowest request took, in seconds."""
        return max(self.seconds, default=0.0)

    @property
    def p95(self) -> float:
        """Within how many seconds 95 of 100 requests ended."""
        return percentile(self.seconds, 0.95)


def client(url: str, name: str = "ada") -> tuple[User, Client]:
    """Return an account and somebody who has its token."""
    user, _ = User.objects.get_or_create(username=name)
    return user, Client(url, AuthToken.objects.create(user=user)[1])


def start_here(workflow: Workflow, **context: Any) -> str:
    """Start one in this process, by the database alone; return its id.

    Tries again where the database is away; ``context`` is seen by the steps.
    """
    key = str(uuid4())

    def start() -> str:
        return start_execution(workflow, runtime_context=context, idempotency_key=key).pk

    return str(insistently(start))


def start_many(
    count: int, start: Callable[[], str | None], *, at_once: int = 4
) -> list[str | None]:
    """Return what ``count`` calls of ``start`` returned, so many of them at once."""

    def one(_: int) -> str | None:
        try:
            return start()
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once, thread_name_prefix="client") as pool:
        return list(pool.map(one, range(count)))


def insistently(ask: Callable[[], Any], *, seconds: float = 120.0) -> Any:
    """Return what ``ask`` returns, asking again while the database is away."""
    until = time.monotonic() + seconds
    while True:
        try:
            close_old_connections()
            return ask()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(_AGAIN_SECONDS)


def unfinished(ids: Iterable[str]) -> list[str]:
    """Return those of ``ids`` that have not ended, or are not known at all."""
    ended = set(
        insistently(
            lambda: list(Execution.objects.filter(status__in=FINAL).values_list("pk", flat=True))
        )
    )
    return [pk for pk in ids if pk not in ended]


def wait_for_ends(ids: Iterable[str], *, seconds: float) -> list[str]:
    """Return those of ``ids`` that have not ended after ``seconds``; at once when all have."""
    until = time.monotonic() + seconds
    wanted = list(ids)
    while (left := unfinished(wanted)) and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    return left


def wait_for_room(ids: list[str], *, less_than: int, seconds: float = 300.0) -> None:
    """Return once fewer of ``ids`` than that have not ended.

    Raises:
        Impatient: if there are more after ``seconds``.
    """
    wait_until(lambda: len(unfinished(ids)) < less_than, what="executions to end", seconds=seconds)


def statuses(ids: Iterable[str]) -> Mapping[str, int]:
    """Return how many of ``ids`` stand how."""
    wanted = set(ids)
    rows = insistently(lambda: list(Execution.objects.values_list("pk", "status")))
    return Counter(status for pk, status in rows if pk in wanted)
