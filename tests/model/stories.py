"""How far the protocol is tried, and what goes wrong without each safeguard.

``python -m tests.model.stories`` tells the shortest counter-examples move by move.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from tests.model.explore import STUCK, Explored, explore
from tests.model.protocol import Luck, Safeguard, beginning, mishaps, moves, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much may happen, and how many states that comes to."""

    luck: Luck
    processes: int = 2
    states: int


#: Small enough for every push.
SCOPES = {
    "crashes, a flush and a duplicate": Scope(
        luck=Luck(crashes=2, flushes=1, duplicates=1), states=98_995
    ),
    "two answers, a cancel and a crash": Scope(
        luck=Luck(crashes=1, cancels=1, answers=2), states=73_983
    ),
    "a stall, a lost reply and a crash": Scope(
        luck=Luck(crashes=1, stalls=1, lost_replies=1), states=77_799
    ),
    "three workers, a cancel and a flush": Scope(
        luck=Luck(flushes=1, cancels=1), processes=3, states=18_497
    ),
}
#: Minutes, and a gigabyte.
WIDE_SCOPES = {
    "three workers, a crash and a cancel": Scope(
        luck=Luck(crashes=1, cancels=1), processes=3, states=56_297
    ),
    "three workers, a crash, a flush and a cancel": Scope(
        luck=Luck(crashes=1, flushes=1, cancels=1), processes=3, states=113_357
    ),
    "three workers, two answers and a crash": Scope(
        luck=Luck(crashes=1, answers=2), processes=3, states=103_648
    ),
    "one of each mishap": Scope(
        luck=Luck(crashes=1, flushes=1, duplicates=1, stalls=1, lost_replies=1, cancels=1),
        states=1_558_914,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What must happen for a safeguard to be missed, what goes wrong then, and how soon."""

    luck: Luck
    wrong: str
    after: int


REMOVALS = {
    Safeguard.CLAIM: Removal(luck=Luck(), wrong="two workers run one step at once", after=5),
    Safeguard.FENCE: Removal(
        luck=Luck(stalls=1), wrong="a worker in time has lost its step", after=10
    ),
    Safeguard.ONCE: Removal(
        luck=Luck(lost_replies=1), wrong="an outcome is recorded twice", after=8
    ),
    Safeguard.RESENDING: Removal(luck=Luck(flushes=1), wrong=STUCK, after=1),
    Safeguard.LEASE: Removal(luck=Luck(crashes=1), wrong=STUCK, after=3),
    Safeguard.ROOT_LOCK: Removal(luck=Luck(), wrong=STUCK, after=8),
    Safeguard.LOOKING_AGAIN: Removal(
        luck=Luck(cancels=1), wrong="a step began after the cancel", after=18
    ),
    Safeguard.CANCEL_LOCK: Removal(
        luck=Luck(cancels=1), wrong="a worker in time has lost its step", after=5
    ),
    Safeguard.ONE_ANSWER: Removal(
        luck=Luck(answers=2), wrong="one question is answered twice", after=12
    ),
}


def tried(luck: Luck, *, processes: int = 2, without: Safeguard | None = None) -> Explored:
    """Return what becomes of the protocol, one safeguard left out or none."""
    return explore(
        beginning(luck, processes=processes),
        moves=partial(moves, without=without),
        mishaps=mishaps,
        wrong=wrong,
        is_ended=lambda state: state.is_ended,
    )


def main() -> None:
    """Tell what goes wrong without each safeguard."""
    for safeguard, removal in REMOVALS.items():
        story = tried(removal.luck, without=safeguard).counter_example
        print(f"Without {safeguard.name} ({safeguard}):\n{story}\n")


if __name__ == "__main__":
    main()
