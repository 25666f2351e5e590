"""Work that goes on while something is broken, and questions about how far it is.

Refuses to break anything: that is what the block inside does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from executions_app.models import Event, Execution
from tests.chaos import marks
from tests.chaos.faults import Trial
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.workload import Client, insistently, start_many
from workflows_app.models import Workflow

Start = Callable[[], str | None]
#: Starts handed to clients at a time.
_BATCH = 8
#: With so many unfinished, an endless load starts no more for the moment.
_ENOUGH = 24
PATIENCE_SECONDS = 60.0


@contextmanager
def loading(trial: Trial, start: Start) -> Iterator[Callable[[], float]]:
    """Start ``trial.size`` executions while the block runs, and wait for all ends after it.

    Yields what says which share of them (0 to 1) has ended.
    """
    over = threading.Event()
    with _starting(trial, start, lambda n: n < trial.size and not over.is_set()) as thread:
        try:
            yield lambda: ended() / trial.size
        except BaseException:
            over.set()
            raise
        thread.join(timeout=900)


@contextmanager
def loading_on(trial: Trial, start: Start) -> Iterator[None]:
    """Start executions as long as the block runs, and wait for all ends after it."""
    over = threading.Event()

    def goes_on(_: int) -> bool:
        while not over.is_set() and unended() > _ENOUGH:
            time.sleep(0.1)
        return not over.is_set()

    with _starting(trial, start, goes_on):
        try:
            yield
        finally:
            over.set()


@contextmanager
def _starting(
    trial: Trial, start: Start, goes_on: Callable[[int], bool]
) -> Iterator[threading.Thread]:
    started: list[str | None] = []

    def run() -> None:
        try:
            while goes_on(len(started)):
                left = trial.size - len(started)
                started.extend(start_many(min(_BATCH, left) if left > 0 else _BATCH, start))
        finally:
            connection.close()

    thread = threading.Thread(target=run, name="load", daemon=True)
    thread.start()
    yield thread
    thread.join(timeout=900)
    ids = accept(trial, started)
    all_complete(trial, ids, seconds=120 + len(ids) * 0.5)


@contextmanager
def several(trial: Trial, act: Callable[[], None], *, at_once: int) -> Iterator[None]:
    """Do ``act`` over and over, on so many threads, while the block runs."""

    def acting() -> None:
        try:
            act()
        finally:
            connection.close()

    with ExitStack() as stack:
        for _ in range(at_once):
            stack.enter_context(trial.every(0.02, acting))
        yield


def let_pass(seconds: float) -> None:
    """Return after ``seconds``, in which a fault does what it does."""
    threading.Event().wait(seconds)


def owned(workflow: Workflow, user: Any) -> Workflow:
    """Return ``workflow``, given to ``user``, who may then start it over HTTP."""
    workflow.owner = user
    workflow.save(update_fields=["owner"])
    return workflow


def ended() -> int:
    """Return how many executions have ended, of those that somebody started."""
    return _asked(lambda: Execution.objects.filter(ended_at__isnull=False, trigger="api").count())


def unended() -> int:
    """Return how many executions have not."""
    return _asked(lambda: Execution.objects.filter(ended_at=None).count())


def ended_steps() -> int:
    """Return how many steps have ended well."""
    return _asked(lambda: Event.objects.filter(type="step_completed").count())


def _asked(ask: Callable[[], int]) -> int:
    return int(insistently(ask))


def until_a_step_ends(since: datetime) -> float:
    """Return how many seconds after ``since`` (aware) the first step ended."""
    ends = Event.objects.filter(type="step_completed", at__gt=since).order_by("at")
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = insistently(lambda: ends.values_list("at", flat=True).first())
        if found is not None:
            return float((found - since).total_seconds())
        time.sleep(0.05)
    return PATIENCE_SECONDS


def until_it_answers(client: Client) -> float:
    """Return how many seconds it took until the API answered as it should."""
    begun = time.monotonic()
    while (answer := client.ask("GET", "/api/executions/")) is None or answer.status_code != 200:
        if time.monotonic() > begun + PATIENCE_SECONDS:
            break
        time.sleep(0.05)
    return time.monotonic() - begun


def note_repeats(trial: Trial) -> None:
    """Measure how many bodies began again although no worker died."""
    starts = trial.place.marks.starts()
    trial.measure(bodies=len(starts), repeated=marks.repeats(starts).total())
