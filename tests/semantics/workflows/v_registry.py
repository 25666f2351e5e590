"""Section V: workflows that steps find by their name."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow, from_path, use_tool
from workflows_app.connectors.base import Tool, ToolCall, registry

#: How long a step waits for what it has started.
PATIENCE_SECONDS = 20.0

started = create_workflow(id="v-started").then(recorded("twice", lambda value: value * 2)).commit()


def _start(value: Any, ctx: StepContext) -> Any:
    run = ctx.get_workflow(value["workflow"]).create_run()
    result = run.start(input_data=value["input"], timeout=PATIENCE_SECONDS)
    return {"run_id": run.id, "status": result.status, "result": result.result}


#: 385
starts = create_workflow(id="v-starts").then(recorded("start", _start)).commit()


def _ask(call: ToolCall) -> Any:
    ctx = call.context
    assert ctx is not None
    if ctx.resume_data is None:
        return ctx.suspend({"state": ctx.state["who"], "tenant": ctx.runtime_context["tenant"]})
    return {"text": f"{call.input['text']} {ctx.resume_data}", "cancelled": ctx.cancelled}


registry.register(
    Tool(
        name="semantics.ask",
        description="Asks, then puts the answer behind its text.",
        input_schema={
            "type": "object",
            "properties": {"text": {"type": "string", "description": "What comes first."}},
            "required": ["text"],
        },
        output_schema={"type": "object", "properties": {"text": {"type": "string"}}},
        run=_ask,
    )
)

#: 384
asks = (
    create_workflow(id="v-asks")
    .then(use_tool("semantics.ask", id="ask", input={"text": from_path("inputs.text")}))
    .commit()
)
