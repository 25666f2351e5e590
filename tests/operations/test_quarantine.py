"""Attempts that may have killed their worker run alone, and nobody waits long for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from executions_app import rescuer
from executions_app.runner import quarantine as under_test
from executions_app.runner.claim import Claim
from executions_app.runner.heartbeat import Watched
from executions_app.runner.quarantine import Quarantine

PATIENCE_SECONDS = 20.0


def attempt(number: int, *, deaths: int = 0) -> Claim:
    return Claim(
        step_run_id=number,
        execution_id="e",
        root_id="e",
        version_id=1,
        node_id=f"n{number}",
        attempt=1,
        epoch=1,
        claimed_at=timezone.now(),
        status="scheduled",
        queue="",
        deaths=deaths,
    )


@dataclass
class Guest:
    """An attempt that goes in on a thread of its own and stays until it is let out."""

    claim: Claim
    place: Quarantine
    inside: threading.Event = field(default_factory=threading.Event)
    leave: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._stay, daemon=True)
        self.thread.start()

    def _stay(self) -> None:
        watched = Watched(
            claim=self.claim, timeout_seconds=None, on_lasting=None, on_timeout=lambda claim: None
        )
        with self.place.entered(self.claim, watched):
            self.inside.set()
            self.leave.wait(PATIENCE_SECONDS)

    def comes_in(self) -> bool:
        return self.inside.wait(PATIENCE_SECONDS)

    def goes(self) -> None:
        self.leave.set()
        self.thread.join(PATIENCE_SECONDS)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """What was written down about who is alone: attempt and answer."""
    written: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        under_test,
        "set_alone",
        lambda claim, *, alone: written.append((claim.step_run_id, alone)),
    )
    return written


@pytest.fixture
def enter() -> Iterator[Callable[[Claim], Guest]]:
    place, guests = Quarantine(), []

    def let_in(claim: Claim) -> Guest:
        guests.append(Guest(claim, place))
        return guests[-1]

    yield let_in
    for guest in guests:
        guest.goes()


def test_attempts_run_side_by_side(
    enter: Callable[[Claim], Guest], said: list[tuple[int, bool]]
) -> None:
    first, second = enter(attempt(1)), enter(attempt(2))

    assert first.comes_in()
    assert second.comes_in()
    assert said == []


def test_a_suspect_runs_when_the_others_have_ended_and_the_next_after_it(
    enter: Callable[[Claim], Guest], said: list[tuple[int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    first = enter(attempt(1))
    assert first.comes_in()
    suspect = enter(attempt(2, deaths=1))
    while suspect.place._suspect is None:
        pass
    late = enter(attempt(3))

    assert not suspect.inside.is_set()
    first.goes()
    assert suspect.comes_in()
    assert said == [(2, True)]
    assert not late.inside.is_set()
    suspect.goes()
    assert late.comes_in()


def test_a_suspect_that_finds_no_moment_alone_runs_in_company(
    enter: Callable[[Claim], Guest], said: list[tuple[int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PATIENCE_SECONDS", 0.05)
    assert enter(attempt(1)).comes_in()

    suspect = enter(attempt(2, deaths=1))

    assert suspect.comes_in()
    assert said == []


def test_a_suspect_that_lasts_is_joined_and_alone_no_more(
    enter: Callable[[Claim], Guest], said: list[tuple[int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PATIENCE_SECONDS", 0.05)
    assert enter(attempt(1, deaths=2)).comes_in()

    joins = enter(attempt(2))

    assert joins.comes_in()
    joins.goes()
    assert said == [(1, True), (1, False)]


def test_two_suspects_run_one_after_the_other(
    enter: Callable[[Claim], Guest], said: list[tuple[int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PATIENCE_SECONDS", PATIENCE_SECONDS)
    one = enter(attempt(1, deaths=1))
    assert one.comes_in()
    other = enter(attempt(2, deaths=1))

    assert not other.inside.is_set()
    one.goes()

    assert other.comes_in()
    assert said == [(1, True), (2, True)]


def test_who_has_just_begun_to_look_takes_nobody_for_lost() -> None:
    blindness = rescuer.Blindness(lease_seconds=12)

    assert not blindness.may_judge(100.0)
    blindness.seen(100.1)
    assert not blindness.may_judge(103.0)
    blindness.seen(103.0)
    assert blindness.may_judge(106.1)


def test_who_could_not_look_for_a_while_lets_the_others_renew_their_leases_first() -> None:
    blindness = rescuer.Blindness(lease_seconds=12)
    for second in range(100, 120):
        blindness.may_judge(second)
        blindness.seen(second)
    assert blindness.may_judge(120.0)

    assert not blindness.may_judge(150.0)
