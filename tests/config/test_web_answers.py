"""What a request gets when no view answers it, and what every answer carries."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.test import AsyncClient, Client

from config.request_size import limit_body
from config.security_headers import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.urls("tests.config.broken_urls")
FAILURES = [
    ("nowhere", 404, "not_found"),
    ("broken", 500, "server.error"),
    ("busy", 503, "server.busy"),
    ("forbidden", 403, "auth.forbidden"),
    ("suspicious", 400, "request.refused"),
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.parametrize(("path", "status", "code"), FAILURES)
def test_the_api_fails_in_json_and_tells_nothing(
    client: Client, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/api/{path}/")

    assert answer.status_code == status
    assert answer.json().keys() == {"code", "message", "details"}
    assert answer.json()["code"] == code
    assert "inside" not in answer.text


@pytest.mark.parametrize(("path", "status", "code"), FAILURES)
def test_pages_fail_in_html_and_tell_nothing(
    client: Client, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/{path}/")

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert "inside" not in answer.text


@pytest.mark.parametrize("path", ["/busy/", "/api/busy/"])
def test_who_comes_while_the_database_is_away_is_told_to_come_back(
    client: Client, path: str
) -> None:
    assert client.get(path).headers["Retry-After"] == "1"


def test_an_asgi_server_tells_them_the_same() -> None:
    client = AsyncClient(raise_request_exception=False)

    answer = asyncio.run(client.get("/api/busy/"))

    assert (answer.status_code, answer.json()["code"]) == (503, "server.busy")


def test_a_forged_form_is_refused_in_json_under_the_api(client: Client) -> None:
    assert client.post("/api/form/").json()["code"] == "request.csrf"
    assert client.post("/form/")["Content-Type"].startswith("text/html")


def test_an_unknown_host_is_refused(client: Client) -> None:
    answer = client.get("/api/nowhere/", headers={"host": "evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (400, "request.refused")


@pytest.mark.parametrize("path", ["/api/nowhere/", "/api/broken/", "/nowhere/", "/form/"])
def test_every_answer_carries_the_protecting_headers(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer.get("Cache-Control") == ("no-store" if path.startswith("/api/") else None)


def test_no_script_or_style_of_a_page_is_inline() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_a_body_of_the_largest_size_is_taken_and_one_more_byte_is_not(settings: Any) -> None:
    limit_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    client = Client()

    taken = client.post("/api/form/", b"x" * limit_bytes, content_type="application/json")
    refused = client.post("/api/form/", b"x" * (limit_bytes + 1), content_type="application/json")

    assert (taken.status_code, taken.text) == (200, str(limit_bytes))
    assert (refused.status_code, refused.json()["code"]) == (413, "request.too_large")
    assert refused.json()["details"] == {"limit_bytes": limit_bytes}


def test_a_body_of_unknown_length_is_cut_off_at_the_limit() -> None:
    status, read_bytes = serve_chunks([b"x" * 60] * 1000, limit_bytes=100)

    assert status == 413
    assert read_bytes <= 120


def test_a_body_of_unknown_length_within_the_limit_is_taken() -> None:
    assert serve_chunks([b"x" * 50] * 2, limit_bytes=100) == (200, 100)


def serve_chunks(chunks: list[bytes], *, limit_bytes: int) -> tuple[int, int]:
    """Return the status for a request of ``chunks``, and how many bytes were taken from it."""
    left, taken_bytes, statuses = list(chunks), 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken_bytes
        chunk = left.pop(0)
        taken_bytes += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    asyncio.run(limit_body(application, limit_bytes=limit_bytes)({"type": "http"}, receive, send))
    assert len(statuses) == 1
    return statuses[0], taken_bytes
