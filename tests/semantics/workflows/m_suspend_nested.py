"""Section M: suspending and resuming inside nested workflows."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _start(value: Any) -> Any:
    return {"new_value": value["start_value"] + 1}


def _other(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({"ask": "other"}) if ctx.resume_data is None else {"other": 26}


def _final(value: Any, ctx: StepContext) -> Any:
    return {"final_value": ctx.get_step_result("start")["new_value"] + value["other"]}


other = recorded("other", _other)

#: {start_value: 0} -> {final_value: 1 + 26}
counter = (
    create_workflow(id="m-w")
    .then(recorded("start", _start))
    .then(other)
    .then(recorded("final", _final))
    .commit()
)

#: 222
around_one = (
    create_workflow(id="m-around-one")
    .then(recorded("begin"))
    .then(counter)
    .then(recorded("last", lambda value: {"success": value["final_value"] == 27}))
    .commit()
)

#: 223
level_a = (
    create_workflow(id="m-a")
    .then(recorded("start", _start))
    .then(recorded("other", _other))
    .then(recorded("final", _final))
    .commit()
)
level_b = create_workflow(id="m-b").then(recorded("through_b")).then(level_a).commit()
level_c = create_workflow(id="m-c").then(recorded("through_c")).then(level_b).commit()
four_levels = (
    create_workflow(id="m-four-levels")
    .then(recorded("begin"))
    .then(level_c)
    .then(recorded("last"))
    .commit()
)


def _asks(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"who": ctx.step_id})
    return {"said": ctx.resume_data["answer"], "before": value}


#: 224
first_sub = create_workflow(id="m-sub-1").then(recorded("step-1", _asks)).commit()
second_sub = create_workflow(id="m-sub-2").then(recorded("step-2", _asks)).commit()
one_after_another = create_workflow(id="m-two-subs").then(first_sub).then(second_sub).commit()
