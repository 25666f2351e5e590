"""Definitions that the API's tests save."""

from __future__ import annotations

from typing import Any


def greeting(text: str = "Hello, {{ input.who }}!", **fields: Any) -> dict[str, Any]:
    """Return a definition that compiles without a diagnostic."""
    return {
        "schema_version": 1,
        "name": "Greet",
        "inputs": {
            "type": "object",
            "properties": {"who": {"type": "string"}},
            "required": ["who"],
        },
        "nodes": [
            {
                "id": "greet",
                "type": "tool",
                "tool": "template",
                "input": {
                    "template": {"value": text},
                    "values": {"expression": "{'who': inputs.who}"},
                },
            }
        ],
        "edges": [],
        **fields,
    }


def broken() -> dict[str, Any]:
    """Return a definition that has an error."""
    return greeting(edges=[["greet", "nobody"]])


def mailing() -> dict[str, Any]:
    """Return a definition that needs an account of gmail."""
    node = {
        "id": "send",
        "type": "tool",
        "tool": "composio.GMAIL_SEND_EMAIL",
        "input": {"body": {"value": "hello"}},
    }
    return greeting(nodes=[node])
