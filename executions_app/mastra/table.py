"""Which of our events is which of Mastra's chunks, and its words for our statuses: one table."""

from __future__ import annotations

from collections.abc import Mapping

#: Our event -> Mastra's chunk; ``None`` where Mastra tells nothing of the kind.
CHUNK_OF: Mapping[str, str | None] = {
    "execution_queued": None,
    "execution_started": "workflow-start",
    "execution_reopened": "workflow-start",
    "step_scheduled": "workflow-step-start",
    "step_started": None,  # side by side, Mastra tells all starts before any result
    "step_waiting": "workflow-step-waiting",
    "step_suspended": "workflow-step-suspended",
    "step_resumed": "workflow-step-start",
    "step_output": "workflow-step-output",
    "step_progress": "workflow-step-progress",
    "step_continued": None,
    "step_retrying": None,
    "step_completed": "workflow-step-result",
    "step_failed": "workflow-step-result",
    "step_skipped": "workflow-step-result",
    "step_cancelled": None,
    "log": None,
    "execution_waiting": None,
    "execution_suspended": None,  # a stream that ends there says so itself
    "execution_paused": "workflow-paused",
    "execution_resumed": None,
    "execution_stopping": None,
    "execution_completed": "workflow-finish",
    "execution_failed": "workflow-finish",
    "execution_cancelled": "workflow-canceled",  # and ``workflow-finish`` after it
}
#: Told after a step's result to those who watch, and not on streams.
STEP_FINISH = "workflow-step-finish"
#: What a step writes under a type of its own passes through under types that begin so.
CUSTOM = "data-"

_STATUS_OF: Mapping[str, str] = {"completed": "success", "cancelled": "canceled"}


def status_of(status: str) -> str:
    """Return Mastra's word for a status of ours."""
    return _STATUS_OF.get(status, status)
