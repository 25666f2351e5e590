"""What a source comes to while it is being written, and what it may name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app.models import Event, Execution, StepRun
from executions_app.operations.start_execution import start_execution
from executions_app.testing import Engine
from tests.api.asking import in_this_process
from tests.published import published

PREVIEW, SCOPE = "/api/workflows/preview/", "/api/workflows/scope/"
Json = dict[str, Any]


def mapping(node_id: str, **fields: Any) -> Json:
    return {"id": node_id, "type": "map", "fields": fields}


ITEM = mapping("double", n={"expression": "item * 2"})
DEFINITION: Json = {
    "schema_version": 1,
    "name": "Sums",
    "inputs": {
        "type": "object",
        "properties": {"who": {"type": "string"}, "list": {"type": "array"}},
    },
    "configs": {"limit": 3},
    "nodes": [
        mapping("first", name={"from": "inputs.who"}, n={"value": 2}),
        {
            "id": "each",
            "type": "foreach",
            "items": {"from": "inputs.list"},
            "body": {"nodes": [ITEM, mapping("again", m={"from": "input.n"})],
                     "edges": [["double", "again"]]},
        },
        {
            "id": "choose",
            "type": "branch",
            "cases": [
                {"id": "yes", "when": "input.n > 1", "body": {"nodes": [mapping("good")]}},
                {"id": "no", "when": "true", "body": {"nodes": [mapping("bad")]}},
            ],
        },
        {"id": "last", "type": "tool", "tool": "log", "input": {"message": {"value": "done"}}},
        mapping("aside", x={"value": 1}),
    ],
    "edges": [["first", "each"], ["first", "choose"], ["each", "last"], ["choose", "last"]],
}  # fmt: skip


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


@pytest.fixture
def past(engine: Engine, ada: Any) -> Execution:
    """An execution of the definition that has gone well."""
    document = {key: value for key, value in DEFINITION.items() if key != "schema_version"}
    workflow = published(document.pop("nodes"), document.pop("edges"), owner=ada, **document)
    run = start_execution(workflow, input_data={"who": "Ada", "list": [5, 6]}, owner=ada)
    engine.run_until_idle()
    run.refresh_from_db()
    assert run.status == "completed", run.error
    return run


def previewed(api: APIClient, **body: Any) -> Json:
    response = api.post(PREVIEW, {"definition": DEFINITION, **body}, format="json")
    assert response.status_code == 200, response.content
    found: Json = response.json()
    return found


def value(api: APIClient, **body: Any) -> Any:
    found = previewed(api, **body)
    assert (found["ok"], found["evaluated"], found["error"]) == (True, True, None), found
    return found["value"]


def scope(api: APIClient, **body: Any) -> Json:
    response = api.post(SCOPE, {"definition": DEFINITION, **body}, format="json")
    assert response.status_code == 200, response.content
    found: Json = response.json()
    return found


def name_in(found: Json, name: str) -> Json:
    (one,) = [it for it in found["names"] if it["name"] == name]
    row: Json = one
    return row


# -- previews --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected", "kind"),
    [
        ({"value": [1]}, [1], "array"),
        ({"from": "inputs.who"}, "Bo", "string"),
        ({"expression": "size(inputs.who) + configs.limit"}, 5, "number"),
        ({"template": "Hi {{ steps.first.name }}!"}, "Hi Cy!", "string"),
        ({"expression": "null"}, None, "null"),
        ({"from": "inputs.nobody"}, None, "missing"),
    ],
)
def test_each_kind_of_source_comes_to_a_value(
    api: APIClient, source: Json, expected: Any, kind: str
) -> None:
    sample = {"inputs": {"who": "Bo"}, "steps": {"first": {"name": "Cy"}}}

    definition = DEFINITION | {"inputs": {}}
    found = previewed(api, node_id="last", source=source, sample=sample, definition=definition)

    assert (found["value"], found["type"], found["error"]) == (expected, kind, None)


def test_what_is_misspelt_is_answered_with_its_place(api: APIClient) -> None:
    found = previewed(api, node_id="last", source={"expression": "inputs.who +\n + "})
    path = previewed(api, node_id="last", source={"from": "inputs..who"})
    template = previewed(api, node_id="last", source={"template": "ab {{ 1 + }}"})

    assert (found["ok"], found["evaluated"]) == (False, False)
    assert found["error"]["code"] == "expression.syntax"
    assert (found["error"]["line"], found["error"]["position"] > 10) == (2, True)
    assert (path["error"]["code"], path["error"]["position"]) == ("path.invalid", 7)
    assert template["error"]["position"] >= 5


def test_a_name_that_is_not_there_is_refused_with_advice(api: APIClient) -> None:
    unknown = previewed(api, node_id="last", source={"from": "steps.frist.name"})
    later = previewed(api, node_id="first", source={"from": "steps.last.message"})
    outside = previewed(api, node_id="last", source={"expression": "item + 1"})

    assert unknown["error"]["code"] == "reference.unknown_step"
    assert "'first'" in unknown["error"]["fix"]
    assert later["error"]["code"] == "reference.not_upstream"
    assert (outside["error"]["code"], outside["error"]["position"]) == (
        "expression.unknown_name",
        0,
    )


def test_without_data_only_the_type_is_told(api: APIClient) -> None:
    found = previewed(api, node_id="last", source={"from": "inputs.who"})

    assert (found["ok"], found["evaluated"], found["type"]) == (True, False, "unknown")
    assert found["schema"] == {"type": "string"}
    assert found["missing_roots"] == ["inputs"]


def test_an_expression_that_fails_says_why(api: APIClient) -> None:
    found = previewed(
        api, node_id="last", source={"expression": "1 / inputs.n"}, sample={"inputs": {"n": 0}},
        definition=DEFINITION | {"inputs": {}},
    )  # fmt: skip

    assert (found["evaluated"], found["ok"]) == (True, False)
    assert found["error"]["code"].startswith("expression.")


def test_a_past_execution_brings_the_data(api: APIClient, past: Execution) -> None:
    seen = {"execution_id": past.pk}

    assert value(api, node_id="last", source={"from": "inputs.who"}, **seen) == "Ada"
    assert value(api, node_id="last", source={"from": "steps.first.name"}, **seen) == "Ada"
    assert value(api, node_id="last", source={"from": "steps.each"}, **seen) == [
        {"m": 10},
        {"m": 12},
    ]
    assert value(api, node_id="choose", at="own", condition="input.n > 1", **seen) is True
    assert value(api, source={"from": "steps.each[1].m"}, at="end", **seen) == 12


def test_inside_a_list_the_key_says_which_item(api: APIClient, past: Execution) -> None:
    seen = {"execution_id": past.pk, "node_id": "again"}

    assert value(api, source={"from": "item"}, **seen) == 5
    assert value(api, source={"from": "item"}, key="again[1]", **seen) == 6
    assert value(api, source={"from": "index"}, key="again[1]", **seen) == 1
    assert value(api, source={"from": "input.n"}, key="again[1]", **seen) == 12
    assert value(api, source={"from": "steps.double.n"}, key="again[1]", **seen) == 12


def test_a_sample_comes_before_the_execution(api: APIClient, past: Execution) -> None:
    sample = {"steps": {"first": {"name": "Cy"}}}
    seen = {"execution_id": past.pk, "sample": sample, "node_id": "last"}

    assert value(api, source={"from": "steps.first.name"}, **seen) == "Cy"
    assert value(api, source={"from": "inputs.who"}, **seen) == "Ada"


def test_a_step_that_did_not_run_then_is_named(api: APIClient, past: Execution) -> None:
    new = mapping("new", y={"value": 1})
    definition = DEFINITION | {
        "nodes": [new, *DEFINITION["nodes"]],
        "edges": [["new", "last"], *DEFINITION["edges"]],
    }

    found = previewed(
        api,
        node_id="last",
        source={"from": "steps.new.y"},
        definition=definition,
        execution_id=past.pk,
    )

    assert (found["evaluated"], found["missing_steps"]) == (False, ["new"])


def test_a_condition_that_is_no_truth_is_warned_of(api: APIClient) -> None:
    definition = DEFINITION | {"inputs": {}}
    sample = {"inputs": {"any": "x"}}
    at = {"node_id": "choose", "at": "own", "sample": sample, "definition": definition}

    certain = previewed(api, condition="'yes'", **at)
    found = previewed(api, condition="inputs.any", **at)

    assert certain["error"]["code"] == "condition.not_boolean"
    assert (found["value"], found["warnings"][-1]["code"]) == ("x", "condition.not_boolean")
    assert "true" in found["warnings"][-1]["message"]


def test_a_large_value_is_cut(api: APIClient) -> None:
    found = previewed(
        api, node_id="last", source={"from": "inputs.who"}, sample={"inputs": {"who": "x" * 70_000}}
    )

    assert (found["truncated"], found["bytes"], len(found["value"])) == (True, 70_002, 1_000)


def test_nothing_runs_and_nothing_is_stored(api: APIClient, past: Execution) -> None:
    def rows() -> list[int]:
        return [model.objects.count() for model in (Execution, StepRun, Event)]

    before = rows()
    code = previewed(api, node_id="last", source={"code": "sample/first"}, execution_id=past.pk)
    previewed(api, node_id="last", source={"from": "inputs.who"}, execution_id=past.pk)

    assert code["error"]["code"] == "preview.callable"
    assert rows() == before


def test_a_node_that_cannot_be_read_still_has_its_place(api: APIClient) -> None:
    broken = {"id": "last", "type": "tool"}
    definition = DEFINITION | {"nodes": [*DEFINITION["nodes"][:3], broken]}

    found = scope(api, definition=definition, node_id="last")

    assert "steps.first" in [one["name"] for one in found["names"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": {"value": 1}, "condition": "true"},
        {"source": {}},
        {"source": {"value": 1, "from": "x"}},
        {"source": {"value": 1}, "sample": {"nobody": 1}},
        {"source": {"value": 1}, "sample": {"steps": []}},
        {"source": {"value": 1}, "key": "a[b]"},
        {"source": {"value": 1}, "at": "somewhere"},
        {"source": {"value": 1}, "node_id": "nobody"},
        {"source": {"value": 1}, "node_id": "last", "at": "end"},
        {"source": {"value": 1}, "node_id": "choose", "at": "end", "case": "maybe"},
    ],
)
def test_a_body_that_names_no_place_or_source_is_refused(api: APIClient, body: Json) -> None:
    response = api.post(PREVIEW, {"definition": DEFINITION, **body}, format="json")

    assert response.status_code == 400, response.content
    assert response.json()["code"] in ("request.invalid", "place.unknown")


@pytest.mark.parametrize("url", [PREVIEW, SCOPE])
def test_a_foreign_execution_is_not_found(
    client_of: Any, bob: Any, past: Execution, url: str
) -> None:
    body = {"definition": DEFINITION, "execution_id": past.pk}
    source = {"source": {"value": 1}} if url == PREVIEW else {}

    assert client_of(bob).post(url, body | source, format="json").status_code == 404
    assert client_of(None).post(url, body | source, format="json").status_code == 401


# -- scopes ----------------------------------------------------------------------------------------


def test_only_what_has_run_before_may_be_named(api: APIClient) -> None:
    found = scope(api, node_id="last")

    names = {one["name"] for one in found["names"]}
    hidden = {one["step_id"]: one["reason"] for one in found["unavailable"]}
    assert {"steps.first", "steps.each", "steps.choose", "steps.good", "inputs"} <= names
    assert not {"steps.double", "steps.aside", "item", "iteration"} & names
    assert hidden == {
        "double": "in_foreach",
        "again": "in_foreach",
        "last": "around",
        "aside": "not_upstream",
    }


def test_one_case_does_not_see_the_other(api: APIClient) -> None:
    found = scope(api, node_id="bad", at="own")

    assert "steps.first" in {one["name"] for one in found["names"]}
    assert {"step_id": "good", "reason": "other_case"}.items() <= next(
        one for one in found["unavailable"] if one["step_id"] == "good"
    ).items()


def test_inside_a_list_the_item_may_be_named(api: APIClient, past: Execution) -> None:
    found = scope(api, node_id="again", execution_id=past.pk, key="again[1]")

    assert name_in(found, "item")["sample"] == 6
    assert name_in(found, "index")["sample"] == 1
    double = name_in(found, "steps.double")
    assert (double["sample"], double["status"]) == ({"n": 12}, "completed")
    assert found["execution"]["id"] == past.pk


def test_names_come_with_types_and_samples(api: APIClient, past: Execution) -> None:
    found = scope(api, node_id="last", execution_id=past.pk)

    inputs = name_in(found, "inputs")
    assert inputs["schema"] == DEFINITION["inputs"]
    assert (inputs["has_sample"], inputs["sample"]["who"]) == (True, "Ada")
    first = name_in(found, "steps.first")
    assert (first["kind"], first["node_type"], first["title"]) == ("step", "map", "first")
    assert first["sample"] == {"name": "Ada", "n": 2}
    assert name_in(found, "configs")["sample"] == {"limit": 3}
    assert {"size", "filter"} <= set(found["functions"])


def test_without_data_there_are_no_samples(api: APIClient) -> None:
    found = scope(api, node_id="last")

    assert not name_in(found, "steps.first")["has_sample"]
    assert found["execution"] is None


def test_every_name_that_is_offered_compiles_where_it_is_offered(api: APIClient) -> None:
    for node_id in ("first", "again", "bad", "last"):
        for one in scope(api, node_id=node_id)["names"]:
            found = previewed(api, node_id=node_id, source={"from": one["name"]})
            assert found["error"] is None, (node_id, one["name"], found["error"])


def test_the_result_sees_every_step_outside_of_lists(api: APIClient) -> None:
    found = scope(api)

    names = {one["name"] for one in found["names"]}
    assert {"steps.last", "steps.aside", "steps.good", "steps.bad"} <= names
    assert found["node_id"] is None
