"""Steps that Agipo could not run: nothing of them runs here by accident, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.language.test_agipo import action, codes, compiled, convert, document


def control(step_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "control", "controlType": kind, "controlConfig": config}


def test_custom_code_is_kept_beside_the_definition_and_does_not_run() -> None:
    code = "await fetch('https://evil.example')"

    converted = convert(document(action("a"), {"id": "b", "type": "custom", "code": code}))

    assert converted.definition["ui"] == {"agipo_code": {"b": code}}
    assert codes(converted) == ["agipo.custom_code"]
    assert [item.code for item in compiled(converted).diagnostics] == ["step.unknown"]


@pytest.mark.parametrize("kind", ["query_table", "write_table"])
def test_a_table_step_waits_for_somebody_to_replace_it(kind: str) -> None:
    converted = convert(document({"id": "t", "type": kind, "tableRef": "people"}))

    assert codes(converted) == ["agipo.table_step"]
    assert [item.code for item in compiled(converted).diagnostics] == ["step.unknown"]


def test_an_action_without_a_name_is_an_unknown_tool() -> None:
    converted = convert(document({"id": "a", "type": "composio"}))

    assert [item.code for item in compiled(converted).diagnostics] == ["tool.unknown"]


def test_lanes_become_branches_of_the_graph() -> None:
    converted = convert(
        document(
            action("before"),
            control("fork", "parallel", waitForAll=True),
            action("left", parentId="fork", parallelLaneIndex=0),
            action("left2", parentId="fork", parallelLaneIndex=0),
            action("right", parentId="fork", parallelLaneIndex=1),
            action("after"),
        )
    )

    assert converted.definition["edges"] == [
        ["before", "left"],
        ["left", "left2"],
        ["before", "right"],
        ["left2", "after"],
        ["right", "after"],
    ]
    assert codes(converted) == ["agipo.control_step"]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (control("w", "wait", type="duration", durationMs=1500), {"type": "sleep", "seconds": 1.5}),
        (
            control("w", "wait", type="until", untilTime="2026-01-01T00:00:00Z"),
            {"type": "sleep_until", "at": "2026-01-01T00:00:00Z"},
        ),
        (control("w", "suspend", message="Go on?"), {"type": "approval", "title": "Go on?"}),
    ],
)
def test_waiting_and_asking_keep_their_meaning(step: Any, expected: dict[str, Any]) -> None:
    converted = convert(document(step))

    assert converted.definition["nodes"] == [{"id": "w", **expected}]
    assert codes(converted) == ["agipo.control_step"]


def test_the_lanes_of_a_branch_become_cases_with_the_else_lane_last() -> None:
    condition = {"id": "c", "label": "Big", "expression": "size > 3"}
    converted = convert(
        document(
            control("if", "branch", conditions=[condition], hasElse=True),
            action("big", parentId="if", branchConditionIndex=0),
            action("small", parentId="if", branchConditionIndex=1),
        )
    )

    (node,) = converted.definition["nodes"]
    assert [
        (case["id"], case["when"], case["body"]["nodes"][0]["id"]) for case in node["cases"]
    ] == [("case_1", "size > 3", "big"), ("else", "true", "small")]
    assert node["mode"] == "first"


@pytest.mark.parametrize(
    "container",
    [
        control("box", "loop", type="while", condition="i < 3", maxIterations=5),
        control("box", "foreach", arraySource="items", concurrency=2),
    ],
)
def test_what_stands_in_a_container_stays_in_it(container: dict[str, Any]) -> None:
    converted = convert(document(container, action("inner", parentId="box"), action("after")))

    box, after = converted.definition["nodes"]
    assert [node["id"] for node in box["body"]["nodes"]] == ["inner"]
    assert converted.definition["edges"] == [["box", after["id"]]]


def test_a_step_of_a_deleted_container_stands_outside() -> None:
    converted = convert(document(action("orphan", parentId="gone")))

    assert [node["id"] for node in converted.definition["nodes"]] == ["orphan"]
    assert codes(converted) == ["agipo.parent_unknown"]


def test_containers_that_stand_in_each_other_are_untangled() -> None:
    first = {**control("a", "loop", condition="true"), "parentId": "b"}
    second = {**control("b", "loop", condition="true"), "parentId": "a"}

    converted = convert(document(first, second))

    assert "agipo.parent_unknown" in codes(converted)
    assert compiled(converted).plan is None


def test_nesting_without_end_stops() -> None:
    boxes = [
        {**control(f"b{number}", "loop", condition="true"), "parentId": f"b{number - 1}"}
        for number in range(1, 3_000)
    ]

    converted = convert(document(control("b0", "loop", condition="true"), *boxes))

    assert "agipo.nesting" in codes(converted)
