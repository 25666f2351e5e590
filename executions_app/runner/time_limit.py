"""When an attempt has taken too long, and what that makes of it.  Looks at no clock."""

from __future__ import annotations

from executions_app.engine.failures import classify
from executions_app.engine.outcomes import Broke
from workflows_app.interface import find_tool
from workflows_app.language.plan import NodeKind, PlanNode

#: A tool keeps to its timeout itself, for only it can tell whether its request went out: declared
#: over at the same moment, a mail that may have been sent would count as not sent, and be sent
#: again.  A tool that does not keep to it is given up this much later.
GRACE_SECONDS = 5.0


class StepTimeout(Exception):
    """The attempt took longer than its timeout."""

    code = "step.timeout"

    def __init__(self, seconds: float, *, retryable: bool = True) -> None:
        super().__init__(f"the attempt took longer than its timeout of {seconds:g} seconds")
        self.retryable = retryable
        self.details = {"timeout_seconds": seconds}


def limit_seconds(node: PlanNode) -> float | None:
    """Return after how long an attempt of ``node`` is declared over, whatever its body does.

    ``None`` means never.
    """
    if node.timeout_seconds is None or node.kind is not NodeKind.TOOL:
        return node.timeout_seconds
    return node.timeout_seconds + GRACE_SECONDS


def timed_out(node: PlanNode) -> Broke:
    """Return the outcome of an attempt of ``node`` that was declared over.

    One of a tool is repeated only if the tool says that this does no harm.
    """
    harmless = node.kind is not NodeKind.TOOL or find_tool(node.ref).idempotent
    classified = classify(StepTimeout(node.timeout_seconds or 0.0, retryable=harmless))
    return Broke(failure=classified.failure, retryable=classified.retryable)
