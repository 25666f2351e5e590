"""The answers that the documentation shows."""

from __future__ import annotations

from typing import Any

_ID = "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e"

STARTED: dict[str, Any] = {
    "execution_id": _ID,
    "status": "running",
    "workflow": "fulfil-order",
    "version": 3,
    "rerun_of": None,
    "links": {
        "self": f"/api/executions/{_ID}/",
        "events": f"/api/executions/{_ID}/events/",
        "stream": f"/api/executions/{_ID}/stream/",
        "steps": f"/api/executions/{_ID}/steps/",
    },
}
RERUN = STARTED | {"rerun_of": "0190c7a4-0000-7c2a-9b1d-2f4e6a8c0d1e"}
SUMMARY: dict[str, Any] = {
    "id": _ID,
    "workflow": "fulfil-order",
    "workflow_name": "Fulfil an order",
    "version": 3,
    "status": "completed",
    "stopping": "",
    "trigger": "api",
    "owner": "ada",
    "resource_id": "",
    "rerun_of": None,
    "parent": None,
    "root": None,
    "path": [],
    "last_seq": 5,
    "created_at": "2026-05-04T10:00:00Z",
    "started_at": "2026-05-04T10:00:00Z",
    "ended_at": "2026-05-04T10:00:01.250000Z",
}
STEP: dict[str, Any] = {
    "step_id": "charge",
    "key": "charge",
    "path": ["charge"],
    "index": None,
    "iteration": None,
    "step_name": "Charge the card",
    "kind": "step",
    "internal": False,
    "status": "completed",
    "attempt": 1,
    "scheduled_at": "2026-05-04T10:00:00Z",
    "started_at": "2026-05-04T10:00:00.010000Z",
    "ended_at": "2026-05-04T10:00:01.240000Z",
    "due_at": None,
    "until": None,
    "event": None,
    "suspend_payload": None,
    "suspended_at": None,
    "labels": [],
    "resume_data": None,
    "resumed_at": None,
    "completed_count": None,
    "total_count": None,
    "nested": None,
    "input": {"order": 17},
    "output": {"receipt": "r-17"},
    "error": None,
}
STEP_RECORD = STEP | {
    "attempts": [
        {
            "number": 1,
            "cause": None,
            "due_at": "2026-05-04T10:00:00Z",
            "started_at": "2026-05-04T10:00:00.010000Z",
            "ended_at": "2026-05-04T10:00:01.240000Z",
            "status": "completed",
            "error": None,
            "retry_at": None,
            "worker": None,
        }
    ],
    "config": {
        "id": "charge",
        "type": "step",
        "step": "charge",
        "input": {"order": {"from": "inputs.order"}},
    },
}
RECORD = SUMMARY | {
    "deadline_at": None,
    "lane": None,
    "priority": 0,
    "stop_reason": "",
    "stopped_by": "",
    "input": {"order": 17},
    "runtime_context": {},
    "state": {},
    "output": {"receipt": "r-17"},
    "error": None,
    "usage": {},
    "links": STARTED["links"],
    "suspended": [],
    "waiting_for": [],
    "children": [],
    "reruns": [],
    "failure_of": None,
    "on_failure": None,
    "steps": [STEP],
    "more_steps": False,
    "tallies": None,
}
EVENT: dict[str, Any] = {
    "type": "step_completed",
    "execution_id": _ID,
    "seq": 4,
    "at": "2026-05-04T10:00:01.240000Z",
    "step_id": "charge",
    "path": ["charge"],
    "attempt": 1,
    "output": {"receipt": "r-17"},
    "step_name": "Charge the card",
}
LOG: dict[str, Any] = {
    "type": "log",
    "execution_id": _ID,
    "seq": 3,
    "at": "2026-05-04T10:00:00.500000Z",
    "message": "charged",
    "level": "info",
    "step_id": "charge",
    "path": ["charge"],
    "attempt": 1,
    "fields": {"cents": 1250},
    "step_name": "Charge the card",
}
CANCELLED = SUMMARY | {"status": "running", "stopping": "cancel", "ended_at": None}
RUNNING = SUMMARY | {"status": "running", "ended_at": None}
RETRY_PLAN: dict[str, Any] = {
    "again_count": 1,
    "kept_count": 1,
    "again": [{"execution_id": _ID, "key": "ship", "step_id": "ship", "name": "Ship it"}],
    "kept": [{"execution_id": _ID, "key": "charge", "step_id": "charge", "name": "Charge"}],
}
PAUSED = RUNNING | {"status": "paused"}
STREAM = (
    "retry: 2000\n\n"
    "event: execution_started\nid: 1\n"
    f'data: {{"type":"execution_started","execution_id":"{_ID}","seq":1,'
    '"at":"2026-05-04T10:00:00Z","trigger":"api"}\n\n'
    f'event: end\ndata: {{"execution_id":"{_ID}","last_seq":5}}\n\n'
)
