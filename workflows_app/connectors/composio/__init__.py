"""Composio's hosted actions as tools.  Refuses to load the vendor's library before it is used.

``register(registry, settings=ComposioSettings(api_key=...))`` is all that an application needs.
"""

from __future__ import annotations

from workflows_app.connectors.composio.catalogue import Catalogue
from workflows_app.connectors.composio.provider import (
    Account,
    ActionRequest,
    ComposioProvider,
    provider_for,
)
from workflows_app.connectors.composio.settings import DEFAULT_BASE_URL, ComposioSettings
from workflows_app.connectors.composio.tool import ComposioTools, register

__all__ = [
    "DEFAULT_BASE_URL",
    "Account",
    "ActionRequest",
    "Catalogue",
    "ComposioProvider",
    "ComposioSettings",
    "ComposioTools",
    "provider_for",
    "register",
]
