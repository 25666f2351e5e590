"""Section G: foreach."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import g_foreach as workflows

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS = [{"value": 1}, {"value": 22}, {"value": 333}]
SUMS = [{"value": 12}, {"value": 33}, {"value": 344}]


@scenario(
    105,
    "FE(map,1) over [1,22,333] +11 gives [12,33,344], then 389; the payload is the list; "
    "three calls one after the other without overlap, each taking its time",
)
def test_items_one_at_a_time(stage: Stage) -> None:
    result = stage.run(workflows.one_at_a_time, ITEMS)

    calls = stage.calls(result, "map")
    assert result.result == {"total": 389}
    assert (result.steps["map"].payload, result.steps["map"].output) == (ITEMS, SUMS)
    assert [call.index for call in calls] == [0, 1, 2]
    assert stage.most_at_once(result, "map") == 1
    assert all(before.ended_at <= after.began_at for before, after in pairwise(calls))
    if not stage.is_memory:
        assert calls[-1].ended_at - calls[0].began_at >= 3 * workflows.DELAY_SECONDS


@scenario(106, "FE(map,3) gives the same, with all three bodies at the same time")
def test_three_items_at_a_time(stage: Stage) -> None:
    result = stage.run(workflows.three_at_a_time, ITEMS)

    assert result.steps["map"].output == SUMS
    assert result.result == {"total": 389}
    assert stage.most_at_once(result, "map") == 3


@scenario(107, "FE(map,2) over four items: two by two, twice the time of one, in order")
def test_four_items_two_at_a_time(stage: Stage) -> None:
    result = stage.run(workflows.two_at_a_time, [1, 2, 3, 4])

    calls = stage.calls(result, "map")
    assert result.result == [10, 20, 30, 40]
    assert stage.most_at_once(result, "map") == 2
    if not stage.is_memory:
        assert max(call.ended_at for call in calls) - calls[0].began_at >= (
            2 * workflows.DELAY_SECONDS
        )


@scenario(
    108, "a sliding window: with two at a time and a slow first item the other three pass it by"
)
def test_the_next_item_starts_as_soon_as_a_slot_is_free(stage: Stage) -> None:
    # In memory: whatever became due last is made first, so that the first item is the last.
    stage.choose = lambda count: count - 1

    result = stage.run(workflows.sliding, ["a", "b", "c", "d"])

    assert (result.status, result.result) == ("completed", ["A", "B", "C", "D"])
    first, *others = sorted(stage.calls(result, "map"), key=lambda call: call.index)
    assert all(call.ended_at <= first.ended_at for call in others)
    if stage.is_memory:
        assert [call.index for call in stage.calls(result, "map")] == [1, 2, 3, 0]


@scenario(109, "order is kept when later items finish first")
def test_outputs_are_in_the_order_of_the_items(stage: Stage) -> None:
    stage.choose = lambda count: count - 1

    result = stage.run(workflows.reversed_ends, ["a", "b", "c"])

    ended = sorted(stage.calls(result, "map"), key=lambda call: call.ended_at)
    assert result.result == ["A", "B", "C"]
    if not stage.is_memory:
        assert [call.index for call in ended] == [2, 1, 0]
    else:
        assert [call.index for call in stage.calls(result, "map")] == [2, 1, 0]


@scenario(110, "an empty list: the body is not called, the output is [], the next step receives []")
def test_an_empty_list_calls_nothing(stage: Stage) -> None:
    result = stage.run(workflows.empty, [])

    assert result.status == result.steps["map"].status == "completed"
    assert result.steps["map"].output == []
    assert stage.counts(result) == {"next": 1}
    assert result.steps["next"].payload == []


@scenario(111, "generate 3 items > double each > sum: [2, 4, 6], then 12")
def test_a_generated_list_is_gone_through(stage: Stage) -> None:
    result = stage.run(workflows.generated, {"count": 3})

    assert result.steps["double"].output == [2, 4, 6]
    assert result.result == 12


@scenario(112, "never more than n bodies at the same time")
def test_never_more_items_than_wanted(stage: Stage) -> None:
    result = stage.run(workflows.bounded, [3, 0, 0, 0, 0, 0, 0, 0, 0, 0])

    assert len(stage.calls(result, "map")) == 10
    assert stage.most_at_once(result, "map") <= 3
