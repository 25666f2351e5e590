"""F23 and F28 to F33: two who do the same thing at the same time, told as often as it takes.

These races are in :mod:`tests.races`, which waits for locks and not for time; here they are run and
counted.  Refuses to tell any of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from typing import Any

from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.programs import ROOT

#: What an installation chooses for itself, and the races must choose anew.
_OURS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "BROKER_URL", "STATE_DIR")


def told(fault: str, trial: Trial) -> None:
    """Tell each race of ``fault`` ``trial.size`` times."""
    command = [
        *(sys.executable, "-m", "tests.races", "--database", trial.place.database),
        *("--only", fault, "--seed", str(trial.seed), "--times", str(trial.size)),
    ]
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    tallies = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    trial.check(tallies, f"nothing was told: {done.stderr[-500:]}")
    for tally in tallies:
        trial.tried += tally["tried"]
        trial.note(f"{tally['name'].replace('_', ' ')} {tally['tried']:,}")
        for _ in range(tally["failed"]):
            trial.fail(f"{tally['name']}: {tally['first_failure']}")


def _fault(fault: str, full: int, name: str, target: str, **options: Any) -> Fault:
    return Fault(
        id=options.pop("id", fault),
        name=name,
        target=target,
        inject=partial(told, fault),
        needs=Needs(workers=0),
        smoke=3,
        full=full,
        seconds=3_600,
        **options,
    )


FAULTS = [
    _fault(
        "F23",
        500,
        "two transactions that cannot both win",
        "none reaches a user, none is lost",
        id="F23b",
        databases=("postgres",),
    ),
    _fault("F28", 1_000, "branches end at the same moment", "each join begins exactly once"),
    _fault(
        "F29", 400, "a cancellation meets an end", "one wins, nothing begins after it, no deadlock"
    ),
    _fault("F30", 500, "several answers at once", "one wins, the others are told so"),
    _fault("F31", 1_000, "an event meets its wait", "none is lost, none counts twice"),
    _fault("F32", 200, "commands meet what runs", "never two attempts at once"),
    _fault(
        "F33", 400, "a cancellation meets items and children that begin", "none begins after it"
    ),
]
