"""F11 to F15: a broker that is emptied, killed, deaf, replaced or full."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from executions_app.models import StepRun
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.outcomes import accept, all_complete, note_delays, start_steadily
from tests.chaos.stores import Valkey, free_port
from tests.chaos.tables import ten_steps
from tests.chaos.workload import Client, client, start_here, start_many, unfinished
from workflows_app.models import Workflow

FLUSH_SECONDS = 6.0
OUTAGES = 3


def flushed(trial: Trial) -> None:
    """Everything in the broker is gone, again and again."""
    place = trial.place
    workflow = ten_steps()
    seconds = 0.3 if trial.is_smoke else FLUSH_SECONDS
    with trial.every(seconds, place.broker.flush) as flushes:
        ids = start_steadily(trial, partial(start_here, workflow, work_seconds=0.1), in_flight=40)
        all_complete(trial, ids, seconds=300)
        trial.measure(flushes=flushes())
    note_delays(trial)


@contextmanager
def _starting(
    trial: Trial, someone: Client, workflow: Workflow, ids: list[str], *, count: int
) -> Iterator[None]:
    """Start ``count`` executions over HTTP while the block runs, and until all are accepted."""

    def start() -> None:
        ids.extend(accept(trial, start_many(count, partial(someone.start, workflow), at_once=2)))

    starter = threading.Thread(target=start, name="starter", daemon=True)
    starter.start()
    try:
        yield
    finally:
        starter.join(timeout=600)


def _outages(trial: Trial, *, begin: object, end: object, seconds: tuple[float, float]) -> None:
    """Take the broker away three times while executions are started over HTTP, and measure how the
    API answers meanwhile, and how long it takes after the return until steps are done again."""
    place, rounds = trial.place, 1 if trial.is_smoke else OUTAGES
    user, someone = client(place.web_url)
    workflow = ten_steps(owner=user)
    ids: list[str] = []
    slowest_back, returns = 0.0, list[float]()
    for _ in range(rounds):
        with _starting(trial, someone, workflow, ids, count=max(1, trial.size // rounds)):
            begin()  # type: ignore[operator]
            away = threading.Event()
            away.wait(trial.rng.uniform(*seconds))
            end()  # type: ignore[operator]
            returned = time.monotonic()
            returns.append(time.time())
        probe = accept(trial, [start_here(ten_steps())])
        place.until(lambda probe=probe: not unfinished(probe), what="steps to go on", seconds=120)
        slowest_back = max(slowest_back, time.monotonic() - returned)
    all_complete(trial, ids, seconds=120 + trial.size)
    odd = {status: n for status, n in someone.statuses.items() if status not in (202, 503)}
    trial.check(not odd, f"the API answered {odd}")
    trial.measure(
        refused=someone.statuses[503],
        api_p95=someone.p95,
        api_slowest=someone.slowest,
        back_after=slowest_back,
        stranded_for=max(_stranded(trial, at) for at in returns),
    )


def _nobody_ended(trial: Trial) -> None:
    for worker in trial.place.workers:
        trial.check(worker.is_alive, f"{worker.name} ended: {worker.text()[-300:]}")


def _stranded(trial: Trial, returned_at: float) -> float:
    """Return how long after the broker's return the last step began that had come due before."""
    due = {
        f"{pk}:{node_id}": at.timestamp()
        for pk, node_id, at in StepRun.objects.filter(scheduled_at__isnull=False).values_list(
            "execution_id", "node_id", "scheduled_at"
        )
    }
    first: dict[str, float] = {}
    for mark in trial.place.marks.starts():
        first.setdefault(mark.idempotency_key, mark.at)
    late = [at - returned_at for key, at in first.items() if due.get(key, at) < returned_at]
    return max(late, default=0.0)


def killed(trial: Trial) -> None:
    """The broker is killed with all it holds, and comes back empty after 8 to 15 seconds."""
    broker = trial.place.broker
    seconds = (2.0, 3.0) if trial.is_smoke else (8.0, 15.0)
    _outages(trial, begin=broker.kill, end=broker.start, seconds=seconds)
    _nobody_ended(trial)


def deaf(trial: Trial) -> None:
    """The broker's machine takes everything and answers nothing: no reset, no end."""
    proxy = trial.place.proxies["broker"]
    seconds = (5.0, 6.0) if trial.is_smoke else (60.0, 61.0)
    _outages(trial, begin=proxy.blackhole, end=proxy.heal, seconds=seconds)
    _nobody_ended(trial)


def replaced(trial: Trial) -> None:
    """Another, empty server takes over in the midst of work."""
    place = trial.place
    proxy, first = place.proxies["broker"], place.broker
    workflow = ten_steps()
    second = Valkey(place.nursery, place.directory, free_port())
    second.start()
    try:
        switches = 0
        while switches < max(1, trial.size // 100):
            part = max(1, min(trial.size, 100))
            started = start_many(part, partial(start_here, workflow, work_seconds=0.1))
            ids = accept(trial, started)
            proxy.aim(f"127.0.0.1:{(second if switches % 2 == 0 else first).port}")
            switches += 1
            all_complete(trial, ids, seconds=120)
        trial.measure(failovers=switches)
        note_delays(trial)
    finally:
        proxy.aim(f"127.0.0.1:{first.port}")
        second.kill()


def full(trial: Trial) -> None:
    """The broker takes no more: first for want of memory, then because it may only be read."""
    broker = trial.place.broker

    def fill() -> None:
        with broker.client() as asked:
            asked.config_set("maxmemory", "1")

    def drain() -> None:
        with broker.client() as asked:
            asked.config_set("maxmemory", "0")

    def read_only() -> None:
        with broker.client() as asked:
            asked.replicaof("127.0.0.1", str(free_port()))

    def writable() -> None:
        with broker.client() as asked:
            asked.replicaof("NO", "ONE")

    seconds = (2.0, 3.0) if trial.is_smoke else (8.0, 12.0)
    _outages(trial, begin=fill, end=drain, seconds=seconds)
    _nobody_ended(trial)
    # Celery ends a worker whose broker refuses to hand out messages, so somebody restarts it.
    with trial.place.kept():
        _outages(trial, begin=read_only, end=writable, seconds=seconds)
    trial.measure(workers_ended=len(trial.place.nursery.deaths()))


WITH_WEB = Needs(workers=3, web=True)
BEHIND_PROXY = Needs(workers=3, web=True, proxies=frozenset({"broker"}))
BACK = {"api_slowest": 1.0, "back_after": 60.0, "stranded_for": 60.0}

FAULTS = [
    Fault(
        id="F11",
        name="the broker is emptied every 6 s",
        target="all finish, none twice, no orphan; a step begins ≤ 7 s after it came due",
        inject=flushed,
        needs=Needs(workers=3),
        smoke=40,
        full=500,
        limits={"delay_max": 7.0},
        seconds=1_800,
    ),
    Fault(
        id="F12",
        name="the broker is killed for 8 to 15 s, three times",
        target="all finish; the API accepts within 1 s all the while; work goes on ≤ 60 s after",
        inject=killed,
        needs=WITH_WEB,
        smoke=10,
        full=500,
        limits=BACK,
    ),
    Fault(
        id="F13",
        name="the broker takes everything and answers nothing for 60 s, three times",
        target="all finish; the API answers within 5 s; work goes on ≤ 60 s after",
        inject=deaf,
        needs=BEHIND_PROXY,
        smoke=10,
        full=200,
        limits={**BACK, "api_slowest": 5.0},
        seconds=1_800,
    ),
    Fault(
        id="F14",
        name="an empty broker takes over",
        target="all finish, none twice, no orphan; a step begins ≤ 7 s after it came due",
        inject=replaced,
        needs=BEHIND_PROXY,
        smoke=20,
        full=500,
        limits={"delay_max": 7.0},
    ),
    Fault(
        id="F15",
        name="the broker has no room, or may only be read",
        target="all finish; the API answers within 1 s; work goes on ≤ 60 s after",
        inject=full,
        needs=WITH_WEB,
        smoke=10,
        full=200,
        limits=BACK,
    ),
]
