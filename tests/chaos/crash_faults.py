"""F6 to F9: workers that die at a named place between two writes."""

from __future__ import annotations

from functools import partial

from executions_app.sync_points import Point
from tests.chaos.crash_points import Crash
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.outcomes import accept, all_complete, note_delays, note_recovery, same_keys
from tests.chaos.tables import ten_steps
from tests.chaos.workload import start_here, start_many, wait_for_room

#: How likely a worker dies at each passage.  Whatever it held is hit with it, and what is hit three
#: times is given up; so deaths must be much rarer than steps.
CHANCE = 0.03
_BATCH = 10


def die_at(point: Point, trial: Trial, *, chance: float = CHANCE) -> None:
    """Let ``trial.size`` workers die at ``point`` while executions of ten steps run."""
    place = trial.place
    workflow = ten_steps()
    ids: list[str] = []
    place.crashes.order(Crash(point=point.value, chance=chance, at_most=trial.size))
    with place.kept():
        while place.crashes.count < trial.size and len(ids) < 40 * (trial.size + 10):
            ids += accept(trial, start_many(_BATCH, partial(start_here, workflow)))
            wait_for_room(ids, less_than=2 * _BATCH)
        deaths = place.crashes.count
        all_complete(trial, ids, seconds=120)
    trial.check(deaths >= trial.size, f"only {deaths} workers came to die at {point.value!r}")
    trial.measure(crashes=deaths)
    note_recovery(trial)
    note_delays(trial)
    same_keys(trial)


def die_rescuing(trial: Trial) -> None:
    """Let workers die while they take up what others lost, before that is committed."""
    place = trial.place
    with trial.every(1.5, partial(place.kill_a_worker, trial.rng)):
        die_at(Point.RESCUING, trial, chance=0.5)


NEEDS = Needs(workers=3, concurrency=4)
RESULT = "all finish, none twice, no orphan"


def _fault(id: str, name: str, point: Point, target: str, **options: object) -> Fault:
    return Fault(
        **{  # type: ignore[arg-type]
            "id": id,
            "name": f"a worker dies {name}",
            "target": target,
            "inject": partial(die_at, point),
            "needs": NEEDS,
            "smoke": 2,
            "full": 200,
            "seconds": 1_800.0,
            **options,
        }
    )


FAULTS = [
    _fault("F6", "between a step's effect and its record", Point.DONE, f"{RESULT}; the same key"),
    _fault("F6b", "after its claim, before the body", Point.CLAIMED, RESULT),
    _fault(
        "F7",
        "after the commit, before anybody is told",
        Point.RECORDED,
        f"{RESULT}; the next step begins ≤ 7 s after it came due",
        limits={"delay_max": 7.0},
    ),
    _fault(
        "F8",
        "with a message it has not claimed",
        Point.RECEIVED,
        f"{RESULT}; sent again, begun ≤ 7 s after it came due",
        limits={"delay_max": 7.0},
    ),
    _fault("F9", "inside the transaction that moves on", Point.RECORDING, RESULT),
    _fault(
        "F9b",
        "while it takes up lost work",
        Point.RESCUING,
        RESULT,
        inject=die_rescuing,
        smoke=1,
        full=50,
    ),
]
