"""Fixtures of the deployments: a registry of their own, and a clock that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from executions_app.testing import Engine, in_memory
from tests.deploys.releases import GRACE_SECONDS, a_fresh_registry


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    with a_fresh_registry():
        yield


@pytest.fixture(autouse=True)
def _short_grace(settings: Any) -> None:
    settings.UNKNOWN_STEP_GRACE_SECONDS = GRACE_SECONDS


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    """The engine that runs everything in this process."""
    with in_memory() as engine:
        yield engine
