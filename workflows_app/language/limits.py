"""How large a document may be, each limit with its default.  Pure: refuses to read settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionLimits:
    """What a definition may take."""

    bytes: int = 1_000_000
    """Of its JSON in UTF-8."""
    nodes: int = 10_000
    """Of all scopes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLimits:
    """What JSON from strangers may take."""

    depth: int = 64
    """Containers inside each other; a bare scalar has none."""
    keys: int = 100_000
    """Of all objects together."""
    digits: int = 400
    """Characters of one number."""
    text_bytes: int = 1_000_000
    """Of one text, in UTF-8."""


DEFINITION = DefinitionLimits()
JSON = JsonLimits()
