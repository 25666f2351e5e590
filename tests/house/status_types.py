"""``editor/src/contracts/generated/statuses.ts``: what an execution and a run of a step may be."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus, NodeStatus
from executions_app.models import Execution
from tests.house.typescript import COMMENT
from workflows_app.language.plan import NodeKind


def render() -> str:
    """Return the file."""
    settled = [it for it in NodeStatus if it not in UNSETTLED and it is not NodeStatus.PENDING]
    return COMMENT + "\n".join(
        [
            *_names("EXECUTION_STATUSES", "ExecutionStatus", ExecutionStatus),
            *_set(
                "FINAL_STATUSES", "ExecutionStatus", [it for it in ExecutionStatus if it in FINAL]
            ),
            *_names("NODE_STATUSES", "NodeStatus", NodeStatus),
            *_set("SETTLED_STATUSES", "NodeStatus", settled),
            *_names("NODE_KINDS", "NodeKind", NodeKind),
            *_names("TRIGGERS", "Trigger", Execution.Trigger.values),
        ]
    )


def _names(constant: str, name: str, values: Iterable[str | StrEnum]) -> list[str]:
    listed = [f'  "{value}",' for value in values]
    head = f"export const {constant} = ["
    return [head, *listed, "] as const;", f"export type {name} = (typeof {constant})[number];", ""]


def _set(constant: str, name: str, values: Iterable[str]) -> list[str]:
    listed = ", ".join(f'"{value}"' for value in values)
    return [f"export const {constant}: ReadonlySet<{name}> = new Set([{listed}]);", ""]
