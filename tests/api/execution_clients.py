"""Callers of the executions API, and workflows for them to run."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from tests.streaming.log_rows import a_user
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft

GREETING: dict[str, Any] = {
    "schema_version": 1,
    "name": "Greet somebody",
    "inputs": {
        "type": "object",
        "properties": {"who": {"type": "string"}},
        "required": ["who"],
    },
    "nodes": [
        {
            "id": "call",
            "type": "tool",
            "tool": "http.request",
            "name": "Call them",
            "input": {"url": {"from": "inputs.who"}},
        }
    ],
    "edges": [],
}


def client_of(user: User | None) -> APIClient:
    """Return a client with a session of ``user``."""
    client = APIClient()
    if user is not None:
        client.force_login(user)
    return client


def a_workflow(owner: User | None, **changes: Any) -> Workflow:
    """Return a workflow that takes ``{"who": ...}``, and can be executed."""
    workflow = create_draft(definition=GREETING | changes, owner=owner)
    assert workflow.compile_status == "ok", workflow.diagnostics
    return workflow


def a_started_execution(owner: User | None = None) -> Execution:
    """Return an execution whose only step waits for a worker."""
    owner = owner or a_user()
    return start_execution(a_workflow(owner), input_data={"who": "ada"}, owner=owner)
