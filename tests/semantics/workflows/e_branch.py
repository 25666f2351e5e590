"""Section E: arms with conditions."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import asked, gives, recorded, wait_for_begun
from workflows_app.authoring import StepContext, create_workflow


def _meets(other: str) -> Any:
    def body(_: Any, ctx: StepContext) -> str:
        wait_for_begun(ctx, other)
        return ctx.step_id

    return body


two_way = (
    create_workflow(id="s73-two-way")
    .then(recorded("A"))
    .branch([("input.v < 10", gives("x", "small")), ("input.v >= 10", gives("y", "large"))])
    .then(recorded("next"))
    .commit()
)

three_way = (
    create_workflow(id="s75-three-way")
    .branch(
        [
            (lambda ctx: ctx.input_data["v"] < 10, gives("low", 1)),
            (lambda ctx: 10 <= ctx.input_data["v"] < 100, gives("medium", 2)),
            (lambda ctx: ctx.input_data["v"] >= 100, gives("high", 3)),
        ]
    )
    .commit()
)

both = (
    create_workflow(id="s76-both")
    .branch([("true", recorded("x", _meets("y"))), ("input.v > 0", recorded("y", _meets("x")))])
    .commit()
)

none_last = (
    create_workflow(id="s77-none-last")
    .branch([("false", recorded("x")), (lambda ctx: False, recorded("y"))], id="none")
    .commit()
)
none = (
    create_workflow(id="s77-none")
    .branch([("false", recorded("x")), (lambda ctx: False, recorded("y"))], id="none")
    .then(recorded("next"))
    .commit()
)


def _is_large(ctx: Any) -> bool:
    return ctx.input_data["v"] > 1 and (
        ctx.get_step_result("A")["v"] > 100 or ctx.get_init_data()["v"] == 2
    )


#: The same condition twice, in Python and in CEL; and its opposite.
conditions = (
    create_workflow(id="s79-conditions")
    .then(recorded("A", lambda value: {"v": value["v"] * 2}))
    .branch(
        [
            (asked("python", _is_large), recorded("x")),
            ("input.v > 1 && (steps.A.v > 100 || inputs.v == 2)", recorded("y")),
            ("!(input.v > 1 && (steps.A.v > 100 || inputs.v == 2))", recorded("z")),
        ]
    )
    .commit()
)
