"""The schema says what the API does: every operation has examples and its errors, and they fit."""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from workflows_app.api import examples, urls, workflow_shapes
from workflows_app.api.authentication import CredentialsBody, UserSerializer
from workflows_app.api.compiling import PreflightSerializer
from workflows_app.api.connections import ConnectionBody, ConnectionSerializer
from workflows_app.api.errors import status_of
from workflows_app.api.openapi import ERRORS
from workflows_app.api.samples import (
    ImportBody,
    ImportSerializer,
    SampleSerializer,
    SampleSummarySerializer,
)
from workflows_app.api.tools import ToolSerializer
from workflows_app.api.versions import ChangeSerializer, DifferenceSerializer
from workflows_app.interface import compile_document


@cache
def schema() -> dict[str, Any]:
    reset_generator_stats()
    made: dict[str, Any] = SchemaGenerator(patterns=urls.urlpatterns).get_schema(
        request=None, public=True
    )
    assert not GENERATOR_STATS
    return made


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, item in schema()["paths"].items() for method in item]


def test_the_schema_of_definitions_has_no_warning_and_is_valid() -> None:
    validate_schema(schema())


def test_the_whole_schema_has_no_warning_and_is_valid() -> None:
    out = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)

    assert "/api/workflows/{workflow_id}/" in out.getvalue()


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_operation_says_what_it_takes_and_answers(path: str, method: str) -> None:
    operation = schema()["paths"][path][method]

    assert operation["summary"]
    assert operation["tags"]
    body = operation.get("requestBody", {}).get("content", {})
    assert set(body) <= {"application/json"}
    for content in body.values():
        assert content["examples"]
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        assert status == "204" or content["application/json"]["examples"], status
    if path != "/auth/login/":
        assert "401" in operation["responses"]
    if body:
        assert {"400", "413", "415"} <= operation["responses"].keys()
    if "{" in path:
        assert "404" in operation["responses"]


@pytest.mark.parametrize(
    ("serializer", "example"),
    [
        (workflow_shapes.WorkflowSerializer, examples.WORKFLOW),
        (workflow_shapes.WorkflowSummarySerializer, examples.WORKFLOW_SUMMARY),
        (workflow_shapes.WorkflowRowSerializer, examples.WORKFLOW_ROW),
        (SampleSummarySerializer, examples.SAMPLE_SUMMARY),
        (SampleSerializer, examples.SAMPLE),
        (ImportSerializer, examples.IMPORTED),
        (workflow_shapes.CompileSerializer, examples.COMPILE),
        (workflow_shapes.ValidationSerializer, examples.VALIDATION),
        (workflow_shapes.DiagnosticSerializer, examples.DIAGNOSTIC),
        (workflow_shapes.VersionSerializer, examples.VERSION),
        (workflow_shapes.VersionSummarySerializer, examples.VERSION_SUMMARY),
        (DifferenceSerializer, examples.DIFFERENCE),
        (ChangeSerializer, examples.DIFFERENCE["changes"][0]),
        (PreflightSerializer, examples.PREFLIGHT),
        (ConnectionSerializer, examples.CONNECTION),
        (ToolSerializer, examples.TOOL),
        (UserSerializer, examples.USER),
    ],
)
def test_examples_have_the_fields_of_answers(serializer: Any, example: dict[str, Any]) -> None:
    assert set(example) == set(serializer().fields)


def test_the_example_definition_compiles_without_a_word() -> None:
    assert compile_document(examples.DEFINITION).diagnostics == ()


@pytest.mark.parametrize(
    ("body", "example"),
    [
        (workflow_shapes.WorkflowBody, {"definition": examples.DEFINITION}),
        (ImportBody, {"document": examples.DEFINITION}),
        (CredentialsBody, {"username": "ada", "password": "correct horse battery"}),
        (ConnectionBody, {"toolkit": "gmail", "account_id": "ca_9fQ2mZ", "label": "Work"}),
    ],
)
def test_examples_of_bodies_are_taken(body: Any, example: dict[str, Any]) -> None:
    assert body(data=example).is_valid()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("workflow.not_found", 404),
        ("execution.not_found", 404),
        ("workflow.not_executable", 409),
        ("command.not_applicable", 409),
        ("idempotency.mismatch", 409),
        ("revision.conflict", 409),
        ("start.claimed", 409),
        ("request.too_large", 413),
        ("stream.limit", 429),
        ("json.invalid", 400),
        ("input.invalid", 400),
        ("something.new", 400),
    ],
)
def test_a_code_has_one_status(code: str, status: int) -> None:
    assert status_of(code) == status


def test_examples_of_errors_have_the_status_of_their_code() -> None:
    framework = {404, 415, 429, 503}
    for status, (_, code, _) in ERRORS.items():
        assert status in framework or status_of(code) == status
