"""The answers about what waits that the documentation shows."""

from __future__ import annotations

from typing import Any

_ID = "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e"

WAITING: dict[str, Any] = {
    "id": "step:99",
    "kind": "step",
    "execution": _ID,
    "root": _ID,
    "workflow": "fulfil-order",
    "workflow_name": "Fulfil an order",
    "step_id": "approve",
    "key": "approve",
    "step_name": "Approve the order",
    "title": "Approve the order",
    "form": {"type": "object", "properties": {"approved": {"type": "boolean"}}},
    "payload": {"amount": 120.5},
    "event": None,
    "labels": [],
    "since": "2026-05-04T10:00:01Z",
    "deadline_at": None,
    "task": None,
}
COUNT: dict[str, Any] = {"count": 3, "approval": 2, "step": 1, "event": 0}
