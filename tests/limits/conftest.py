"""Workflows in memory, and the two laws after every one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.testing import Engine, in_memory


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Run workflows right here, and check that rows equal their logs afterwards."""
    with in_memory() as engine:
        yield engine
    roots = Execution.objects.filter(root=None)
    assert [differences(execution.pk) for execution in roots if differences(execution.pk)] == []
    assert not list(orphans())
