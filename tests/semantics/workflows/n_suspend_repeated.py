"""Section N: suspending and resuming rounds of loops and items of lists."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _ask_each_time(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"at": value["n"]})
    return {"n": value["n"] + ctx.resume_data["add"]}


#: 236
asks_for_ever = (
    create_workflow(id="n-for-ever")
    .dountil(recorded("inc", _ask_each_time), "input.n >= 10")
    .commit()
)

#: 237
asks_until_three = (
    create_workflow(id="n-until-three")
    .dountil(recorded("inc", _ask_each_time), lambda ctx: ctx.input_data["n"] >= 3)
    .commit()
)


def _every_item_asks(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"item": value})
    return value + 11 + ctx.resume_data


def _large_items_ask(value: Any, ctx: StepContext) -> Any:
    if value > 5 and ctx.resume_data is None:
        return ctx.suspend({"item": value})
    return value + 11 + (ctx.resume_data or 0)


def _labelled_items_ask(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"item": value}, label=f"label-{ctx.index}")
    return value + 11 + ctx.resume_data


#: 238
one_at_a_time = (
    create_workflow(id="n-one-at-a-time")
    .foreach(recorded("map", _every_item_asks), concurrency=1)
    .then(recorded("total", lambda value: {"items": value, "sum": sum(value)}))
    .commit()
)

#: 239, 242, 243
large_ask = (
    create_workflow(id="n-large-ask")
    .foreach(recorded("map", _large_items_ask), concurrency=3)
    .then(recorded("total", lambda value: {"items": value, "sum": sum(value)}))
    .commit()
)

#: 240
all_at_once = (
    create_workflow(id="n-all-at-once")
    .foreach(recorded("map", _every_item_asks), concurrency=3)
    .commit()
)

#: 241
by_label = (
    create_workflow(id="n-by-label")
    .foreach(recorded("map", _labelled_items_ask), concurrency=3)
    .commit()
)
