"""Fixtures of the tests of queueing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from executions_app.testing import in_memory
from tests.journal.histories import ListBroker, journal_step, list_broker


@pytest.fixture
def broker() -> Iterator[ListBroker]:
    """Real transactions; what is sent to workers is collected in a list."""
    with journal_step(), list_broker() as messages:
        yield messages


@pytest.fixture
def by_hand() -> Iterator[None]:
    """No workers, and a clock that stands still: whatever happens, the test does."""
    with journal_step(), in_memory():
        yield
