"""Section W: asking what there is."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _ask(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is not None:
        return ctx.resume_data
    ctx.set_state({"asked": True})
    return ctx.suspend({"ask": "x"})


def _fail_if_told(value: Any) -> Any:
    if value == {"fail": True}:
        raise ValueError("told to fail")
    return value


#: 389 - 392
asks = (
    create_workflow(id="w-asks")
    .then(recorded("A", _fail_if_told))
    .then(recorded("B", _ask))
    .then(recorded("C"))
    .commit()
)
