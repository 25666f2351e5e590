"""What is told in every order of attempts."""

from __future__ import annotations

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _ask(item: int, ctx: StepContext) -> int:
    if ctx.resume_data is None:
        ctx.suspend({"item": item})
    return item


asking = (
    create_workflow(id="every-order-asking").foreach(recorded("map", _ask), concurrency=2).commit()
)
