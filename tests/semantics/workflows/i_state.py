"""Section I: what steps share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


class Value(BaseModel):
    value: str


class Counter(BaseModel):
    counter: int


def _exclaim(_: Any, ctx: StepContext) -> dict[str, str]:
    changed = f"{ctx.state['value']}!!!"
    ctx.set_state({"value": changed})
    return {"computed": changed, "seen": ctx.state["value"]}


exclaiming = (
    create_workflow(id="s144-exclaiming", state_schema=Value).then(recorded("A", _exclaim)).commit()
)


def _count(_: Any, ctx: StepContext) -> int:
    ctx.set_state({"counter": ctx.state["counter"] + 1})
    return ctx.state["counter"]


counting = (
    create_workflow(id="s145-counting", state_schema=Counter)
    .then(recorded("A", _count))
    .then(recorded("B", _count))
    .commit()
)


def _suspend_with_state(_: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        ctx.set_state({"count": 1, "items": ["item-1"]})
        return ctx.suspend({})
    return dict(ctx.state)


suspending = (
    create_workflow(id="s153-suspending")
    .then(recorded("A", _suspend_with_state))
    .then(recorded("B", lambda _, ctx: dict(ctx.state)))
    .commit()
)


def _sets(value: str) -> Any:
    def body(_: Any, ctx: StepContext) -> Any:
        ctx.set_state({"value": value})
        return ctx.state["value"]

    return body


_inner = (
    create_workflow(id="s154-inner", state_schema=Value)
    .then(recorded("inner", _sets("modified-by-inner")))
    .commit()
)
nested = (
    create_workflow(id="s154-parent", state_schema=Value)
    .then(recorded("before", _sets("modified-by-parent")))
    .then(_inner)
    .then(recorded("after", lambda _, ctx: ctx.state["value"]))
    .commit()
)
