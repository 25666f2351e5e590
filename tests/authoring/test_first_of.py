"""Of several steps the first that has completed gives the value."""

from __future__ import annotations

from typing import Any

import pytest

from workflows_app.authoring import StepContext, create_workflow, map_variable
from workflows_app.language.expressions import ExpressionError, evaluate


def value(path: str, steps: dict[str, Any], ids: tuple[str, ...] = ("a", "b", "c")) -> Any:
    source = map_variable(step=ids, path=path).document
    return evaluate(source["expression"], {"steps": steps})


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ({"a": {"x": 1}, "b": {"x": 2}}, 1),
        ({"b": {"x": 2}, "c": {"x": 3}}, 2),
        ({"c": {"x": False}}, False),
        ({"a": {}, "c": {"x": 3}}, None),
    ],
)
def test_the_first_that_has_completed_counts(steps: dict[str, Any], found: Any) -> None:
    assert value("x", steps) == found


def test_none_of_them_gives_nothing() -> None:
    assert value(".", {}) is None


def test_a_path_through_none_of_them_fails() -> None:
    with pytest.raises(ExpressionError):
        value("x.y", {})


def test_numbers_in_a_path_are_places_in_a_list() -> None:
    assert value("rows.1", {"c": {"rows": [1, 2]}}) == 2
    assert value("rows.2", {"c": {"rows": [1, 2]}}) is None
    assert value("rows.0.n", {"c": {"rows": [{"n": 7}]}}) == 7


def test_keys_may_be_any_text() -> None:
    assert value('["Website URL"]', {"c": {"Website URL": "x"}}) == "x"
    assert value('["Website URL"]', {"c": {}}) is None


def test_ids_that_are_no_words_are_looked_up_by_python() -> None:
    workflow = create_workflow(id="w").map({"n": map_variable(step=["a", "my-b"], path="x.0")})
    outputs = {"my-b": {"x": [7]}}
    context = StepContext(
        input_data=None, run_id="r", workflow_id="w", step_id="s", read_output=outputs.get
    )

    found = workflow.callables["mapping_1/n"](context)

    assert found == 7
    assert workflow.to_definition()["nodes"][0]["fields"] == {"n": {"code": "w/mapping_1/n"}}
