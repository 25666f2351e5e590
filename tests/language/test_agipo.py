"""Agipo's documents as definitions: order, bindings, inputs, and what is said about the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workflows_app.language.agipo import Converted, convert, is_agipo
from workflows_app.language.catalogue import StaticCatalogue, ToolInfo
from workflows_app.language.compile import Compiled, compile_definition

FIXTURES = Path(__file__).parent.parent / "fixtures" / "agipo"
NAVIGATE, FETCH, SEND = "hxoEFHJL21nAkQfLsnFAY", "BDHS3ZinvIN94tv0l35Sx", "4Ouop5jvsC8YbJIek-Qna"


class AnyTool(StaticCatalogue):
    """Knows every action, and of none what it takes or gives."""

    def tool(self, name: str) -> ToolInfo | None:
        known = name.startswith("composio.") and len(name) > len("composio.")
        return ToolInfo(name=name, input_schema={"type": "object"}) if known else None


def sample(name: str = "send-site-content-to-email") -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.workflow.json").read_text())


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Test", "steps": list(steps), "runtimeInputs": [], **more}


def action(step_id: str, **more: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "composio", "toolId": "HACKERNEWS_GET_ITEM", **more}


def bound(step_id: str, **fields: dict[str, Any]) -> dict[str, Any]:
    return {step_id: {"stepId": step_id, "inputBindings": fields}}


def from_step(step: str, path: Any) -> dict[str, Any]:
    return {"sourceType": "step-output", "sourceStepId": step, "sourcePath": path}


def codes(converted: Converted) -> list[str]:
    return [note.code for note in converted.notes]


def compiled(converted: Converted) -> Compiled:
    return compile_definition(converted.definition, catalogue=AnyTool())


def inputs_of(*raw: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    converted = convert(document(runtimeInputs=list(raw)))
    return converted.definition.get("inputs", {}), codes(converted)


# -- the stored samples -----------------------------------------------------------------------


def test_the_sample_compiles_with_two_warnings_where_types_are_unknown() -> None:
    outcome = compiled(convert(sample()))

    assert outcome.status == "warnings"
    assert [(item.code, item.path) for item in outcome.diagnostics] == [
        ("type.unknown", "/nodes/2/input/subject/from"),
        ("type.unknown", "/nodes/2/input/body/from"),
    ]


def test_the_sample_keeps_ids_order_tools_and_data_flow() -> None:
    definition = convert(sample()).definition

    assert [(node["id"], node["tool"]) for node in definition["nodes"]] == [
        (NAVIGATE, "composio.BROWSER_TOOL_NAVIGATE"),
        (FETCH, "composio.BROWSER_TOOL_FETCH_WEBPAGE"),
        (SEND, "composio.GMAIL_SEND_EMAIL"),
    ]
    assert definition["edges"] == [[NAVIGATE, FETCH], [FETCH, SEND]]
    assert definition["nodes"][0]["input"] == {"url": {"from": 'inputs["Website URL"]'}}
    assert "input" not in definition["nodes"][1]
    assert definition["nodes"][2]["input"]["subject"] == {"from": f"steps.{FETCH}.title"}


def test_the_sample_asks_for_its_two_inputs() -> None:
    inputs = convert(sample()).definition["inputs"]

    assert inputs["required"] == ["Email Address", "Website URL"]
    assert inputs["properties"]["Website URL"] == {"type": "string", "title": "Website URL"}


def test_the_sample_says_what_it_lost() -> None:
    assert codes(convert(sample())) == ["agipo.positions", "agipo.presentation", "agipo.metadata"]


def test_a_document_without_steps_converts_and_does_not_compile() -> None:
    outcome = compiled(convert(sample("job-application-helper")))

    assert [item.code for item in outcome.diagnostics] == ["definition.empty"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (sample(), True),
        ({"schema_version": 1, "name": "ours", "nodes": [], "edges": []}, False),
        ({"steps": []}, False),
        ([], False),
    ],
)
def test_a_document_is_recognised_by_its_shape(value: Any, expected: bool) -> None:
    assert is_agipo(value) is expected


# -- order ------------------------------------------------------------------------------------


def test_the_array_decides_the_order_and_a_forgotten_list_index_is_noted() -> None:
    converted = convert(document(action("b", listIndex=1), action("a", listIndex=0)))

    assert converted.definition["edges"] == [["b", "a"]]
    assert codes(converted) == ["agipo.order"]


def test_a_control_flow_in_another_order_is_noted() -> None:
    flow = {"type": "sequential", "order": ["b", "a"]}

    assert codes(convert(document(action("a"), action("b"), controlFlow=flow))) == ["agipo.order"]


def test_positions_are_kept_when_somebody_has_moved_the_steps() -> None:
    converted = convert(
        document(action("a", position={"x": 0, "y": 0}), action("b", position={"x": 5, "y": 9.5}))
    )

    assert converted.definition["ui"] == {
        "positions": {"a": {"x": 0, "y": 0}, "b": {"x": 5, "y": 9.5}}
    }
    assert converted.notes == ()


# -- bindings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data.title", "steps.a.title"),
        ("title", "steps.a.title"),
        ("data.data.title", "steps.a.data.title"),
        ("data", "steps.a"),
        ("", "steps.a"),
        (None, "steps.a"),
        ("data.items.0.name", "steps.a.items[0].name"),
        ("data.items[0][12].name", "steps.a.items[0][12].name"),
        ("data.Content Type", 'steps.a["Content Type"]'),
        ('data.x"];import os;["', None),
        ("data..x", None),
        ("data.__class__", None),
        ("data." + "x" * 2_000, None),
        (7, None),
    ],
)
def test_a_step_output_is_read_below_the_envelope(path: Any, expected: str | None) -> None:
    converted = convert(
        document(action("a"), action("b"), bindings=bound("b", field=from_step("a", path)))
    )

    assert converted.definition["nodes"][1]["input"] == {"field": {"from": expected or "?"}}
    assert ("agipo.binding_invalid" in codes(converted)) is (expected is None)
    assert (compiled(converted).plan is None) is (expected is None)


def test_a_literal_stands_as_it_is_and_is_never_a_path() -> None:
    literal = {"sourceType": "literal", "literalValue": "inputs.x {{ 1 + 1 }}"}

    converted = convert(document(action("a"), bindings=bound("a", field=literal)))

    assert converted.definition["nodes"][0]["input"]["field"] == {"value": "inputs.x {{ 1 + 1 }}"}


@pytest.mark.parametrize(
    "binding",
    [
        {},
        None,
        {"sourceType": "expression", "code": "1"},
        {"sourceType": "literal"},
        {"sourceType": "workflow-input"},
        {"sourceType": "workflow-input", "workflowInputName": "__proto__"},
        {"sourceType": "step-output"},
    ],
)
def test_a_binding_that_cannot_be_read_leaves_a_mark_that_does_not_compile(binding: Any) -> None:
    converted = convert(document(action("a"), bindings=bound("a", field=binding)))

    assert codes(converted) == ["agipo.binding_invalid"]
    assert [(item.code, item.path) for item in compiled(converted).diagnostics] == [
        ("reference.invalid", "/nodes/0/input/field/from")
    ]


def test_a_binding_to_a_deleted_step_is_an_error_at_its_place() -> None:
    converted = convert(document(action("b"), bindings=bound("b", field=from_step("gone", "x"))))

    assert [item.code for item in compiled(converted).diagnostics] == ["reference.unknown_step"]


def test_a_binding_to_a_renamed_input_is_an_error() -> None:
    source = {"sourceType": "workflow-input", "workflowInputName": "Old"}
    new = {"key": "New", "type": "string", "label": "New", "required": True}

    converted = convert(
        document(action("a"), runtimeInputs=[new], bindings=bound("a", field=source))
    )

    assert [item.code for item in compiled(converted).diagnostics] == ["reference.unknown_input"]


def test_bindings_without_a_step_are_named() -> None:
    converted = convert(document(action("a"), bindings=bound("gone", f=from_step("a", "x"))))

    assert [(note.code, note.path) for note in converted.notes] == [
        ("agipo.binding_unused", "/bindings/gone")
    ]


# -- ids --------------------------------------------------------------------------------------


def test_an_id_that_does_not_fit_is_changed_everywhere() -> None:
    converted = convert(
        document(action("-a b"), action("c"), bindings=bound("c", x=from_step("-a b", "data.t")))
    )

    assert [node["id"] for node in converted.definition["nodes"]] == ["step-a-b", "c"]
    assert converted.definition["nodes"][1]["input"]["x"] == {"from": 'steps["step-a-b"].t'}
    assert codes(converted) == ["agipo.step_renamed"]
    assert compiled(converted).plan is not None


def test_the_workflows_own_id_is_kept_where_it_fits() -> None:
    assert convert(sample()).definition["id"] == "wf-auUlyla9_YGv"
    unfit = convert(document(action("a"), id="../x"))
    assert "id" not in unfit.definition
    assert codes(unfit) == ["agipo.id"]


def test_a_repeated_id_gets_a_number_and_its_bindings_stay_with_the_first() -> None:
    literal = {"sourceType": "literal", "literalValue": 1}

    converted = convert(document(action("a"), action("a"), bindings=bound("a", x=literal)))

    first, second = converted.definition["nodes"]
    assert (first["id"], second["id"]) == ("a", "a_2")
    assert "input" in first
    assert "input" not in second


# -- inputs and configs -----------------------------------------------------------------------


def test_an_input_becomes_a_property_with_its_rules() -> None:
    schema, noted = inputs_of(
        {
            "key": "site",
            "type": "string",
            "label": "Site",
            "description": "Where to look",
            "required": False,
            "default": "https://example.org",
            "validation": {"format": "url", "min": 3, "max": 200, "pattern": "^https"},
        }
    )

    assert schema == {
        "type": "object",
        "properties": {
            "site": {
                "type": "string",
                "title": "Site",
                "description": "Where to look",
                "default": "https://example.org",
                "format": "uri",
                "minLength": 3,
                "maxLength": 200,
                "pattern": "^https",
            }
        },
    }
    assert noted == []


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("number", "2.5", 2.5),
        ("boolean", "true", True),
        ("array", '["a"]', ["a"]),
        ("object", {"a": 1}, {"a": 1}),
        ("string", "5", "5"),
    ],
)
def test_a_default_typed_into_a_text_field_gets_its_type(
    kind: str, default: Any, expected: Any
) -> None:
    schema, noted = inputs_of({"key": "x", "type": kind, "label": "X", "default": default})

    assert schema["properties"]["x"]["default"] == expected
    assert noted == []


@pytest.mark.parametrize(
    "raw",
    [
        {"key": "x", "type": "number", "label": "X", "default": "many"},
        {"key": "x", "type": "number", "label": "X", "default": "NaN"},
        {"key": "x", "type": "array", "label": "X", "default": "[" * 100_000},
        {"key": "x", "type": "number", "label": "X", "validation": {"format": "email"}},
        {"key": "x", "type": "boolean", "label": "X", "validation": {"min": 1}},
        {"key": "x", "type": "string", "label": "X", "validation": {"min": -1}},
        {"key": "x", "type": "string", "label": "X", "validation": "strict"},
        {"key": "x", "type": "integer", "label": "X"},
        {"key": "", "type": "string"},
        "x",
    ],
)
def test_what_does_not_fit_an_input_is_named_and_left_out(raw: Any) -> None:
    schema, noted = inputs_of(raw)

    assert noted == ["agipo.input_invalid"]
    assert set(schema.get("properties", {}).get("x", {})) <= {"type", "title"}


def test_a_config_keeps_its_value() -> None:
    configs = [{"key": "tone", "type": "select", "label": "Tone", "default": "warm"}]

    converted = convert(document(action("a"), configs=configs))

    assert converted.definition["configs"] == {"tone": "warm"}
    assert codes(converted) == ["agipo.config"]


def test_every_part_that_does_not_come_over_is_named() -> None:
    converted = convert(
        document(
            action("a", outputSchema={"type": "object", "properties": {"x": {}}}, colour="red"),
            mappings=[{"id": "m"}],
            connections={"gmail": "c1"},
            tableRequirements=[{"key": "t"}],
            tables={"t": {}},
            triggers=[],
        )
    )

    assert codes(converted) == [
        "agipo.schema",
        "agipo.field_unknown",
        "agipo.mappings",
        "agipo.connections",
        "agipo.tables",
        "agipo.tables",
        "agipo.field_unknown",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"steps": {}},
        {"name": 5, "description": [], "steps": [None, 1, [], {}]},
        {"steps": [{"id": ["x"], "type": ["composio"], "position": 3, "parentId": []}]},
        {"steps": [{"id": "a", "type": "composio", "toolId": {}}], "bindings": {"a": []}},
        {"steps": [], "runtimeInputs": {}, "configs": 5, "controlFlow": [], "bindings": 1},
        {"steps": [{"type": "control", "controlType": {}, "controlConfig": []}]},
        {"name": "x" * 500, "description": "y" * 20_000, "steps": []},
    ],
)
def test_a_broken_document_converts_to_something_that_does_not_compile(raw: Any) -> None:
    assert compiled(convert(raw)).plan is None
