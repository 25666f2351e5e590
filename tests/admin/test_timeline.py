"""Bars of the timeline: where they begin, how long they are, and that they stay inside."""

from __future__ import annotations

from datetime import timedelta

from executions_app.admin.timeline import SHORTEST, UNITS, Bar, Span, timeline
from workflows_app.admin.rendering import duration_text

from .rows import START


def span(scheduled: float | None, started: float | None = None, ended: float | None = None) -> Span:
    def at(second: float | None) -> object:
        return None if second is None else START + timedelta(seconds=second)

    return Span(
        name="s",
        status="completed",
        scheduled_at=at(scheduled),
        started_at=at(started),
        ended_at=at(ended),
    )


def bar(of: Span, *, end: float | None = 10, now: float = 10) -> Bar:
    until = None if end is None else START + timedelta(seconds=end)
    (only,) = timeline([of], begin=START, end=until, now=START + timedelta(seconds=now))
    return only


def test_a_step_waits_and_then_runs() -> None:
    found = bar(span(0, 2, 5))

    assert (found.wait_start, found.wait_width) == (0, 200)
    assert (found.run_start, found.run_width) == (200, 300)
    assert found.ran_for == timedelta(seconds=3)


def test_a_step_that_runs_reaches_to_now() -> None:
    assert bar(span(0, 5), end=None, now=20).run_width == 750


def test_a_step_that_waits_has_no_bar_of_running() -> None:
    found = bar(span(4), end=None)

    assert (found.wait_start, found.wait_width, found.run_width) == (400, 600, 0)


def test_a_short_step_at_the_end_stays_visible_and_inside() -> None:
    found = bar(span(10, 10, 10))

    assert found.run_width == SHORTEST
    assert found.run_start + found.run_width == UNITS


def test_times_outside_the_execution_are_drawn_at_its_edges() -> None:
    found = bar(span(-5, -2, 30))

    assert (found.run_start, found.run_width) == (0, UNITS)


def test_a_step_that_was_not_reached_has_no_bar() -> None:
    assert timeline([span(None)], begin=START, end=START, now=START) == []


def test_durations_read_well() -> None:
    said = [
        duration_text(timedelta(seconds=seconds)) for seconds in (0.0421, 1.26, 59.99, 125, 7500)
    ]

    assert said == ["42 ms", "1.3 s", "60.0 s", "2 min 5 s", "2 h 5 min"]
    assert duration_text(timedelta(days=3, hours=2)) == "3 d 2 h"
    assert duration_text(None) == "—"
