"""F1 to F5: workers that are killed, poisoned, starved of memory, or stand still."""

from __future__ import annotations

from functools import partial

from tests.chaos import marks
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.tables import ten_steps
from tests.chaos.workload import start_here, start_many, wait_for_ends

KILL_SECONDS = 2.0
#: Leases and rounds of the rescuer in the profile of these runs.
LEASE, RESCUE = 4.0, 1.0


def accept(trial: Trial, started: list[str | None]) -> list[str]:
    """Note which starts were accepted; return their ids."""
    accepted = [pk for pk in started if pk is not None]
    trial.accepted += accepted
    trial.tried += len(started)
    if len(accepted) < len(started):
        trial.fail(f"{len(started) - len(accepted)} starts were never accepted")
    return accepted


def all_end(trial: Trial, ids: list[str], *, seconds: float) -> None:
    """Wait for every end, and note which do not come."""
    for pk in wait_for_ends(ids, seconds=seconds)[:10]:
        trial.fail(f"{pk} has not ended after {seconds:g} s")


def note_recovery(trial: Trial) -> None:
    """Measure how long bodies whose worker died stood still, and how many ran again."""
    starts = trial.place.marks.starts()
    deaths = trial.place.nursery.deaths()
    seconds = marks.recoveries(starts, deaths)
    again = marks.repeats(starts)
    trial.measure(
        recovered=len(seconds),
        recovery_p95=marks.percentile(seconds, 0.95),
        recovery_max=max(seconds, default=0.0),
        bodies=len(starts),
        repeated_percent=100 * again.total() / max(1, len(starts)),
    )
    for sentence in marks.overlaps(starts, trial.place.marks.effects(), deaths)[:10]:
        trial.fail(sentence)


def killed_workers(trial: Trial) -> None:
    """Ten steps each, and every two seconds a worker less, until another takes its place."""
    place = trial.place
    workflow = ten_steps()
    with place.kept(), trial.every(KILL_SECONDS, partial(place.kill_a_worker, trial.rng)) as kills:
        ids = accept(trial, start_many(trial.size, partial(start_here, workflow)))
        all_end(trial, ids, seconds=60 + trial.size * 0.5)
        trial.measure(kills=kills())
    note_recovery(trial)


FAULTS = [
    Fault(
        id="F1",
        name="a worker is killed every 2 s",
        target="all finish, none twice, no orphan; recovery p95 ≤ 7 s, max ≤ 10 s",
        inject=killed_workers,
        needs=Needs(workers=3),
        smoke=30,
        full=1_000,
        limits={"recovery_p95": LEASE + RESCUE + 2, "recovery_max": 2 * (LEASE + RESCUE)},
    ),
]
