"""The answers about questions to people that the documentation shows."""

from __future__ import annotations

from typing import Any

TASK: dict[str, Any] = {
    "id": 12,
    "title": "Pay 250.00 to Ada?",
    "status": "open",
    "can_answer": True,
    "workflow": "refund",
    "workflow_name": "Refund",
    "execution": "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e",
    "step_id": "approve",
    "key": "approve",
    "owner": "ada",
    "assignees": ["bob", "group:finance"],
    "created_at": "2026-05-04T10:00:00Z",
    "deadline_at": "2026-05-06T10:00:00Z",
    "remind_at": "2026-05-05T10:00:00Z",
    "reminded_at": None,
    "answered_at": None,
    "answered_by": "",
}
RECORD = TASK | {
    "context": {"amount": 250.0},
    "form": {
        "type": "object",
        "properties": {"approved": {"type": "boolean"}, "comment": {"type": "string"}},
        "required": ["approved"],
    },
    "answer": None,
    "comment": "",
}
BODY: dict[str, Any] = {"data": {"approved": True}, "comment": "as agreed by phone"}
ANSWERED = RECORD | {
    "status": "answered",
    "can_answer": False,
    "answered_at": "2026-05-04T11:30:00Z",
    "answered_by": "bob",
    "answer": BODY["data"],
    "comment": BODY["comment"],
}
