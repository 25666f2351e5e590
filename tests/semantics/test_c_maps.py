"""Section C: step results, init data and maps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import c_maps as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(37, "get_init_data from a later step is the original input, also after maps")
def test_init_data_is_the_original_input(stage: Stage) -> None:
    result = stage.run(workflows.init_data, {"v": 9})

    assert result.steps["B"].output == result.steps["C"].output == {"v": 9}


@scenario(
    38, "get_step_result by object and id is the output; of unknown, failed, later steps null"
)
def test_step_results_are_outputs_of_completed_steps(stage: Stage) -> None:
    result = stage.run(workflows.step_results)

    assert result.steps["failed"].status == "failed"
    assert result.steps["B"].output == {
        "A": {"value": 5},
        "object": {"value": 5},
        "unknown": None,
        "failed": None,
        "C": None,
    }


@scenario(38, "get_step_result of a suspended step is null")
def test_a_suspended_step_has_no_result(stage: Stage) -> None:
    result = stage.run(workflows.suspended_result)

    assert result.status == "suspended"
    assert result.steps["asking"].status == "suspended"
    assert result.steps["B"].output == {"asking": None}


@scenario(39, "a map of every kind of source: paths, a constant, a function, input and context")
def test_a_map_of_every_source(stage: Stage) -> None:
    result = stage.run(workflows.mapped, {"v": 9}, runtime_context={"tenant": "T1"})

    assert result.result == {
        "x": 5,
        "all": {"deep": {"x": 5}, "arr": [1, {"k": 2}]},
        "k": 2,
        "c": 7,
        "f": 6,
        "i": 9,
        "rc": "T1",
    }


@scenario(40, "a map function sees the previous output, and what it returns is the next input")
def test_a_map_function_makes_the_next_input(stage: Stage) -> None:
    result = stage.run(workflows.by_function)

    assert [entry.saw["input"] for entry in stage.asked(result, "mapping")] == [{"value": 1}]
    assert result.steps["B"].payload == {"doubled": 2}


@scenario(41, "map_variable renames: details is the step's value")
def test_a_map_renames(stage: Stage) -> None:
    result = stage.run(workflows.renamed)

    assert result.steps["B"].payload == {"details": "v"}


@scenario(42, "a map without id is one more entry called mapping_...; with an id it has that")
def test_a_map_is_an_entry_of_its_own(stage: Stage) -> None:
    unnamed = stage.run(workflows.unnamed)
    named = stage.run(workflows.named)

    (extra,) = set(unnamed.steps) - {"input", "A"}
    assert extra.startswith("mapping_")
    assert unnamed.steps[extra].output == {"n": 1}
    assert set(named.steps) == {"input", "A", "custom"}
    assert named.steps["custom"].output == {"n": 1}


@scenario(45, "outputs that are no objects are mapped and handed on as they are")
@pytest.mark.parametrize("value", ["str", [1, 2]])
def test_maps_hand_on_any_value(stage: Stage, value: Any) -> None:
    result = stage.run(workflows.passing, value)

    assert stage.calls(result, "B")[0].input == value


@scenario(49, "a map function that raises fails its entry and the run, with the error's message")
def test_a_map_that_raises_fails(stage: Stage) -> None:
    result = stage.run(workflows.raising)

    failed = result.steps["broken"]
    assert (result.status, failed.status) == ("failed", "failed")
    assert "this mapping is broken" in failed.error["message"]
    assert "this mapping is broken" in result.error["message"]
    assert stage.counts(result) == {"A": 1}


@scenario(53, "conditions of branches and loops, and sleep functions, read results and init data")
def test_callables_read_results_and_init_data(stage: Stage) -> None:
    result = stage.run(workflows.knowing, {"n": 0})

    assert result.status == "completed"
    assert stage.counts(result) == {"A": 1, "arm": 1, "round": 1, "end": 1}
    for name in ("condition", "until", "span"):
        assert len(stage.asked(result, name)) == 1
