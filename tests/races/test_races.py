"""Every race, told a few times: ``CELERIAC_RACES=1000`` tells each that often."""

from __future__ import annotations

import os

import pytest

from tests.races.stories import tally
from tests.races.told import STORIES

TIMES = int(os.environ.get("CELERIAC_RACES", "4"))
SEED = int(os.environ.get("CELERIAC_SEED", "1"))
FAULTS = sorted({story.fault for story in STORIES.values()})

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.timeout(120 + 5 * TIMES)
def test_a_race_comes_out_right_whoever_is_first(fault: str) -> None:
    told = [name for name, it in STORIES.items() if it.fault == fault and it.can_happen]

    found = [tally(name, times=TIMES, seed=SEED) for name in told]

    assert [it for it in found if it.failed] == []
