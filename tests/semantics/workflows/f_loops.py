"""Section F: loops."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import asked, recorded
from workflows_app.authoring import create_workflow


def inc(value: dict[str, int]) -> dict[str, int]:
    return {"v": value["v"] + 1}


counting = (
    create_workflow(id="s90-counting").dountil(recorded("inc", inc), "input.v >= 10").commit()
)

while_below = (
    create_workflow(id="s91-while-below")
    .dowhile(recorded("inc", inc), asked("condition", lambda ctx: ctx.input_data["v"] < 3))
    .commit()
)

while_counted = (
    create_workflow(id="s91-while-counted")
    .dowhile(recorded("inc", inc), "input.v == iteration && iteration < 3")
    .commit()
)

while_never = create_workflow(id="s92-while-never").dowhile(recorded("inc", inc), "false").commit()
until_at_once = (
    create_workflow(id="s92-until-at-once").dountil(recorded("inc", inc), lambda ctx: True).commit()
)


def append(value: dict[str, Any]) -> dict[str, Any]:
    return {"items": [*value["items"], len(value["items"])]}


gathering = (
    create_workflow(id="s93-gathering")
    .dowhile(recorded("append", append), "size(input.items) < 4")
    .commit()
)

surrounded = (
    create_workflow(id="s94-surrounded")
    .then(recorded("A", lambda value: {"v": value["v"] * 10}))
    .dountil(recorded("inc", inc), "input.v >= 13")
    .then(recorded("F", lambda value: {"final": value["v"]}))
    .commit()
)
