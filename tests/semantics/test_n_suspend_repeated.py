"""Section N: suspending and resuming rounds of loops and items of lists."""

from __future__ import annotations

import itertools

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import n_suspend_repeated as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(236, "a loop whose step suspends each time: the input of each round is right")
def test_each_round_suspends_afresh(stage: Stage) -> None:
    run = stage.begin(workflows.asks_for_ever, {"n": 0})
    rounds = [stage.end_of(run)]

    rounds += [run.resume("inc", resume_data={"add": 1}) for _ in range(3)]

    assert [result.status for result in rounds] == ["suspended"] * 4
    assert [result.steps["inc"].payload for result in rounds] == [{"n": n} for n in range(4)]
    assert [result.suspend_payload["inc"] for result in rounds] == [{"at": n} for n in range(4)]


@scenario(237, "in a loop neither resume data nor suspend data reach the next round")
def test_a_round_is_told_nothing_of_the_one_before(stage: Stage) -> None:
    run = stage.begin(workflows.asks_until_three, {"n": 0})
    stage.end_of(run)

    for _ in range(3):
        result = run.resume(resume_data={"add": 1})

    assert (result.status, result.result) == ("completed", {"n": 3})
    assert [
        (call.input["n"], call.resume_data, call.suspend_data) for call in stage.calls(run, "inc")
    ] == [
        (0, None, None),
        (0, {"add": 1}, {"at": 0}),
        (1, None, None),
        (1, {"add": 1}, {"at": 1}),
        (2, None, None),
        (2, {"add": 1}, {"at": 2}),
    ]


@scenario(238, "one at a time, every item suspends: each resume is for the one that waits")
def test_items_one_at_a_time(stage: Stage) -> None:
    run = stage.begin(workflows.one_at_a_time, [1, 22, 333])
    results = [stage.end_of(run)]

    results += [run.resume(resume_data=value) for value in (0, 5, 0)]

    assert [result.status for result in results] == ["suspended"] * 3 + ["completed"]
    assert [result.suspended for result in results[:3]] == [[["map"]]] * 3
    assert [result.suspend_payload["map"] for result in results[:3]] == [
        {"item": 1},
        {"item": 22},
        {"item": 333},
    ]
    assert results[-1].result == {"items": [12, 38, 344], "sum": 394}
    assert [call.index for call in stage.calls(run, "map")] == [0, 0, 1, 1, 2, 2]


@scenario(239, "three at a time: one resume without an index is for all that wait")
def test_one_resume_is_for_all_items_that_wait(stage: Stage) -> None:
    run = stage.begin(workflows.large_ask, [22, 1, 333])
    asked = stage.end_of(run)
    first = [call.index for call in stage.calls(run, "map")]

    result = run.resume("map", resume_data=5)

    assert (asked.status, asked.suspended) == ("suspended", [["map"]])
    assert sorted(first) == [0, 1, 2]
    assert (result.status, result.result["items"]) == ("completed", [38, 12, 349])
    assert [call.index for call in stage.calls(run, "map")].count(1) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
@scenario(240, "an index resumes one item; in whatever order: [112, 233, 644]")
def test_an_index_resumes_one_item(stage: Stage, order: tuple[int, ...]) -> None:
    run = stage.begin(workflows.all_at_once, [1, 22, 333])
    stage.end_of(run)
    values = (100, 200, 300)

    results = [run.resume("map", resume_data=values[k], foreach_index=k) for k in order]

    assert [result.status for result in results] == ["suspended", "suspended", "completed"]
    assert results[-1].result == [112, 233, 644]


@scenario(241, "each item has a label of its own: resumed as 2, 1, 0")
def test_a_label_resumes_one_item(stage: Stage) -> None:
    run = stage.begin(workflows.by_label, [1, 22, 333])
    asked = stage.end_of(run)

    results = [
        run.resume(label=f"label-{index}", resume_data=value)
        for index, value in ((2, 5), (1, 0), (0, 3))
    ]

    assert asked.resume_labels == {
        f"label-{index}": {"step_id": "map", "foreach_index": index} for index in range(3)
    }
    assert [result.status for result in results] == ["suspended", "suspended", "completed"]
    assert results[-1].result == [15, 33, 349]


@scenario(242, "five items, three at a time: the first resume lets the rest begin, which suspend")
def test_the_rest_begins_when_the_first_ones_are_resumed(stage: Stage) -> None:
    run = stage.begin(workflows.large_ask, [22, 1, 333, 444, 1000])
    asked = stage.end_of(run)
    begun = {call.index for call in stage.calls(run, "map")}

    more = run.resume("map", resume_data=5)
    result = run.resume("map", resume_data=5)

    # Side by side, the small one may be done before the first of the large ones asks.
    assert begun in ([{0, 1, 2}] if stage.is_memory else [{0, 1, 2}, {0, 1, 2, 3}])
    assert (asked.status, more.status, result.status) == ("suspended", "suspended", "completed")
    assert result.result["sum"] == 1875
    assert [call.resume_data for call in stage.calls(run, "map") if call.index == 4] == [None, 5]


@scenario(243, "the same by index 2, 0, 3, 4 with 5, 3, 2, 8: 1873")
def test_the_same_by_index(stage: Stage) -> None:
    run = stage.begin(workflows.large_ask, [22, 1, 333, 444, 1000])
    stage.end_of(run)

    results = [
        run.resume("map", resume_data=value, foreach_index=index)
        for index, value in ((2, 5), (0, 3), (3, 2), (4, 8))
    ]

    assert [result.status for result in results] == ["suspended"] * 3 + ["completed"]
    assert results[-1].result == {"items": [36, 12, 349, 457, 1019], "sum": 1873}
