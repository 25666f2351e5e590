"""Fixtures of the admin's tests."""

from __future__ import annotations

import pytest

from workflows_app.models import Workflow

from . import rows


@pytest.fixture
def workflow(db: None) -> Workflow:
    return rows.a_workflow()
