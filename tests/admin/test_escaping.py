"""Whatever users and tools write is text on every page, never markup; no page needs inline code."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from executions_app.models import Execution
from workflows_app.admin.rendering import badge
from workflows_app.models import Connection, Workflow

from . import rows
from .test_access import pages

PAYLOADS = [
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    "</textarea><svg onload=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "' autofocus onfocus=alert(1) x='",
    "{{ 7|add:7 }}{% now 'Y' %}",
]
#: No payload may appear as it was written, in any part that means something to a browser.
MARKUP = re.compile(
    r"<script>alert|<img src=x|<svg onload|<a href='javascript|\sonfocus=alert\(1\) x='(?!.*&#x27;)"
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_shows_data_as_markup(
    admin_client: Client, admin_user: object, payload: str
) -> None:
    workflow = rows.a_workflow(payload, description=payload, owner=admin_user)
    Workflow.objects.filter(pk=workflow.pk).update(
        diagnostics=[
            {
                "code": payload,
                "severity": payload,
                "message": payload,
                "path": payload,
                "fix": payload,
            }
        ],
        module=payload,
    )
    earlier = rows.an_execution(workflow)
    execution = rows.an_execution(
        workflow,
        status="failed",
        owner=admin_user,
        rerun_of=earlier,
        resource_id=payload,
        idempotency_key=payload,
        stopping="cancel",
        stop_reason=payload,
        stopped_by=payload,
        input={payload: payload},
        output=[payload],
        state={payload: payload},
        runtime_context={payload: payload},
        error=rows.failure(payload, cause=rows.failure(payload), **{payload: payload}),
    )
    rows.a_step(
        execution,
        name=payload,
        input={payload: payload},
        output=payload,
        error=rows.failure(payload, key=payload),
    )
    rows.an_event(execution, 1, message=payload, level=payload, name=payload, other=payload)
    rows.an_event(execution, 2, "step_failed", error=rows.failure(payload), node_id=payload)
    Connection.objects.create(owner=admin_user, toolkit=payload, account_id=payload, label=payload)

    for name, url in {**pages(workflow, execution), "searched": f"{_list()}?q={payload}"}.items():
        response = admin_client.get(url, follow=True)
        content = response.content.decode()

        assert response.status_code == 200, name
        assert payload not in _without_plain(content, payload), name
        assert not MARKUP.search(content), name


def test_badges_are_escaped() -> None:
    assert PAYLOADS[0] not in badge(PAYLOADS[0], label=PAYLOADS[0])


def test_messages_that_repeat_data_are_escaped(admin_client: Client, workflow: Workflow) -> None:
    payload = PAYLOADS[0]
    Workflow.objects.filter(pk=workflow.pk).update(name=payload)

    response = admin_client.post(
        reverse("admin:executions_app_start", args=[workflow.pk]),
        {"input": '{"who": "Ada"}', "key": "k1"},
        follow=True,
    )

    assert payload not in response.content.decode()
    assert "&lt;script&gt;alert(1)" in response.content.decode()


def test_pages_need_no_inline_code(admin_client: Client, workflow: Workflow) -> None:
    execution = rows.an_execution(workflow)
    rows.a_step(execution)
    Execution.objects.update(status="failed", error=rows.failure("x"))

    for name, url in pages(workflow, execution).items():
        content = admin_client.get(url).content.decode()

        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", content), name
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", content), name


def _list() -> str:
    return reverse("admin:executions_app_execution_changelist")


def _without_plain(content: str, payload: str) -> str:
    """Leave out where the payload is the same with and without escaping."""
    return "" if payload.startswith("{{") and "'" not in payload else content
