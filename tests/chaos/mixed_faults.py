"""F0, everything at once, and F34, many who look after the same lost work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from executions_app.models import Execution
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.outcomes import (
    LEASE,
    RESCUE,
    all_complete,
    counted_messages,
    note_delays,
    note_recovery,
    same_keys,
    start_steadily,
)
from tests.chaos.tables import ten_steps
from tests.chaos.workload import insistently, start_here

KILL_SECONDS, FLUSH_SECONDS = 2.0, 6.0
RESTARTS = 3


def everything(trial: Trial) -> None:
    """Workers are killed every 2 s, the broker is emptied every 6 s, and PostgreSQL breaks off and
    starts again three times."""
    place = trial.place
    workflow = ten_steps()
    with ExitStack() as stack:
        stack.enter_context(place.kept())
        kills = stack.enter_context(trial.every(KILL_SECONDS, partial(_kill, trial)))
        flushes = stack.enter_context(trial.every(FLUSH_SECONDS, place.broker.flush))
        stack.enter_context(trial.every(0.5, _restarts(trial)))
        ids = start_steadily(trial, partial(start_here, workflow))
        all_complete(trial, ids, seconds=300)
        trial.measure(kills=kills(), flushes=flushes())
    if place.postgres is not None:
        trial.measure(restarts=place.postgres.restarts)
    note_recovery(trial)
    note_delays(trial)
    same_keys(trial)


def _kill(trial: Trial) -> None:
    trial.place.kill_a_worker(trial.rng)


def _restarts(trial: Trial) -> Callable[[], Any]:
    """Return what restarts PostgreSQL when a quarter, a half, and three quarters are done."""
    postgres = trial.place.postgres
    restarts = 1 if trial.is_smoke else RESTARTS
    shares = [part / (restarts + 1) for part in range(1, restarts + 1)]

    def act() -> None:
        if postgres is None or not shares:
            return
        if insistently(_ended) / trial.size >= shares[0]:
            shares.pop(0)
            postgres.restart()

    return act


def _ended() -> int:
    return Execution.objects.filter(ended_at__isnull=False).count()


def rescuers(trial: Trial) -> None:
    """Six workers, each with a rescuer, after a broker that forgets everything every second."""
    place = trial.place
    workflow = ten_steps()
    with counted_messages(trial), trial.every(1.0, place.broker.flush) as flushes:
        ids = start_steadily(trial, partial(start_here, workflow))
        all_complete(trial, ids, seconds=300)
        trial.measure(flushes=flushes())
    note_recovery(trial)
    note_delays(trial)


FAULTS = [
    Fault(
        id="F0",
        name="workers killed every 2 s, broker emptied every 6 s, PostgreSQL restarted 3 times",
        target="accepted = finished, none twice, no orphan",
        inject=everything,
        needs=Needs(workers=3, concurrency=4),
        smoke=100,
        full=1_000,
        limits={"repeated_percent": 5, "recovery_p95": 2 * (LEASE + RESCUE)},
        seconds=2_400,
    ),
    Fault(
        id="F34",
        name="six rescuers at once",
        target="all finish, none twice, no orphan; at most three messages for a step",
        inject=rescuers,
        needs=Needs(workers=6, concurrency=4),
        smoke=20,
        full=1_000,
        limits={"messages_for_a_step": 3},
        seconds=1_800,
    ),
]
