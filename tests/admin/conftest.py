"""Fixtures of the admin's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflows_app.interface import get_plan
from workflows_app.models import Workflow

from . import rows


@pytest.fixture(autouse=True)
def _fresh_plans() -> Iterator[None]:
    # Ids of versions are used again after a rollback; the process keeps plans by id.
    get_plan.cache_clear()
    yield
    get_plan.cache_clear()


@pytest.fixture
def workflow(db: None) -> Workflow:
    return rows.a_workflow()
