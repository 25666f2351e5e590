"""Rows for the tests of the admin: definitions through the operations, history written by hand.

Refuses to run anything: what the pages show is put there as it would stand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from executions_app.models import Event, Execution, StepRun
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def definition(name: str = "Greet", **changes: Any) -> dict[str, Any]:
    """A definition with one required and one optional input, and one step for a worker."""
    return {
        "schema_version": 1,
        "name": name,
        "inputs": {
            "type": "object",
            "properties": {
                "who": {"type": "string", "description": "Whom to greet."},
                "mood": {"type": "string", "default": "warmly", "enum": ["warmly", "coldly"]},
            },
            "required": ["who"],
        },
        "nodes": [
            {
                "id": "greet",
                "type": "tool",
                "tool": "log",
                "name": "Greet them",
                "input": {"message": {"from": "inputs.who"}},
            }
        ],
        "edges": [],
        **changes,
    }


def a_workflow(name: str = "Greet", *, owner: Any = None, **changes: Any) -> Workflow:
    return create_draft(definition=definition(name, **changes), owner=owner)


def a_user(name: str, *permissions: str, is_staff: bool = True, **fields: Any) -> Any:
    """A member of staff with the permissions ``app_label.codename``."""
    user = get_user_model().objects.create_user(name, password="x", is_staff=is_staff, **fields)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def an_execution(workflow: Workflow, *, minutes: int = 0, **fields: Any) -> Execution:
    """A completed execution, begun ``minutes`` after :data:`START`; ``fields`` say what differs."""
    at = START + timedelta(minutes=minutes)
    return Execution.objects.create(
        **{
            "workflow": workflow,
            "version": workflow.published,
            "status": "completed",
            "created_at": at,
            "started_at": at,
            "ended_at": at + timedelta(seconds=2),
            "input": {"who": "Ada"},
            "output": {"text": "Hello Ada"},
            **fields,
        }
    )


def a_step(execution: Execution, node_id: str = "greet", **fields: Any) -> StepRun:
    at = execution.created_at
    return StepRun.objects.create(
        **{
            "execution": execution,
            "version_id": execution.version_id,
            "node_id": node_id,
            "position": 0,
            "name": node_id,
            "kind": "tool",
            "status": "completed",
            "scheduled_at": at,
            "started_at": at + timedelta(seconds=0.5),
            "ended_at": at + timedelta(seconds=1.5),
            "input": {"message": "Ada"},
            "output": {"message": "Ada"},
            **fields,
        }
    )


def an_event(execution: Execution, seq: int, type_: str = "log", **data: Any) -> Event:
    return Event.objects.create(
        execution=execution, seq=seq, type=type_, at=execution.created_at, data=data
    )


def failure(message: str, *, cause: dict[str, Any] | None = None, **details: Any) -> dict[str, Any]:
    found = {"name": "Boom", "message": message, "code": "step.failed", "details": details}
    return found if cause is None else {**found, "cause": cause}
