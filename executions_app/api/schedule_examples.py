"""The answers about schedules that the documentation shows."""

from __future__ import annotations

from typing import Any

from executions_app.api.examples import STARTED

_ID = "0190c7a4-7a11-7c2a-9b1d-2f4e6a8c0d1e"

BODY: dict[str, Any] = {
    "workflow": "fulfil-order",
    "cron": "0 9 * * MON-FRI",
    "timezone": "Europe/Berlin",
    "input": {"order": 17},
    "catch_up": "last",
    "overlap": "skip",
}
SCHEDULE: dict[str, Any] = {
    "id": _ID,
    "workflow": "fulfil-order",
    "workflow_name": "Fulfil an order",
    "source": "user",
    "cron": "0 9 * * MON-FRI",
    "interval": None,
    "timezone": "Europe/Berlin",
    "starts_at": None,
    "ends_at": None,
    "jitter": 0,
    "catch_up": "last",
    "overlap": "skip",
    "paused": False,
    "paused_at": None,
    "paused_by": "",
    "next_slot_at": "2026-05-04T07:00:00Z",
    "next_fire_at": "2026-05-04T07:00:00Z",
    "owner": "ada",
    "created_at": "2026-05-01T12:00:00Z",
    "updated_at": "2026-05-01T12:00:00Z",
}
UPCOMING: list[dict[str, str]] = [
    {"utc": "2026-05-04T07:00:00Z", "local": "2026-05-04T09:00:00+02:00"},
    {"utc": "2026-05-05T07:00:00Z", "local": "2026-05-05T09:00:00+02:00"},
]
RECORD = SCHEDULE | {
    "input": {"order": 17},
    "runtime_context": {},
    "initial_state": {},
    "next_fires": UPCOMING,
}
PAUSED = RECORD | {
    "paused": True,
    "paused_at": "2026-05-02T08:00:00Z",
    "paused_by": "ada",
    "next_fires": [],
}
FIRE: dict[str, Any] = {
    "slot": "2026-05-04T07:00:00Z",
    "outcome": "started",
    "reason": "",
    "execution": f"sched_{_ID}_1777878000000",
    "fired_at": "2026-05-04T07:00:04.120000Z",
}
TRIGGERED = STARTED
PREVIEW_BODY: dict[str, Any] = {
    "cron": "0 9 * * MON-FRI",
    "timezone": "Europe/Berlin",
    "count": 2,
}
PREVIEW: dict[str, Any] = {"timezone": "Europe/Berlin", "fires": UPCOMING}
