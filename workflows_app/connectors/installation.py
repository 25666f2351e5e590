"""Putting the tools of this installation into the registry.  Settings come in as values."""

from __future__ import annotations

from typing import Any

from workflows_app.connectors import safe_http
from workflows_app.connectors.base import registry
from workflows_app.connectors.builtin import BUILTIN_TOOLS
from workflows_app.connectors.composio.settings import DEFAULT_BASE_URL, ComposioSettings
from workflows_app.connectors.composio.tool import PREFIX, register
from workflows_app.connectors.destinations import parse_allow
from workflows_app.connectors.http import HTTP_REQUEST


def install(settings: Any) -> None:
    """Register the built-in tools, ``http.request`` and the Composio family.  Safe to repeat.

    ``settings`` has everything that begins with ``HTTP_TOOL_``, ``COMPOSIO_API_KEY``,
    ``COMPOSIO_BASE_URL``, ``COMPOSIO_API`` and ``STATE_DIR``.
    """
    safe_http.configure(
        safe_http.HttpPolicy(
            allow=parse_allow(settings.HTTP_TOOL_ALLOW),
            total_seconds=settings.HTTP_TOOL_SECONDS,
            max_request_bytes=settings.HTTP_TOOL_MAX_BYTES,
            max_body_bytes=settings.HTTP_TOOL_MAX_BYTES,
            max_redirects=settings.HTTP_TOOL_MAX_REDIRECTS,
        )
    )
    for tool in (*BUILTIN_TOOLS, HTTP_REQUEST):
        registry.register(tool)
    if not registry.has_family(PREFIX):
        register(
            registry,
            settings=ComposioSettings(
                api_key=settings.COMPOSIO_API_KEY,
                base_url=settings.COMPOSIO_BASE_URL or DEFAULT_BASE_URL,
                api=settings.COMPOSIO_API,
                state_dir=settings.STATE_DIR / "composio",
            ),
        )
