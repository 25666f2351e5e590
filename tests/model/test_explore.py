"""The explorer finds the shortest bad story, and states that only luck could save."""

from __future__ import annotations

from collections.abc import Callable

from tests.model.explore import STUCK, Explored, explore

Graph = dict[str, str]


def _explored(
    moves: Graph, mishaps: Graph | None = None, wrong: str = "", beginning: str = "s"
) -> Explored:
    return explore(
        beginning,
        moves=_edges(moves),
        mishaps=_edges(mishaps or {}),
        wrong=lambda state: "bad" if state and state in wrong else None,
        is_ended=lambda state: state == "e",
    )


def _edges(graph: Graph) -> Callable[[str], list[tuple[str, str]]]:
    return lambda state: [(state + after, after) for after in graph.get(state, "")]


def test_every_state_is_visited_once() -> None:
    found = _explored({"s": "ab", "a": "e", "b": "e", "e": "s"})

    assert found.states == 4
    assert found.counter_example is None


def test_of_two_ways_to_a_wrong_state_the_shorter_is_told() -> None:
    found = _explored({"s": "ac", "a": "b", "b": "x", "c": "xe", "x": "e"}, wrong="x")

    assert found.counter_example is not None
    assert found.counter_example.moves == ["sc", "cx"]
    assert found.counter_example.wrong == "bad"


def test_a_state_without_a_way_out_is_found() -> None:
    found = _explored({"s": "ae", "a": "b"})

    assert found.counter_example is not None
    assert found.counter_example.wrong == STUCK
    assert found.counter_example.moves == ["sa"]


def test_going_round_for_ever_is_no_way_out() -> None:
    assert _explored({"s": "ae", "a": "b", "b": "a"}).counter_example is not None
    assert _explored({"s": "ae", "a": "b", "b": "as"}).counter_example is None


def test_a_mishap_is_tried_and_not_relied_on() -> None:
    assert _explored({"s": "e"}, mishaps={"s": "x"}, wrong="x").counter_example is not None
    assert _explored({"s": "ae"}, mishaps={"a": "e"}).counter_example is not None


def test_a_story_reads_as_a_numbered_list() -> None:
    story = _explored({"s": "a", "a": "x"}, wrong="x").counter_example

    assert str(story).splitlines() == ["bad, after 2 moves:", "   1. sa", "   2. ax"]
