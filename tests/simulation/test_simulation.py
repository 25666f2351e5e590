"""Whatever a broker loses and whichever worker dies, what was started comes to its right end."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from django.db import connection

from tests.simulation.run import simulate

pytestmark = pytest.mark.django_db(transaction=True)
#: What PostgreSQL does differently, row locks, needs two writers at once; the races have them.
SEEDS = int(
    os.environ.get("CELERIAC_SIMULATION_SEEDS", "200" if connection.vendor == "sqlite" else "25")
)
GROUP = 25


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_whatever_goes_wrong_everything_comes_to_its_right_end(first: int) -> None:
    happened: Counter[str] = Counter()

    for seed in range(first, min(first + GROUP, SEEDS)):
        report = simulate(seed)
        assert report.wrong == [], str(report)
        happened += report.happened

    # What never goes wrong proves nothing.
    assert {"dies", "is paused", "flushed", "delivered", "rescued"} <= happened.keys()


def test_a_seed_makes_the_same_things_happen_again() -> None:
    first, second = [], []

    for seed in range(8):
        simulate(seed, tell=first.append)
        simulate(seed, tell=second.append)

    assert first == second
    assert len(first) > 500
