"""The steps, and one workflow from the Python builder with everything it can say."""

from __future__ import annotations

import os

from tests.live.workflows_for_tests import steps
from workflows_app.authoring import Step, create_step, create_workflow, map_variable

#: Ids of steps that a worker does without, as if it ran another release.
MISSING = frozenset(os.environ.get("LIVE_STEPS_MISSING", "").split(","))

globals().update(
    {
        name: value
        for name, value in vars(steps).items()
        if isinstance(value, Step) and value.id not in MISSING
    }
)

double = create_step(id="live-double", execute=lambda value: {"n": value["n"] * 2})
square = create_step(id="live-square", execute=lambda value: {"n": value["n"] ** 2})
total = create_step(id="live-total", execute=lambda value: {"n": sum(value.values())})

#: 3 -> {double: 6, square: 9} -> 15 -> 16
arithmetic = (
    create_workflow(id="live-arithmetic")
    .parallel([double, square])
    .map({name: map_variable(step=name, path="n") for name in ("live-double", "live-square")})
    .then(total)
    .map(lambda ctx: {"n": ctx.input_data["n"] + 1, "from": ctx.get_init_data()["n"]}, id="more")
    .commit()
)
