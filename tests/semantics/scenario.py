"""Marking a test as the telling of a numbered scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from tests.semantics.catalogue import DRIVERS, NUMBERS

Test = TypeVar("Test", bound=Callable[..., object])


def scenario(
    number: int, sentence: str, *, drivers: Sequence[str] = DRIVERS
) -> Callable[[Test], Test]:
    """Mark a test as scenario ``number``, which says ``sentence``.

    Several tests may tell one scenario: it holds when all of them pass.  ``drivers`` names those
    under which the test says something; for the other ones another test, or a reason in the
    catalogue, has to be there.
    """
    assert number in NUMBERS, f"there is no scenario {number}"
    assert set(drivers) <= set(DRIVERS)
    marked: Callable[[Test], Test] = pytest.mark.scenario(number, sentence, drivers=tuple(drivers))
    return marked
