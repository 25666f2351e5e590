"""The page that starts a workflow: what it asks for, and what it says when it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from executions_app.models import Execution
from workflows_app.models import Workflow

from . import rows


def url(workflow: Workflow) -> str:
    return reverse("admin:executions_app_start", args=[workflow.pk])


def errors(response: Any, field: str | None = None) -> str:
    form = response.context["form"]
    return " ".join(form.non_field_errors() if field is None else form.errors.get(field, ()))


def test_the_form_explains_and_prefills_the_input(admin_client: Client, workflow: Workflow) -> None:
    response = admin_client.get(url(workflow))

    content = response.content.decode()
    assert "Whom to greet." in content
    assert "required" in content
    assert json.loads(response.context["form"].initial["input"]) == {"who": "", "mood": "warmly"}


def test_a_valid_input_starts_an_execution_of_the_user(
    admin_client: Client, admin_user: Any, workflow: Workflow
) -> None:
    form = {"input": '{"who": "Ada"}', "runtime_context": '{"lang": "en"}', "key": "k1"}

    response = admin_client.post(url(workflow), form)

    execution = Execution.objects.get()
    assert response.url == reverse("admin:executions_app_execution_change", args=[execution.pk])
    assert execution.input == {"who": "Ada", "mood": "warmly"}
    assert execution.runtime_context == {"lang": "en"}
    assert (execution.owner, execution.trigger) == (admin_user, "admin")


def test_the_form_sent_twice_starts_once(admin_client: Client, workflow: Workflow) -> None:
    form = {"input": '{"who": "Ada"}', "key": "k1"}

    for _ in range(2):
        assert admin_client.post(url(workflow), form).status_code == 302

    assert Execution.objects.count() == 1
    changed = admin_client.post(url(workflow), {**form, "input": '{"who": "Bo"}'})
    assert "sent before" in errors(changed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", "who"),
        ('{"who": 7}', "who"),
        ("", "who"),
        ("[]", "object"),
        ('{"who": ', "line 1, column 9"),
        ('{"who": NaN}', "NaN"),
    ],
)
def test_what_is_wrong_with_the_input_stands_beside_it(
    admin_client: Client, workflow: Workflow, text: str, expected: str
) -> None:
    response = admin_client.post(url(workflow), {"input": text, "key": "k1"})

    assert response.status_code == 200
    assert expected in errors(response, "input")
    assert not Execution.objects.exists()


def test_a_runtime_context_must_be_an_object(admin_client: Client, workflow: Workflow) -> None:
    form = {"input": '{"who": "Ada"}', "runtime_context": "[1]", "key": "k1"}

    response = admin_client.post(url(workflow), form)

    assert "object" in errors(response, "runtime_context")


def test_a_workflow_that_never_compiled_cannot_be_started(admin_client: Client, db: None) -> None:
    broken = rows.a_workflow(edges=[["greet", "nowhere"]])

    shown = admin_client.get(url(broken))
    sent = admin_client.post(url(broken), {"input": '{"who": "Ada"}', "key": "k1"})

    assert "No version of this workflow can run yet" in shown.content.decode()
    assert "cannot" in errors(sent) or "can run" in errors(sent)
    assert not Execution.objects.exists()
