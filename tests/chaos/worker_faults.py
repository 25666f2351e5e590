"""F1 to F5 and F10: workers that are killed, poisoned, starved, paused, or asked to stop."""

from __future__ import annotations

import time
from functools import partial

import psutil

from executions_app.models import Execution, StepRun
from tests.chaos import marks
from tests.chaos.crash_points import Crash
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs, is_ready, worker_name
from tests.chaos.outcomes import (
    LEASE,
    RESCUE,
    accept,
    all_complete,
    all_end,
    note_recovery,
    same_keys,
    start_steadily,
)
from tests.chaos.programs import wait_until
from tests.chaos.tables import node, ten_steps
from tests.chaos.workload import insistently, start_here, start_many, wait_for_room
from tests.published import chain, published

KILL_SECONDS = 2.0
FENCED = "an outcome came too late and was dropped"


def killed_workers(trial: Trial) -> None:
    """Ten steps each, and every two seconds a worker less, until another takes its place."""
    place = trial.place
    workflow = ten_steps()
    with place.kept(), trial.every(KILL_SECONDS, partial(place.kill_a_worker, trial.rng)) as kills:
        ids = start_steadily(trial, partial(start_here, workflow))
        all_complete(trial, ids, seconds=300)
        trial.measure(kills=kills())
    note_recovery(trial)
    same_keys(trial)


def killed_children(trial: Trial) -> None:
    """A prefork worker's children are killed one by one, as the kernel does for memory."""
    place = trial.place
    workflow = ten_steps()
    deaths: dict[int, float] = {}

    def kill() -> None:
        if len(deaths) >= trial.size:
            return
        worker = place.a_worker(trial.rng)
        assert worker is not None, "no worker is ready"
        child = trial.rng.choice(psutil.Process(worker.pid).children())
        child.kill()
        deaths[child.pid] = time.time()

    ids: list[str] = []
    with trial.every(1.0, kill):
        while len(deaths) < trial.size and not trial.failures:
            ids += accept(trial, start_many(10, partial(start_here, workflow, work_seconds=0.1)))
            wait_for_room(ids, less_than=20)
    all_complete(trial, ids, seconds=120)
    trial.check(
        all(worker.is_alive for worker in place.workers), "a worker ended with one of its children"
    )
    trial.measure(kills=len(deaths))
    note_recovery(trial, deaths)


def poisoned(trial: Trial) -> None:
    """Steps that kill their worker each time, among many that do nothing wrong."""
    place = trial.place
    bad = published(*chain(node("before"), node("poison", "poison", retry={"attempts": 5})))
    good = ten_steps()
    neighbours = trial.size * 10
    with place.kept():
        before = accept(trial, start_many(neighbours, partial(start_here, good)))
        all_complete(trial, before, seconds=60 + neighbours)
        poison = accept(trial, start_many(trial.size, partial(start_here, bad)))
        after = accept(trial, start_many(neighbours, partial(start_here, good)))
        all_end(trial, poison, seconds=60 + trial.size * 10)
        all_complete(trial, after, seconds=60 + neighbours)
        back = wait_until(
            lambda: (
                sum(is_ready(worker) for worker in place.workers if worker.is_alive)
                >= place.needs.workers
            ),
            what="all workers to be back",
            seconds=60,
        )
    starts = [mark for mark in place.marks.starts() if mark.step_id == "poison"]
    for pk in poison:
        begun = sum(mark.execution_id == pk for mark in starts)
        trial.check(begun == 3, f"the poison of {pk} began {begun} times")
        error = Execution.objects.values_list("error", flat=True).get(pk=pk) or {}
        trial.check(error.get("code") == "step.worker_lost", f"{pk} failed otherwise: {error}")
    calm, shaken = _p95(before), _p95(after)
    trial.measure(
        poison=len(poison),
        poison_starts=len(starts),
        workers_back=back,
        neighbours_p95_before=calm,
        neighbours_p95=shaken,
    )


def _p95(ids: list[str]) -> float:
    rows = Execution.objects.filter(pk__in=ids, ended_at__isnull=False)
    times = rows.values_list("created_at", "ended_at")
    return marks.percentile([(end - start).total_seconds() for start, end in times], 0.95)


def starved(trial: Trial) -> None:
    """Steps that ask for more memory than there is; what handles their failure runs."""
    nodes, edges = chain(node("eats", "glutton", on_error="continue"), node("after"))
    workflow = published(nodes, edges)
    ids = accept(trial, start_many(trial.size, partial(start_here, workflow)))
    all_complete(trial, ids, seconds=60 + trial.size)
    for pk in ids:
        row = StepRun.objects.get(execution_id=pk, node_id="eats")
        said = str(row.error).lower()
        trial.check("memory" in said, f"the failure of {pk} does not name memory: {row.error}")
    after = {mark.execution_id for mark in trial.place.marks.starts() if mark.step_id == "after"}
    trial.check(after == set(ids), "the step that follows the failure did not run everywhere")
    trial.check(all(worker.is_alive for worker in trial.place.workers), "a worker died of it")


def paused(trial: Trial) -> None:
    """Workers that stand still for longer than their lease, and wake up with a result."""
    place = trial.place
    workflow = published(*chain(node("held", "hold"), node("after")))
    fenced = 0
    while fenced < trial.size:
        ids = accept(trial, start_many(min(8, 2 * trial.size), partial(start_here, workflow)))
        place.until(lambda ids=ids: _begun(trial, ids) == len(ids), what="all bodies to have begun")
        asleep = max(place.workers, key=_holds)
        held = list(_claims(worker_name(asleep)))
        asleep.pause()
        try:
            place.until(
                lambda held=held: all(_begun(trial, [pk]) > 1 for pk in held),
                what="another worker to begin what the paused one holds",
                seconds=3 * LEASE + 60,
            )
            for pk in ids:
                place.marks.go(pk)
            all_complete(trial, ids, seconds=60)
        finally:
            asleep.resume()
        seen = fenced
        place.until(
            lambda seen=seen, held=held: place.logs().count(FENCED) >= seen + len(held),
            what=f"{len(held)} outcomes to come too late",
        )
        fenced = place.logs().count(FENCED)
    trial.measure(pauses=fenced, fenced=fenced)


def _begun(trial: Trial, ids: list[str]) -> int:
    wanted = set(ids)
    starts = trial.place.marks.starts()
    return sum(mark.execution_id in wanted and mark.step_id == "held" for mark in starts)


def _claims(name: str) -> list[str]:
    claims = StepRun.objects.filter(
        claimed_by__startswith=name, claimed_at__isnull=False, node_id="held"
    )
    return list(insistently(lambda: list(claims.values_list("execution_id", flat=True))))


def _holds(worker: object) -> int:
    return len(_claims(worker_name(worker)))  # type: ignore[arg-type]


def paused_inside(trial: Trial) -> None:
    """A worker that stands still in the middle of its transaction, and holds its locks."""
    place = trial.place
    workflow = ten_steps()
    begun = time.monotonic()
    place.crashes.order(Crash(point="recording", chance=0.05, at_most=1, stands_still=True))
    ids = accept(trial, start_many(trial.size, partial(start_here, workflow)))
    place.until(lambda: place.crashes.count == 1, what="a worker to stand still in a transaction")
    all_complete(trial, ids, seconds=150)
    trial.measure(stood_still=time.monotonic() - begun)


def stopped(trial: Trial) -> None:
    """Workers are replaced one after another while steps run, as a deployment does."""
    place = trial.place
    workflow = ten_steps()
    ids: list[str] = []
    stops, slowest = 0, 0.0
    context = {"work_seconds": 0.3}
    while stops < trial.size:
        for leaving in list(place.workers):
            ids += accept(trial, start_many(8, partial(start_here, workflow, **context)))
            begun = time.monotonic()
            place.start_worker()
            leaving.stop()
            slowest = max(slowest, time.monotonic() - begun)
            place.workers.remove(leaving)
            stops += 1
            if stops >= trial.size:
                break
    all_complete(trial, ids, seconds=120)
    again = marks.repeats(place.marks.starts()).total()
    trial.check(again <= stops, f"{again} bodies were repeated in {stops} stops")
    trial.measure(stops=stops, slowest_stop=slowest, repeated_bodies=again)


WORKERS = Needs(workers=3, concurrency=4)

FAULTS = [
    Fault(
        id="F1",
        name="a worker is killed every 2 s",
        target="all finish, none twice, no orphan; recovery p95 ≤ 7 s, max ≤ 10 s; repeated ≤ 2 %",
        inject=killed_workers,
        needs=WORKERS,
        smoke=100,
        full=1_000,
        limits={
            "recovery_p95": LEASE + RESCUE + 2,
            "recovery_max": 2 * (LEASE + RESCUE),
            "repeated_percent": 2,
        },
        seconds=1_800,
    ),
    Fault(
        id="F2",
        name="a prefork worker's child is killed",
        target="all finish or are given up by name; recovery p95 ≤ 7 s; the worker lives",
        inject=killed_children,
        needs=Needs(workers=2, pool="prefork", concurrency=4),
        smoke=6,
        full=200,
        limits={"recovery_p95": LEASE + RESCUE + 2},
    ),
    Fault(
        id="F3",
        name="a step kills its worker each time",
        target="given up after exactly 3 starts; all others finish; workers back ≤ 10 s",
        inject=poisoned,
        needs=WORKERS,
        smoke=1,
        full=10,
        limits={"workers_back": 10},
    ),
    Fault(
        id="F4",
        name="a step takes more memory than there is",
        target="fails by a name that says so, what follows runs, no worker dies",
        inject=starved,
        needs=WORKERS,
        smoke=3,
        full=100,
    ),
    Fault(
        id="F5",
        name="a worker stands still for longer than its lease",
        target="what it says too late is dropped, every time; all finish",
        inject=paused,
        needs=WORKERS,
        smoke=2,
        full=100,
        seconds=1_800,
    ),
    Fault(
        id="F5b",
        name="a worker stands still inside its transaction",
        target="all finish within 150 s, though it never wakes up",
        inject=paused_inside,
        needs=WORKERS,
        smoke=10,
        full=50,
        databases=("postgres",),
    ),
    Fault(
        id="F10",
        name="workers are stopped one after another under load",
        target="all finish, nothing failed, at most one body repeated for each stop",
        inject=stopped,
        needs=WORKERS,
        smoke=2,
        full=20,
    ),
]
