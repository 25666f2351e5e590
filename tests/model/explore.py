"""Trying everything that may happen, breadth first, so that the first bad story is the shortest.

Knows nothing of what it explores: states are compared and hashed, moves come in as functions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S", bound=Hashable)

#: What is said of a state from which no end can be reached without luck.
STUCK = "nothing moves it on any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The shortest way to something that must never be."""

    wrong: str
    moves: list[str]

    def __str__(self) -> str:
        told = [f"{number:>4}. {move}" for number, move in enumerate(self.moves, start=1)]
        return "\n".join([f"{self.wrong}, after {len(self.moves)} moves:", *told])


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """What was found: all states that can be reached, or fewer and a counter-example."""

    states: int
    counter_example: Story | None


@dataclass(slots=True)
class _Map(Generic[S]):
    """The states met, numbered in that order; how each was met first, and what leads to it."""

    states: list[S]
    numbers: dict[S, int]
    came_from: list[tuple[int, str]]
    leads_here: list[list[int]]

    def meet(self, state: S, before: int, move: str, *, is_sure: bool) -> None:
        number = self.numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
            self.came_from.append((before, move))
            self.leads_here.append([])
        if is_sure:
            self.leads_here[number].append(before)

    def story(self, number: int, wrong: str) -> Story:
        told: list[str] = []
        while number:
            number, move = self.came_from[number]
            told.append(move)
        return Story(wrong=wrong, moves=told[::-1])


def explore(
    beginning: S,
    *,
    moves: Callable[[S], Iterable[tuple[str, S]]],
    mishaps: Callable[[S], Iterable[tuple[str, S]]],
    wrong: Callable[[S], str | None],
    is_ended: Callable[[S], bool],
) -> Explored:
    """Visit every state that ``moves`` and ``mishaps`` lead to from ``beginning``.

    It is a counter-example when a state is ``wrong``, or when from one no state that ``is_ended``
    can be reached by ``moves`` alone: nobody may have to hope for a mishap.
    """
    found = _Map([beginning], {beginning: 0}, [(0, "")], [[]])
    for number, state in _growing(found.states):
        if (said := wrong(state)) is not None:
            return Explored(states=number + 1, counter_example=found.story(number, said))
        for move, after in moves(state):
            found.meet(after, number, move, is_sure=True)
        for move, after in mishaps(state):
            found.meet(after, number, move, is_sure=False)
    stuck = _first_stuck(found, is_ended)
    story = None if stuck is None else found.story(stuck, STUCK)
    return Explored(states=len(found.states), counter_example=story)


def _growing(states: list[S]) -> Iterator[tuple[int, S]]:
    number = 0
    while number < len(states):
        yield number, states[number]
        number += 1


def _first_stuck(found: _Map[S], is_ended: Callable[[S], bool]) -> int | None:
    """Return the state met first from which the end cannot be reached: walk back from all ends."""
    saved = [is_ended(state) for state in found.states]
    to_visit = [number for number, is_saved in enumerate(saved) if is_saved]
    while to_visit:
        for before in found.leads_here[to_visit.pop()]:
            if not saved[before]:
                saved[before] = True
                to_visit.append(before)
    return next((number for number, is_saved in enumerate(saved) if not is_saved), None)
