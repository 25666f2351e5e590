"""The answers about figures that the documentation shows."""

from __future__ import annotations

from typing import Any

STATS: dict[str, Any] = {
    "created_after": "2026-05-03T12:00:00Z",
    "created_before": "2026-05-04T12:00:00Z",
    "total": 4,
    "by_status": {
        "pending": 0,
        "running": 1,
        "waiting": 0,
        "suspended": 0,
        "paused": 0,
        "completed": 2,
        "failed": 1,
        "cancelled": 0,
    },
    "success_rate": 0.6667,
    "p50_seconds": 1.25,
    "p95_seconds": 8.004,
    "running": 3,
    "days": [
        {
            "day": "2026-05-03",
            "total": 0,
            "completed": 0,
            "failed": 0,
            "cancelled": 0,
            "p50_seconds": None,
            "p95_seconds": None,
        },
        {
            "day": "2026-05-04",
            "total": 4,
            "completed": 2,
            "failed": 1,
            "cancelled": 0,
            "p50_seconds": 1.25,
            "p95_seconds": 8.004,
        },
    ],
    "limit": 100_000,
    "limit_reached": False,
    "counted_from": None,
}
STEP_STATS: dict[str, Any] = {
    "workflow": "fulfil-order",
    "version": 3,
    "executions": 100,
    "limit_reached": False,
    "steps": [
        {
            "step_id": "charge",
            "step_name": "Charge the card",
            "kind": "step",
            "count": 100,
            "completed": 98,
            "failed": 2,
            "p50_run_seconds": 1.23,
            "p95_run_seconds": 4.5,
            "p50_queue_seconds": 0.01,
            "p95_queue_seconds": 0.2,
        }
    ],
}
