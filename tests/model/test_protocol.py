"""The protocol holds in every order of everything that may happen, and needs all it has.

Run with ``-s`` to read the counter-examples; ``CELERIAC_MODEL=wide`` tries more for minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from executions_app.sync_points import Point
from tests.model.protocol import Luck, Move, Safeguard, State, beginning, moves
from tests.model.stories import REMOVALS, SCOPES, WIDE_SCOPES, Scope, tried

IS_WIDE = os.environ.get("CELERIAC_MODEL") == "wide"
TRIED = SCOPES | (WIDE_SCOPES if IS_WIDE else {})


@pytest.mark.parametrize("scope", TRIED.values(), ids=TRIED)
def test_nothing_wrong_can_be_reached_and_the_end_always_can(scope: Scope) -> None:
    found = tried(scope.luck, processes=scope.processes)

    assert found.counter_example is None, str(found.counter_example)
    assert found.states == scope.states


@pytest.mark.parametrize("safeguard", Safeguard, ids=[it.name for it in Safeguard])
def test_without_any_one_safeguard_there_is_a_counter_example(safeguard: Safeguard) -> None:
    removal = REMOVALS[safeguard]

    found = tried(removal.luck, without=safeguard).counter_example

    assert found is not None
    print(f"\nWithout {safeguard.name} ({safeguard}):\n{found}")
    assert (found.wrong, len(found.moves)) == (removal.wrong, removal.after)
    assert tried(removal.luck).counter_example is None


def test_the_model_has_every_point_at_which_tests_can_stop_the_engine() -> None:
    names = {name.split()[0] for name, _ in _story(beginning(Luck()))}

    assert {point.value for point in Point} - names == {"rescuing"}
    abandoned = beginning(Luck()).put("a", status="held", epoch=1)
    assert "rescuing a" in dict(moves(abandoned))


def _story(state: State) -> Iterator[Move]:
    """Tell the story in which one process does everything and nothing goes wrong."""
    while not state.is_ended:
        name, state = next(move for move in moves(state) if not move[0].startswith("sent again"))
        yield name, state
