"""What only chunks of one kind hold, read from the event and the row of the run it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from executions_app.mastra.table import status_of
from executions_app.models import Event, StepRun
from executions_app.streaming.wire import shown
from workflows_app.language.plan import indexes_of


def own_fields(kind: str, event: Event, run: StepRun | None) -> dict[str, Any]:
    """Return the fields of a ``kind`` of chunk; times are milliseconds since 1970."""
    data, at = event.data, milliseconds(event.at)
    since = {"startedAt": milliseconds(run.scheduled_at) if run and run.scheduled_at else at}
    match kind:
        case "workflow-step-start":
            if event.type != "step_resumed":
                return {"status": "running", **since}
            answer = {"resumePayload": shown(data.get("data"), event), "resumedAt": at}
            return {"status": "running", **since, **answer, **_index(event)}
        case "workflow-step-waiting":
            return {"status": "waiting", **since}
        case "workflow-step-suspended":
            asked = {"suspendPayload": shown(data.get("payload"), event), "suspendedAt": at}
            return {"status": "suspended", **since, **asked, **_index(event)}
        case "workflow-step-progress":
            return {
                "completedCount": data["completed_count"],
                "totalCount": data["total_count"],
                "currentIndex": data["current_index"],
                "iterationStatus": status_of(data["iteration_status"]),
            }
    return {**since, **_came_to(event), **_resumed(event, run), "endedAt": at}


def milliseconds(at: datetime) -> int:
    """Return ``at`` in milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def _came_to(event: Event) -> dict[str, Any]:
    if event.type == "step_completed":
        status = "bailed" if event.data.get("bailed") else "success"
        return {"status": status, "output": shown(event.data.get("output"), event)}
    return {"status": event.type.removeprefix("step_"), "error": event.data.get("error")}


def _resumed(event: Event, run: StepRun | None) -> dict[str, Any]:
    if run is None or run.resumed_at is None:
        return {}
    answer = shown(run.resume_data, event)
    return {"resumePayload": answer, "resumedAt": milliseconds(run.resumed_at)}


def _index(event: Event) -> dict[str, Any]:
    indexes = indexes_of(event.data["node_id"])
    return {"forEachIndex": indexes[-1]} if indexes else {}
