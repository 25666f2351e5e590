"""Section A: basic execution and results."""

from __future__ import annotations

from pydantic import BaseModel

from tests.semantics.bodies import gives, recorded, wait_for_go
from workflows_app.authoring import StepContext, clone_step, clone_workflow, create_workflow


class Foo(BaseModel):
    foo: str
    bar: int


def fail(_: object) -> None:
    raise ValueError("broken")


def slowly(_: object, ctx: StepContext) -> dict[str, str]:
    wait_for_go(ctx)
    return {"result": "late"}


single = create_workflow(id="s1-single").then(gives("A", {"result": "success"})).commit()

two = (
    create_workflow(id="s2-two")
    .then(gives("A", {"value": "s1"}))
    .then(gives("B", {"value": "s2"}))
    .commit()
)

schema = create_workflow(id="s3-schema").then(recorded("A", input_schema=Foo)).commit()

echo = create_workflow(id="s4-echo").then(recorded("A")).commit()

failing = create_workflow(id="s6-failing").then(recorded("A", fail)).commit()

slow = create_workflow(id="s7-slow").then(recorded("A", slowly)).commit()

_original = gives("A", {"value": 1})
cloned_step = (
    create_workflow(id="s14-clones").then(_original).then(clone_step(_original, id="A2")).commit()
)

_base = create_workflow(id="s15-base").then(recorded("A", lambda n: n + 1)).commit()
_clone = clone_workflow(_base, id="s15-c")
cloned_workflow = create_workflow(id="s15-parent").then(_base).then(_clone).commit()

three = (
    create_workflow(id="s17-three").then(recorded("A")).then(recorded("B")).then(recorded("C"))
).commit()
