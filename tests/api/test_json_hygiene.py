"""What comes in as JSON is read strictly or refused clearly; nothing makes a 500."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient, force_authenticate

from tests.api.definitions import greeting
from tests.api.hostile_json import FINE, HOSTILE, LIMIT_BYTES, nested
from workflows_app.api.compiling import ValidateDefinition
from workflows_app.api.json_parser import StrictJSONParser
from workflows_app.api.json_rules import JsonRefused, read_json
from workflows_app.language.limits import JSON as JSON_LIMITS
from workflows_app.models import Workflow

JSON = "application/json"


def test_the_limit_of_the_tests_is_the_limit_in_use() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == LIMIT_BYTES


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_and_nothing_is_written(
    api: APIClient, workflow: Workflow, name: str
) -> None:
    body, status, code = HOSTILE[name]
    url = f"/api/workflows/{workflow.pk}/"

    responses = [
        api.post("/api/workflows/", body, content_type=JSON),
        api.post("/api/workflows/validate/", body, content_type=JSON),
        api.put(url, body, content_type=JSON),
        api.patch(url, body, content_type=JSON),
        api.post("/api/auth/login/", body, content_type=JSON),
        api.post("/api/connections/", body, content_type=JSON),
        # No body is needed here; bad JSON is bad all the same.
        api.post(f"{url}compile/", body, content_type=JSON),
        api.post(f"{url}versions/1/restore/", body, content_type=JSON),
    ]

    for response in responses:
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert set(response.json()) == {"code", "message", "details"}
    assert api.get(url).json()["revision"] == 1
    assert api.get(f"{url}versions/").json()["results"][0]["number"] == 1


@pytest.mark.parametrize("name", FINE)
def test_odd_json_that_is_fine_is_saved_and_read_back(api: APIClient, name: str) -> None:
    made = api.post("/api/workflows/", FINE[name], content_type=JSON)

    assert made.status_code == 201, made.content[:300]
    again = api.get(made["Location"])
    assert again.status_code == 200
    assert again.json()["definition"] == read_json(FINE[name])["definition"]


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
        *("application/xml", "application/jsonp", "text/json", "*/*", "application/*"),
        *("nonsense", ""),
    ],
)
def test_a_body_that_is_not_called_json_is_415(api: APIClient, content_type: str) -> None:
    response = api.generic(
        "POST", "/api/workflows/", b'{"definition": {}}', content_type=content_type
    )

    assert response.status_code == 415
    assert response.json()["code"] == "request.unsupported_media_type"


def test_another_charset_is_not_believed(api: APIClient) -> None:
    body = '{"definition": {"name": "x"}}'.encode("utf-16-le")

    response = api.post("/api/workflows/", body, content_type=f"{JSON}; charset=utf-16-le")

    assert (response.status_code, response.json()["code"]) == (400, "json.invalid")


def test_a_body_in_chunks_is_read_too(ada: Any) -> None:
    body = b'{"definition": []}'
    headers = [(b"transfer-encoding", b"chunked"), (b"content-type", JSON.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    request = ASGIRequest(scope, io.BytesIO(body))
    force_authenticate(request, user=ada)

    response = ValidateDefinition.as_view()(request)

    # Read as no body at all, it would be told that the field is missing.
    (problem,) = response.data["details"]["problems"]
    assert problem["message"] == "send a JSON object"


def test_other_answers_than_json_are_not_made(api: APIClient) -> None:
    response = api.get("/api/workflows/", HTTP_ACCEPT="text/html")

    assert response.status_code == 406
    assert response.json()["code"] == "request.not_acceptable"


def test_a_large_number_compiles_to_one_hash_however_often_it_was_stored(api: APIClient) -> None:
    body = json.dumps({"definition": greeting(configs={"limit": 0})}).replace(" 0}", " 1e22}")
    made = api.post("/api/workflows/", body, content_type=JSON).json()

    found = api.get(f"/api/workflows/{made['id']}/preflight/").json()

    assert found["up_to_date"] is True
    assert (
        '"limit":10000000000000000000000}'
        in api.get(f"/api/workflows/{made['id']}/").content.decode()
    )


def test_depth_is_allowed_up_to_the_limit_and_not_beyond() -> None:
    assert read_json(nested(JSON_LIMITS.depth)) is not None

    with pytest.raises(JsonRefused, match="nested"):
        read_json(nested(JSON_LIMITS.depth + 1))


def test_a_scalar_may_stand_in_the_deepest_container() -> None:
    assert read_json(b"[" * JSON_LIMITS.depth + b"1" + b"]" * JSON_LIMITS.depth) is not None


def test_the_parser_reads_no_more_than_it_may() -> None:
    stream = io.BytesIO(b" " * (LIMIT_BYTES * 3))

    with pytest.raises(JsonRefused) as refused:
        StrictJSONParser().parse(stream, JSON)

    assert refused.value.code == "request.too_large"
    assert stream.tell() == LIMIT_BYTES + 1


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=500, deadline=None)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(JsonRefused):
        read_json(body)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=15,
)
FIELDS = ["schema_version", "name", "nodes", "edges", "inputs", "output", "state", "configs"]
FIELDS += ["retry", "timeout", "ui", "id", "description", "type", "tool", "input", "from", "value"]
definitions = st.dictionaries(
    st.sampled_from(FIELDS),
    json_values
    | st.lists(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=5), max_size=3),
)


@given(definitions)
@hypothesis_settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.django_db
def test_any_object_can_be_validated(api: APIClient, definition: dict[str, object]) -> None:
    response = api.post("/api/workflows/validate/", {"definition": definition}, format="json")

    # 400 is right for the characters that the JSON rules refuse.
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert response.json()["code"] == "json.invalid"
