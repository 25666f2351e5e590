"""The one example that runs through the API's documentation.  Data only."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

WORKFLOW_ID: Final = "01991f3e-6b7c-7a10-9c7e-2f4b8e6d1a55"
PLAN_HASH: Final = "sha256:6f1c7f6a2b0d4f6f8d1e4cbb1a3f0f9f0f4b9a50e7a5b9d1a3f7c5d2e1b0a998"

DEFINITION: Final[Json] = {
    "schema_version": 1,
    "name": "Greet",
    "description": "Says hello to somebody.",
    "inputs": {
        "type": "object",
        "properties": {"who": {"type": "string", "title": "Whom to greet"}},
        "required": ["who"],
    },
    "output": {"text": {"from": "steps.greet.text"}},
    "nodes": [
        {
            "id": "greet",
            "type": "tool",
            "tool": "template",
            "name": "Write the greeting",
            "input": {
                "template": {"value": "Hello, {{ input.who }}!"},
                "values": {"expression": "{'who': inputs.who}"},
            },
        }
    ],
    "edges": [],
    "ui": {"positions": {"greet": {"x": 0, "y": 0}}},
}

DIAGNOSTIC: Final[Json] = {
    "code": "tool.unknown",
    "severity": "error",
    "message": "there is no tool 'tempalte'",
    "path": "/nodes/0/tool",
    "node_id": "greet",
    "fix": "see the list of tools for the right name",
    "repairs": [],
}

COMPILE: Final[Json] = {
    "status": "ok",
    "plan_hash": PLAN_HASH,
    "version": 1,
    "diagnostics": [],
}
VALIDATION: Final[Json] = {
    "status": "errors",
    "diagnostics": [DIAGNOSTIC],
    "plan_hash": None,
    "version": None,
}

WORKFLOW_SUMMARY: Final[Json] = {
    "id": WORKFLOW_ID,
    "name": "Greet",
    "description": "Says hello to somebody.",
    "source": "drawn",
    "revision": 1,
    "compile": {"status": "ok", "plan_hash": PLAN_HASH, "version": 1},
    "node_count": 1,
    "archived": False,
    "owner": "ada",
    "created_at": "2026-05-04T10:00:00Z",
    "updated_at": "2026-05-04T10:00:00Z",
}
WORKFLOW_ROW: Final[Json] = {
    **WORKFLOW_SUMMARY,
    "last_execution": {
        "id": "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e",
        "status": "completed",
        "created_at": "2026-05-04T10:01:00Z",
        "ended_at": "2026-05-04T10:01:02Z",
    },
}
WORKFLOW: Final[Json] = {**WORKFLOW_SUMMARY, "definition": DEFINITION, "compile": COMPILE}

SAMPLE_SUMMARY: Final[Json] = {
    "name": "greet",
    "title": "Greet",
    "description": "Says hello to somebody.",
    "kind": "celeriac",
    "node_types": ["tool"],
    "node_count": 1,
}
SAMPLE: Final[Json] = {**SAMPLE_SUMMARY, "definition": DEFINITION, "notes": []}
IMPORTED: Final[Json] = {
    "kind": "agipo",
    "definition": DEFINITION,
    "notes": [
        {
            "code": "agipo.presentation",
            "path": "/logo",
            "message": "logos are not kept here",
        }
    ],
    "compile": {"status": "ok", "diagnostics": [], "plan_hash": PLAN_HASH, "version": None},
}

VERSION_SUMMARY: Final[Json] = {
    "number": 1,
    "plan_hash": PLAN_HASH,
    "published": True,
    "created_by": "ada",
    "created_at": "2026-05-04T10:00:00Z",
}
VERSION: Final[Json] = {**VERSION_SUMMARY, "definition": DEFINITION, "diagnostics": []}

DIFFERENCE: Final[Json] = {
    "from": {"version": 1, "plan_hash": PLAN_HASH},
    "to": {"version": 2, "plan_hash": "sha256:0c5e" + "5" * 60},
    "same_plan": False,
    "changes": [
        {
            "op": "replace",
            "path": "/nodes/0/input/template/value",
            "node_id": "greet",
            "before": "Hello, {{ input.who }}!",
            "after": "Good morning, {{ input.who }}!",
        }
    ],
    "truncated": False,
}

PREFLIGHT: Final[Json] = {
    "can_run": False,
    "reasons": [
        {
            "code": "connection.missing",
            "message": "connect an account of 'gmail' before running this workflow",
            "node_ids": ["send"],
        }
    ],
    "up_to_date": True,
    "published": {"version": 3, "plan_hash": PLAN_HASH},
    "draft": {"status": "ok", "plan_hash": PLAN_HASH},
    "input_schema": DEFINITION["inputs"],
    "connections": [
        {"toolkit": "gmail", "wanted": None, "node_ids": ["send"], "connection_id": None}
    ],
    "missing_connections": ["gmail"],
}

CONNECTION: Final[Json] = {
    "id": 7,
    "toolkit": "gmail",
    "account_id": "ca_9fQ2mZ",
    "label": "Work",
    "status": "active",
    "is_default": True,
    "created_at": "2026-05-04T10:00:00Z",
}

TOOL: Final[Json] = {
    "name": "template",
    "title": "Fill in a text",
    "group": "Text and data",
    "description": "Fills a template with values.",
    "toolkit": None,
    "needs_connection": False,
    "idempotent": True,
    "input_schema": {
        "type": "object",
        "properties": {"template": {"type": "string"}, "values": {"type": "object"}},
        "required": ["template"],
    },
    "output_schema": {"type": "object", "properties": {"text": {"type": "string"}}},
}

STEP: Final[Json] = {
    "ref": "charge",
    "id": "charge",
    "name": "Charge the card",
    "description": "Charge what the order comes to.",
    "input_schema": {"type": "object", "properties": {"order": {"type": "integer"}}},
    "output_schema": {"type": "object", "properties": {"receipt": {"type": "string"}}},
    "resume_schema": None,
    "suspend_schema": None,
    "state_schema": None,
    "retries": 2,
    "timeout_seconds": 30.0,
    "queue": None,
    "atomic": False,
    "workflows": ["fulfil-order"],
}

USER: Final[Json] = {"id": 7, "username": "ada", "is_staff": False, "is_superuser": False}
