"""Section T: taking up what was interrupted, and starting once."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _double(value: Any) -> Any:
    return value * 2


def _one_more(value: Any) -> Any:
    return value + 1


#: 346, 347, 351: 14 -> 15 -> 30
two_steps = (
    create_workflow(id="t-two-steps")
    .then(recorded("step1", _one_more))
    .then(recorded("step2", _double))
    .commit()
)

#: 348
arms = (
    create_workflow(id="t-arms")
    .parallel([recorded("a", _one_more), recorded("b", _double)])
    .then(recorded("last", lambda value: value["a"] + value["b"]))
    .commit()
)

#: 349: 1 -> 2 -> 3 -> 4 -> 5
inner = (
    create_workflow(id="t-inner")
    .then(recorded("step2", _one_more))
    .then(recorded("step3", _one_more))
    .commit()
)
nested = (
    create_workflow(id="t-nested")
    .then(recorded("step1", _one_more))
    .then(inner)
    .then(recorded("step4", _one_more))
    .commit()
)


def _ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend() if ctx.resume_data is None else value + ctx.resume_data


#: 350, 351
asking = (
    create_workflow(id="t-asking")
    .then(recorded("step1", _one_more))
    .then(recorded("ask", _ask))
    .then(recorded("ask_again", _ask))
    .commit()
)


#: 358
number = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
picky = (
    create_workflow(id="t-picky", input_schema=number)
    .then(recorded("only", lambda value: value["n"]))
    .commit()
)


def _refuse_zero(ctx: Any) -> None:
    if ctx.get_init_data() == 0:
        raise ValueError("not today")


hooked = create_workflow(id="t-hooked", on_start=_refuse_zero).then(recorded("only")).commit()
