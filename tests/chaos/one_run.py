"""Runs faults with equal needs, one after another, on one installation: the child of ``__main__``.

Reads a JSON order from its arguments, writes one JSON line for each fault to the file named there.
Stops after the first fault that failed: what it left behind must not spoil the next one.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.installation import Installation, Needs


def main(order: dict[str, Any]) -> None:
    """Run what ``order`` says."""
    directory = Path(tempfile.mkdtemp(prefix="celeriac-chaos-"))
    given = order["needs"]
    needs = Needs(
        **{**given, "proxies": frozenset(given["proxies"])}
        | {"environment": tuple((name, value) for name, value in given["environment"])}
    )
    place = Installation(directory, order["database"], needs)
    is_good = False
    try:
        place.open()
        place.start()
        is_good = all(_run(place, one, order) for one in order["faults"])
    finally:
        place.close()
        if is_good or not order["keep"]:
            shutil.rmtree(directory, ignore_errors=True)
        else:
            print(f"its logs are in {directory}", file=sys.stderr)


def _run(place: Installation, asked: dict[str, Any], order: dict[str, Any]) -> bool:
    # Only now: Django knows its database.
    from tests.chaos import invariants, scoreboard
    from tests.chaos.faults import Result, Trial, catalogue

    fault = catalogue()[asked["id"]]
    place.make_whole()
    trial = Trial(place, asked["size"], order["seed"], is_smoke=order["size"] == "smoke")
    begun = time.monotonic()
    try:
        fault.inject(trial)
    except Exception as error:
        import traceback

        traceback.print_exc()
        trial.fail(f"the run broke off: {error!r}")
    seconds = time.monotonic() - begun
    place.heal()
    scene = invariants.Scene(
        trial.accepted, place.marks.starts(), trial.seed, may_stay=trial.may_stay
    )
    laws = invariants.broken(scene)
    wrong = [*trial.failures, *(f"{law}: {text}" for law, texts in laws.items() for text in texts)]
    missed = [
        f"{name} {trial.measures[name]:g} > {limit:g}"
        for name, limit in fault.limits.items()
        if not trial.is_smoke and trial.measures.get(name, 0) > limit
    ]
    result = Result(
        fault=fault.id,
        name=fault.name,
        database=place.database,
        target=fault.target,
        value=_in_words(trial),
        tried=trial.tried,
        failed=len(wrong),
        seed=trial.seed,
        seconds=round(seconds, 1),
        date=datetime.now(UTC).date().isoformat(),
        commit=scoreboard.commit(),
        versions=scoreboard.versions(place.database),
        size=order["size"],
        measures=trial.measures,
        missed=tuple(missed),
        note="; ".join(wrong[:10]),
    )
    with open(order["results"], "a") as file:
        file.write(json.dumps(result.to_json()) + "\n")
    return result.is_good


def _in_words(trial: Any) -> str:
    from tests.chaos.workload import unfinished

    ended = len(trial.accepted) - len(unfinished(trial.accepted))
    told = [f"{len(trial.accepted):,} accepted, {ended:,} ended"] if trial.accepted else []
    numbers = [f"{name.replace('_', ' ')} {value:g}" for name, value in trial.measures.items()]
    return "; ".join(part for part in (*told, *trial.notes, ", ".join(numbers)) if part)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
