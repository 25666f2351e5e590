"""The answers about places in definitions that the documentation shows."""

from __future__ import annotations

from typing import Any

from executions_app.api.examples import STARTED
from workflows_app.api.examples import DEFINITION

_ID = "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e"
_WHO = {"type": "object", "properties": {"who": {"type": "string", "title": "Whom to greet"}}}

PREVIEW_BODY: dict[str, Any] = {
    "definition": DEFINITION,
    "node_id": "greet",
    "source": {"template": "Dear {{ inputs.who }}"},
    "sample": {"inputs": {"who": "Ada"}},
}
PREVIEW: dict[str, Any] = {
    "ok": True,
    "evaluated": True,
    "value": "Dear Ada",
    "type": "string",
    "bytes": 10,
    "truncated": False,
    "schema": {"type": "string"},
    "error": None,
    "warnings": [],
    "missing_roots": [],
    "missing_steps": [],
}
SCOPE_BODY: dict[str, Any] = {
    "definition": DEFINITION,
    "node_id": "greet",
    "at": "input",
    "execution_id": _ID,
}
SCOPE: dict[str, Any] = {
    "node_id": "greet",
    "at": "input",
    "names": [
        {
            "name": "inputs",
            "kind": "inputs",
            "step_id": None,
            "title": "Inputs of the workflow",
            "node_type": None,
            "schema": _WHO,
            "has_sample": True,
            "sample": {"who": "Ada"},
            "status": None,
        }
    ],
    "unavailable": [
        {
            "step_id": "greet",
            "title": "Write the greeting",
            "node_type": "tool",
            "reason": "around",
            "message": "step 'greet' has not ended while 'greet' runs",
            "fix": "read a step that comes before it, or `input`",
        }
    ],
    "functions": ["contains", "has", "size"],
    "execution": {
        "id": _ID,
        "version": 3,
        "status": "completed",
        "created_at": "2026-05-04T10:00:00Z",
    },
}
TRY_BODY: dict[str, Any] = {
    "node_id": "greet",
    "input": {"template": "Hello, {{ input.who }}!", "values": {"who": "Ada"}},
}
TRIED: dict[str, Any] = STARTED | {"version": 0}
