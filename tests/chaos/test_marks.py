"""Reading marks: what began again, how long it stood still, what overlapped."""

from __future__ import annotations

import pytest

from tests.chaos import marks
from tests.chaos.marks import Mark


def _mark(pid: int, at: float, *, key: str = "e:a", retry: int = 0) -> Mark:
    return Mark("e", "a", retry, False, pid, key, at)


def test_a_second_beginning_of_one_try_is_a_repeat() -> None:
    starts = [_mark(1, 0.0), _mark(2, 5.0), _mark(2, 6.0, retry=1), _mark(1, 7.0, key="e:b")]

    assert marks.repeats(starts) == {("e:a", 0): 1}


def test_recovery_counts_from_the_death_of_the_process_that_had_begun() -> None:
    starts = [_mark(1, 1.0), _mark(2, 7.5), _mark(3, 9.0, key="e:b")]

    assert marks.recoveries(starts, {1: 3.0, 3: 10.0}) == [4.5]


@pytest.mark.parametrize(
    ("effects", "deaths", "count"),
    [([], {}, 1), ([], {1: 3.0}, 0), ([_mark(1, 2.0)], {}, 0), ([_mark(1, 6.0)], {}, 1)],
    ids=["lives", "died before", "had ended", "had not ended"],
)
def test_two_bodies_overlap_unless_the_first_has_ended_or_died(
    effects: list[Mark], deaths: dict[int, float], count: int
) -> None:
    starts = [_mark(1, 1.0), _mark(2, 5.0)]

    assert len(marks.overlaps(starts, effects, deaths)) == count


def test_a_body_that_ended_before_the_same_process_began_it_again_does_not_overlap() -> None:
    starts, effects = [_mark(1, 1.0), _mark(1, 5.0)], [_mark(1, 2.0), _mark(1, 6.0)]

    assert marks.overlaps(starts, effects, {}) == []


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert marks.percentile([], 0.95) == 0.0
    assert marks.percentile(range(1, 101), 0.95) == 96
