"""Requests whose body is too large are refused with 413, before anything is read into memory or
onto disk.  Refuses to trust the announced length: chunked bodies are counted as they come.

Django's own limit answers 400 in HTML, and only after an ASGI server's body has been stored.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.errors import error_response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CODE = "request.too_large"


def _message(limit_bytes: int) -> str:
    return f"send at most {limit_bytes} bytes in one request"


class _TooLarge(Exception):
    """More came than was allowed; caught where it is raised, in :func:`limit_body`."""


def limit_body(application: Application, *, limit_bytes: int) -> Application:
    """Return ``application``, told only of requests of at most ``limit_bytes``; others get 413."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        received, answered = 0, False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal received
            message = await receive()
            received += len(message.get("body") or b"")
            if received > limit_bytes:
                raise _TooLarge
            return message

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await application(scope, counted, noted)
        except _TooLarge:
            if not answered:
                await _refuse(send, limit_bytes)

    return limited


async def _refuse(send: Send, limit_bytes: int) -> None:
    body = json.dumps({"code": CODE, "message": _message(limit_bytes), "details": {}}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class RequestSizeMiddleware:
    """Answers 413 to a request that announces too large a body."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._limit_bytes: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Return the refusal, or whatever the rest answers (an awaitable under ASGI)."""
        refusal = self._refusal(request)
        if not iscoroutinefunction(self):
            return refusal or self._get_response(request)
        return self._later(refusal, request)

    async def _later(self, refusal: HttpResponseBase | None, request: HttpRequest) -> Any:
        return refusal or await self._get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        try:
            announced = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            announced = 0
        if announced <= self._limit_bytes:
            return None
        return error_response(
            status=413,
            code=CODE,
            message=_message(self._limit_bytes),
            details={"limit_bytes": self._limit_bytes},
        )
