"""Section X: workflows that start by themselves."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import Schedule, StepContext, create_workflow


def _report(value: Any, ctx: StepContext) -> Any:
    return {"input": value, "state": dict(ctx.state), "tenant": ctx.runtime_context.get("tenant")}


report = (
    create_workflow(
        id="x-report",
        schedule=Schedule(
            cron="0 9 1 1 *",
            timezone="Europe/Berlin",
            input_data={"kind": "yearly"},
            initial_state={"seen": 0},
            runtime_context={"tenant": "T1"},
        ),
    )
    .then(recorded("report", _report))
    .commit()
)

often = (
    create_workflow(id="x-often", schedule=Schedule(interval=1, overlap="allow"))
    .then(recorded("tick"))
    .commit()
)
