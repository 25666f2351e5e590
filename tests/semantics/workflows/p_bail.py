"""Section P: bailing out."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _bail_if_told(value: Any, ctx: StepContext) -> Any:
    if value == "bail":
        ctx.bail({"result": "bailed"})
    return {"result": value}


bails = (
    create_workflow(id="p-bails").then(recorded("A", _bail_if_told)).then(recorded("B")).commit()
)
