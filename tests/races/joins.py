"""Arms that end at once (F28): the join after them begins, and begins once."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.races.side_by_side import collide
from tests.races.stories import Stage, done, step, story, told

WIDEST = 50


def _fork(width: int) -> dict[str, Any]:
    arms = [f"arm_{number}" for number in range(width)]
    nodes = [*(step(arm) for arm in arms), step("join")]
    return {"nodes": nodes, "edges": [[arm, "join"] for arm in arms]}


@story("F28", times=1_000)
def the_last_two_arms_end_at_once(stage: Stage) -> None:
    width = 2 + stage.number % (WIDEST - 1)
    execution = stage.start(f"fork of {width}", lambda: _fork(width))
    arms = stage.claims()
    stage.rng.shuffle(arms)
    for arm in arms[2:]:
        assert done(arm)

    came = collide(partial(done, arms[0]), partial(done, arms[1]))

    assert came == (True, True)
    assert told(execution, "step_scheduled", node_id="join") == 1
    assert len(stage.broker.waiting) == 1
    stage.finish(execution)
