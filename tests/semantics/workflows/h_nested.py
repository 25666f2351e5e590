"""Section H: workflows as steps of workflows."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import gives, recorded
from workflows_app.authoring import StepContext, create_workflow

inner = (
    create_workflow(id="s128-w")
    .then(recorded("i1", lambda n: n + 1))
    .then(recorded("i2", lambda n: n * 10))
    .commit()
)
outer = (
    create_workflow(id="s128-outer")
    .then(recorded("A", lambda n: n + 1))
    .then(inner)
    .then(recorded("B"))
    .commit()
)


def _sees(_: Any, ctx: StepContext) -> dict[str, Any]:
    return {
        "init": ctx.get_init_data(),
        "i1": ctx.get_step_result("i1"),
        "w": ctx.get_step_result("s129-w"),
        "A": ctx.get_step_result("A"),
    }


_seeing = (
    create_workflow(id="s129-w").then(gives("i1", "inner")).then(recorded("i2", _sees)).commit()
)
seeing = (
    create_workflow(id="s129-outer")
    .then(gives("A", {"from": "A"}))
    .then(_seeing)
    .then(recorded("B", _sees))
    .commit()
)


class OddError(Exception):
    """Has fields of its own."""

    def __init__(self) -> None:
        super().__init__("the inner step is broken")
        self.status_code = 418


def fail(_: object) -> None:
    raise OddError


_failing = create_workflow(id="s130-w").then(recorded("i1", fail)).then(recorded("i2")).commit()
failing = create_workflow(id="s130-outer").then(_failing).then(recorded("later")).commit()

_third = create_workflow(id="s132-c").then(recorded("step", lambda text: f"{text}c")).commit()
_second = (
    create_workflow(id="s132-b").then(recorded("step", lambda text: f"{text}b")).then(_third)
).commit()
three_levels = (
    create_workflow(id="s132-a")
    .then(recorded("step", lambda text: f"{text}a"))
    .then(_second)
    .then(recorded("end", lambda text: f"{text}!"))
    .commit()
)

_branching = (
    create_workflow(id="s133-inner")
    .branch([("input.v > 0", gives("plus", "+")), ("input.v <= 0", gives("minus", "-"))])
    .commit()
)
branch_inside = create_workflow(id="s133-inside").then(_branching).then(recorded("end")).commit()

_if = create_workflow(id="s133-if").then(recorded("yes", lambda value: f"if {value['v']}")).commit()
_else_and = (
    create_workflow(id="s133-else-and").then(recorded("deep", lambda value: "deep")).commit()
)
_else = (
    create_workflow(id="s133-else")
    .then(recorded("no"))
    .branch([("input.v == 0", _else_and), ("input.v != 0", gives("shallow", "shallow"))])
    .commit()
)
branch_between = (
    create_workflow(id="s133-between").branch([("input.v > 0", _if), ("input.v <= 0", _else)])
).commit()
