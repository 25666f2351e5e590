"""Workflows that these tests draw with as few words as possible."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.browser.slow_server import SlowServer


def workflow(name: str, *nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a definition of ``nodes`` in a row, laid out from top to bottom."""
    ids = [node["id"] for node in nodes]
    return {
        "schema_version": 1,
        "name": name,
        "nodes": list(nodes),
        "edges": [list(pair) for pair in pairwise(ids)],
        "ui": {"positions": {one: {"x": 0, "y": 140 * row} for row, one in enumerate(ids)}},
        **fields,
    }


def text(node_id: str, words: str, name: str = "", **values: str) -> dict[str, Any]:
    """Return a step that puts out ``words``, a template over expressions given as ``values``."""
    pairs = ", ".join(f"'{key}': {value}" for key, value in values.items())
    return {
        "id": node_id,
        "type": "tool",
        "tool": "template",
        "name": name or node_id.capitalize(),
        "input": {"template": {"value": words}, "values": {"expression": "{" + pairs + "}"}},
    }


def call(node_id: str, slow: SlowServer, path: str, name: str = "") -> dict[str, Any]:
    """Return a step that asks the slow server once."""
    return {
        "id": node_id,
        "type": "tool",
        "tool": "http.request",
        "name": name or node_id.capitalize(),
        "timeout": 120,
        "retry": {"attempts": 0},
        "input": {"url": {"value": f"{slow.url}{path}"}, "method": {"value": "GET"}},
    }


def log(node_id: str, message: str, name: str = "") -> dict[str, Any]:
    """Return a step that writes ``message``, which may be a template, to the log."""
    return {
        "id": node_id,
        "type": "tool",
        "tool": "log",
        "name": name or node_id.capitalize(),
        "input": {"message": {"template": message}, "level": {"value": "info"}},
    }


def inputs(**fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of inputs with ``fields``, of which those without a default are needed."""
    needed = [name for name, field in fields.items() if "default" not in field]
    return {"type": "object", "properties": fields, "required": needed}
