"""The answers about commands to many executions that the documentation shows."""

from __future__ import annotations

from typing import Any

_EXECUTION = "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e"

BODY: dict[str, Any] = {
    "action": "retry",
    "filter": {"workflow": "fulfil-order", "status": "failed"},
    "dry_run": False,
    "reason": "the bank is open again",
}
PREVIEW: dict[str, Any] = {
    "would": 2,
    "not_applicable": 1,
    "by_status": {"failed": 3},
    "sample": [_EXECUTION, "0190c7a4-0000-7c2a-9b1d-2f4e6a8c0d1e"],
    "limit": 10_000,
    "too_many": False,
}
RUNNING: dict[str, Any] = {
    "id": "0190c7a5-1d2e-7b3c-8a4f-5e6d7c8b9a01",
    "action": "retry",
    "reason": "the bank is open again",
    "status": "running",
    "total": 3,
    "done": 0,
    "failed": 0,
    "not_applicable": 1,
    "errors": [],
    "created_at": "2026-05-04T10:00:00Z",
    "ended_at": None,
}
COMPLETED = RUNNING | {
    "status": "completed",
    "done": 1,
    "failed": 1,
    "errors": [
        {
            "execution_id": _EXECUTION,
            "code": "plan.unreadable",
            "message": "the plan of version 7 was written by another release",
        }
    ],
    "ended_at": "2026-05-04T10:00:02Z",
}
