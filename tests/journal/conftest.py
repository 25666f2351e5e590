"""Fixtures of the journal's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journal.histories import ListBroker, journal_step, list_broker


@pytest.fixture
def broker() -> Iterator[ListBroker]:
    """What the journal sends, in a list."""
    with journal_step(), list_broker() as messages:
        yield messages
