"""The tool ``http.request``: one HTTP request as a step.

An answer below 400 is the step's output.  ``429`` and ``5xx`` fail the step with ``http.status``
and may be retried; every other ``4xx`` fails it with the same code for good.  The error carries
``status``, ``retry_after`` (seconds or ``None``) and the beginning of the body.  Refuses headers
that would change how the message is framed or where it goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from workflows_app.connectors import safe_http
from workflows_app.connectors.base import Tool, ToolCall, ToolError
from workflows_app.connectors.body_text import json_of, text_of

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

MAX_REQUEST_HEADERS = 64
MAX_HEADER_CHARACTERS = 8_192
EXCERPT_CHARACTERS = 2_000

#: No server's wish is heard beyond a day.
MAX_RETRY_AFTER_SECONDS = 86_400

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # RFC 9110 5.6.2, token
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

#: These belong to the client: framing, routing, and what it is able to read.
_RESERVED = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"),
        *("proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding"),
        "upgrade",
    }
)

_SCALAR = {"type": ["string", "number", "boolean", "null"]}

INPUT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "url": {
            "type": "string",
            "minLength": 1,
            "maxLength": 8192,
            "description": "An absolute http or https URL, on the ports 80 or 443.",
        },
        "method": {
            "type": "string",
            "enum": list(METHODS),
            "default": "GET",
            "description": "What to ask the server to do.",
        },
        "headers": {
            "type": "object",
            "maxProperties": MAX_REQUEST_HEADERS,
            "additionalProperties": {"type": "string"},
            "description": "Extra headers.  An Idempotency-Key is added unless you set one.",
        },
        "query": {
            "type": "object",
            "additionalProperties": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
            "description": "Added to the URL's own query; a list repeats the name, null omits it.",
        },
        "json": {"description": "Sent as the body, with the type application/json; null: no body."},
        "body": {
            "type": ["string", "null"],
            "description": "Sent as the body, as it is, in UTF-8.  Not together with json.",
        },
        "timeout": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 30,
            "description": "Seconds for the whole exchange, redirects included; 30 unless given.",
        },
    },
}

OUTPUT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["status", "headers", "json", "text"],
    "properties": {
        "status": {"type": "integer", "description": "The status code, from 200 to 399."},
        "headers": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Names in lower case; repeated headers joined by a comma.",
        },
        "json": {"description": "The body read as JSON, or null when it is not JSON."},
        "text": {
            "type": "string",
            "description": "The body as text; what is not text stands as U+FFFD.",
        },
    },
}


def request(call: ToolCall) -> dict[str, Any]:
    """Return ``status``, ``headers``, ``json`` and ``text`` of the answer.

    Raises:
        ToolError: ``http.invalid_input`` for a bad header or body, ``http.status`` for an answer
            of 400 and above, and everything ``safe_http`` raises.
    """
    method = str(call.input.get("method") or "GET").upper()
    if method not in METHODS:
        raise _bad(f"the method {method[:20]!r} is not one of {', '.join(METHODS)}")
    headers = _headers(call.input.get("headers") or {})
    body, content_type = _body(call.input)
    if content_type is not None:
        headers.setdefault("Content-Type", content_type)
    headers.setdefault("Idempotency-Key", call.idempotency_key)
    timeout = call.input.get("timeout")

    answer = safe_http.client().request(
        _with_query(str(call.input["url"]), call.input.get("query") or {}),
        method=method,
        headers=list(headers.items()),
        body=body,
        timeout_seconds=min(call.timeout_seconds, timeout or call.timeout_seconds),
    )

    host = httpx.URL(answer.url).raw_host.decode("ascii")
    seen = {"method": method, "host": host, "status": answer.status, "bytes": len(answer.body)}
    call.log("info", f"{method} {host} answered {answer.status}", seen)
    text = text_of(answer.body, answer.headers.get("content-type", ""))
    if answer.status >= 400:
        raise _status_error(host, answer, text)
    return {
        "status": answer.status,
        "headers": dict(answer.headers.items()),
        "json": json_of(text, answer.headers.get("content-type", "")),
        "text": text,
    }


def _headers(given: Mapping[str, Any]) -> httpx.Headers:
    if len(given) > MAX_REQUEST_HEADERS:
        raise _bad(f"at most {MAX_REQUEST_HEADERS} headers are sent")
    headers = httpx.Headers(encoding="iso-8859-1")
    for name, value in given.items():
        if not _NAME.fullmatch(name):
            raise _bad(f"{name[:100]!r} is not a header name")
        if name.lower() in _RESERVED:
            raise _bad(f"the header {name!r} is set by the client; leave it out")
        if name in headers:
            raise _bad(f"the header {name!r} is given twice")
        # The value may be a secret, so no message repeats it.
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise _bad(f"the value of the header {name!r} must be one line of Latin-1 text")
        if len(value) > MAX_HEADER_CHARACTERS:
            raise _bad(f"the header {name!r} is longer than {MAX_HEADER_CHARACTERS} characters")
        headers[name] = value.strip()
    return headers


def _body(given: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """Return the body and its content type."""
    text = given.get("body")
    if text is not None and given.get("json") is not None:
        raise _bad("give json or body, not both")
    if text is not None:
        return _utf8(str(text)), "text/plain; charset=utf-8"
    if given.get("json") is not None:
        return _utf8(json.dumps(given["json"], ensure_ascii=False)), "application/json"
    return None, None


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _bad("the text to send holds half of a surrogate pair") from error


def _with_query(url: str, query: Mapping[str, Any]) -> str:
    """Return ``url`` with ``query`` added, its other parts untouched for the checks to come."""
    pairs = [(_utf8(name), _utf8(text)) for name, value in query.items() for text in _texts(value)]
    if not pairs:
        return url
    base = url.partition("#")[0]
    return f"{base}{'&' if '?' in base else '?'}{urlencode(pairs)}"


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bool):
            yield "true" if item else "false"
        elif isinstance(item, str | int | float):
            yield str(item)
        elif item is not None:
            raise _bad("a query value is text, a number, a boolean or a list of these")


def _status_error(host: str, answer: safe_http.HttpAnswer, text: str) -> ToolError:
    details = {
        "status": answer.status,
        "retry_after": _retry_after_seconds(answer.headers.get("retry-after", "")),
        "body": text[:EXCERPT_CHARACTERS],
    }
    retryable = answer.status == 429 or answer.status >= 500
    return ToolError(
        "http.status", f"{host!r} answered {answer.status}", details, retryable=retryable
    )


def _retry_after_seconds(value: str) -> int | None:
    """Return the wish of a ``Retry-After`` header, in whole seconds, or ``None``."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(int(value[:9]), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
        seconds = int((moment - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(seconds, MAX_RETRY_AFTER_SECONDS))


def _bad(why: str) -> ToolError:
    return ToolError("http.invalid_input", why)


HTTP_REQUEST = Tool(
    name="http.request",
    title="HTTP request",
    group="HTTP",
    description="Send an HTTP request and use the answer.",
    input_schema=INPUT_SCHEMA,
    output_schema=OUTPUT_SCHEMA,
    run=request,
)
