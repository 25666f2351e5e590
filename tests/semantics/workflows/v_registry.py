"""Section V: workflows that steps find by their name."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow

#: How long a step waits for what it has started.
PATIENCE_SECONDS = 20.0

started = create_workflow(id="v-started").then(recorded("twice", lambda value: value * 2)).commit()


def _start(value: Any, ctx: StepContext) -> Any:
    run = ctx.get_workflow(value["workflow"]).create_run()
    result = run.start(input_data=value["input"], timeout=PATIENCE_SECONDS)
    return {"run_id": run.id, "status": result.status, "result": result.result}


#: 385
starts = create_workflow(id="v-starts").then(recorded("start", _start)).commit()
