"""Section R: what those who follow an execution are told."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _one_more(value: Any) -> Any:
    return {"n": value["n"] + 1}


#: 297, 298, 300
two_steps = (
    create_workflow(
        id="r-two-steps",
        input_schema={
            "type": "object",
            "properties": {"n": {"type": "integer"}},
            "required": ["n"],
        },
    )
    .then(recorded("A", _one_more))
    .then(recorded("B", _one_more))
    .commit()
)


def _writes(value: Any, ctx: StepContext) -> Any:
    ctx.writer.write({"hello": 1})
    ctx.writer.custom("data-progress", {"done": 0.5})
    return value


#: 299
writer = create_workflow(id="r-writer").then(recorded("A", _writes)).commit()


def _ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({"ask": "x"}) if ctx.resume_data is None else ctx.resume_data


#: 301
asks = (
    create_workflow(id="r-asks")
    .then(recorded("first"))
    .then(recorded("A", _ask))
    .then(recorded("B"))
    .commit()
)


def _fail(value: Any) -> Any:
    raise ValueError("broken on purpose")


#: 303
fails = create_workflow(id="r-fails").then(recorded("A", _fail)).then(recorded("B")).commit()

#: 305
s = recorded("s", _writes)
inner_b = create_workflow(id="r-b").then(s).commit()
inner_a = create_workflow(id="r-a").then(inner_b).commit()
nested = create_workflow(id="r-nested").then(inner_a).then(recorded("last")).commit()

#: 306
side_by_side = (
    create_workflow(id="r-side-by-side").parallel([recorded("a"), recorded("b")]).commit()
)

#: 307
items = create_workflow(id="r-items").foreach(recorded("each", _writes)).commit()

#: 308
mixture = (
    create_workflow(id="r-mixture")
    .sleep(0.05)
    .map(lambda ctx: ctx.input_data, id="m")
    .branch([("input.n == 0", recorded("x")), ("input.n == 1", recorded("y"))])
    .map(lambda ctx: ctx.input_data["x"], id="out")
    .dountil(recorded("inc", _one_more), "input.n >= 3")
    .commit()
)


def _cancelled_meanwhile(value: Any, ctx: StepContext) -> Any:
    stops.create_run(ctx.run_id).cancel()
    return value


#: 309
stops = (
    create_workflow(id="r-stops")
    .then(recorded("A", _cancelled_meanwhile))
    .then(recorded("B"))
    .commit()
)
