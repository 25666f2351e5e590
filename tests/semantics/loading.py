"""Putting the scenarios' workflows into the registry for a while: no other test meets them."""

from __future__ import annotations

from copy import copy
from dataclasses import fields
from typing import Any

from workflows_app.authoring.registry import registry
from workflows_app.startup import discover

Known = dict[str, Any]


def known() -> Known:
    """Return what the registry knows now."""
    return {item.name: copy(getattr(registry, item.name)) for item in fields(registry)}


def put(state: Known) -> None:
    """Let the registry know ``state`` and nothing else."""
    for name, value in state.items():
        setattr(registry, name, copy(value))


def with_scenarios() -> Known:
    """Return what the registry would know with the scenarios' workflows, which leave it again.

    Has to come before anything imports their modules, because importing registers.
    """
    before = known()
    discover("tests.semantics.workflows.workflows")
    loaded = known()
    put(before)
    return loaded
