"""Fixtures of the tests of schedules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journal.histories import ListBroker, list_broker


@pytest.fixture(autouse=True)
def broker() -> Iterator[ListBroker]:
    """Nothing is sent to workers: what these tests start waits."""
    with list_broker() as messages:
        yield messages
