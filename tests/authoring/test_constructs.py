"""Every construct stands in the definition as the language spells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from workflows_app.authoring import (
    DuplicateStep,
    Retry,
    Schedule,
    Step,
    WorkflowError,
    WorkflowUncommitted,
    clone_workflow,
    code,
    constant,
    create_step,
    create_workflow,
    expression,
    from_path,
    map_variable,
    scope,
    use_step,
    use_tool,
    use_workflow,
)
from workflows_app.authoring.registry import registry
from workflows_app.authoring.workflow import Workflow


class Answer(BaseModel):
    approved: bool


def made(step_id: str, **options: Any) -> Step:
    return create_step(id=step_id, execute=lambda value: value, **options)


def node_of(workflow: Workflow, index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = workflow.to_definition()["nodes"][index]
    return found


def step_node(step_id: str, *, node_id: str | None = None) -> dict[str, Any]:
    return {"id": node_id or step_id, "type": "step", "step": step_id}


def body_of(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": list(nodes), "edges": []}


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    before = dict(registry.workflows), dict(registry.compiled), dict(registry._steps)
    yield
    registry.workflows, registry.compiled, registry._steps = before


def test_a_branch_has_a_case_for_each_arm() -> None:
    def is_small(ctx: Any) -> bool:
        return bool(ctx.input_data["n"] < 10)

    workflow = create_workflow(id="w").branch([("input.n >= 10", made("x")), (is_small, made("y"))])

    assert node_of(workflow) == {
        "id": "branch_1",
        "type": "branch",
        "mode": "all",
        "cases": [
            {"id": "x", "when": "input.n >= 10", "body": body_of(step_node("x"))},
            {"id": "y", "when": {"code": "w/branch_1/y"}, "body": body_of(step_node("y"))},
        ],
    }
    assert workflow.callables == {"branch_1/y": is_small}
    assert set(workflow.steps) == {"x", "y"}


def test_loops_hold_their_step_and_their_condition() -> None:
    workflow = (
        create_workflow(id="w")
        .dowhile(made("a"), "input.n < 3", max_iterations=5)
        .dountil(made("b"), lambda ctx: True, id="again")
    )

    assert node_of(workflow) == {
        "id": "loop_1",
        "type": "loop",
        "while": "input.n < 3",
        "max_iterations": 5,
        "body": body_of(step_node("a")),
    }
    assert node_of(workflow, 1) == {
        "id": "again",
        "type": "loop",
        "until": {"code": "w/again"},
        "body": body_of(step_node("b")),
    }
    assert workflow.to_definition()["edges"] == [["loop_1", "again"]]


def test_a_foreach_is_called_like_its_step() -> None:
    many = made("double")
    workflow = (
        create_workflow(id="w")
        .foreach(many, concurrency=3)
        .foreach(many, id="again", concurrency=lambda ctx: 2)
        .foreach(use_tool("log", id="say"), items=from_path("inputs.lines"))
    )

    assert node_of(workflow) == {
        "id": "double",
        "type": "foreach",
        "concurrency": 3,
        "body": body_of(step_node("double", node_id="double:body")),
    }
    assert node_of(workflow, 1)["concurrency"] == {"code": "w/again/concurrency"}
    assert node_of(workflow, 1)["body"] == body_of(step_node("double", node_id="again:body"))
    assert node_of(workflow, 2)["items"] == {"from": "inputs.lines"}
    assert workflow.steps == {"double": many}


def test_sleeps_are_numbered_together() -> None:
    workflow = (
        create_workflow(id="w")
        .sleep(timedelta(minutes=1))
        .sleep_until(datetime(2030, 1, 1, tzinfo=UTC))
        .sleep(lambda ctx: 5)
        .sleep_until(expression("inputs.when"), id="later")
    )

    assert workflow.to_definition()["nodes"] == [
        {"id": "sleep_1", "type": "sleep", "seconds": 60.0},
        {"id": "sleep_2", "type": "sleep_until", "at": "2030-01-01T00:00:00+00:00"},
        {"id": "sleep_3", "type": "sleep", "seconds": {"code": "w/sleep_3/seconds"}},
        {"id": "later", "type": "sleep_until", "at": {"expression": "inputs.when"}},
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        create_workflow(id="w").sleep_until(datetime(2030, 1, 1))


def test_a_wait_may_have_a_step_and_a_bound() -> None:
    workflow = (
        create_workflow(id="w")
        .wait_for_event("paid", made("book"), timeout=timedelta(hours=1))
        .wait_for_event("sent")
    )

    assert workflow.to_definition()["nodes"] == [
        {
            "id": "book",
            "type": "wait_for_event",
            "event": "paid",
            "body": body_of(step_node("book", node_id="book:body")),
            "timeout": 3600.0,
        },
        {"id": "wait_1", "type": "wait_for_event", "event": "sent"},
    ]


def test_an_approval_says_who_is_asked_what() -> None:
    workflow = create_workflow(id="w").approval(
        "ask",
        title="Pay?",
        form=Answer,
        context={"sum": map_variable(init_data=True, path="sum")},
        assignees=["ada", "group:finance"],
        deadline=timedelta(days=1),
        on_deadline="reject",
        reminder=60,
    )

    assert node_of(workflow) == {
        "id": "ask",
        "type": "approval",
        "title": "Pay?",
        "form": Answer.model_json_schema(),
        "context": {"sum": {"from": "inputs.sum"}},
        "assignees": ["ada", "group:finance"],
        "deadline": 86_400.0,
        "on_deadline": "reject",
        "reminder": 60,
    }


def test_a_workflow_is_a_step_wherever_a_step_may_stand() -> None:
    inner = create_workflow(id="inner").sleep(1).commit()
    workflow = (
        create_workflow(id="outer")
        .then(inner)
        .foreach(inner, id="each")
        .branch([("true", use_workflow(inner, id="pinned", version=2, retries=1))])
    )

    nodes = workflow.to_definition()["nodes"]

    assert nodes[0] == {"id": "inner", "type": "workflow", "workflow": "inner"}
    assert nodes[1]["body"] == body_of({"id": "each:body", "type": "workflow", "workflow": "inner"})
    assert nodes[2]["cases"][0]["body"]["nodes"] == [
        {
            "id": "pinned",
            "type": "workflow",
            "workflow": "inner",
            "version": 2,
            "retry": {"attempts": 1},
        }
    ]


def test_a_workflow_that_is_not_finished_is_no_step() -> None:
    with pytest.raises(WorkflowUncommitted):
        create_workflow(id="w").then(create_workflow(id="open").sleep(1))


def test_a_scope_holds_several_steps_where_one_may_stand() -> None:
    inside = scope(id="large", output={"n": map_variable(step="b")}).then(made("a")).then(made("b"))
    workflow = create_workflow(id="w").branch([("true", inside)])

    (case,) = node_of(workflow)["cases"]

    assert case["id"] == "large"
    assert case["body"] == {
        "nodes": [step_node("a"), step_node("b")],
        "edges": [["a", "b"]],
        "output": {"n": {"from": "steps.b"}},
    }


def test_arms_of_a_block_may_be_rows_of_steps() -> None:
    workflow = (
        create_workflow(id="w")
        .then(made("first"))
        .parallel([scope().then(made("a")).then(made("b")), made("c")])
        .then(made("last"))
    )

    assert workflow.to_definition()["edges"] == [
        ["a", "b"],
        ["first", "a"],
        ["first", "c"],
        ["b", "last"],
        ["c", "last"],
    ]


def test_a_block_of_one_arm_hands_on_a_mapping_out_of_a_scope_too() -> None:
    block, after = scope().parallel([made("a")]), made("b")
    in_a_row = create_workflow(id="row").then(block).then(after)
    in_a_body = create_workflow(id="body").dowhile(block, "false")

    assert node_of(in_a_row, 1)["collect"] is True
    assert node_of(in_a_body)["body"]["output"] == {"a": {"from": "steps.a"}}


def test_a_graph_may_hold_what_is_no_step() -> None:
    fetch, merge = made("fetch"), scope().map({"n": constant(1)}, id="merge")
    workflow = create_workflow(id="w").graph({fetch: [], merge: [fetch]}).then(made("end"))

    assert [node["id"] for node in workflow.to_definition()["nodes"]] == ["fetch", "merge", "end"]
    assert workflow.to_definition()["edges"] == [["fetch", "merge"], ["merge", "end"]]


def test_ids_count_over_all_scopes() -> None:
    inside = scope(id="arm").map({"n": constant(1)}).sleep(1)
    workflow = create_workflow(id="w").map({}).branch([("true", inside)]).sleep(1)

    _, branch, sleep = workflow.to_definition()["nodes"]

    assert [node["id"] for node in branch["cases"][0]["body"]["nodes"]] == ["mapping_2", "sleep_1"]
    assert sleep["id"] == "sleep_2"
    with pytest.raises(DuplicateStep):
        workflow.foreach(scope(id="f").then(made("mapping_2")))


def test_any_node_takes_the_options_of_nodes() -> None:
    workflow = create_workflow(id="w").then(
        use_step(
            made("charge", retries=5, timeout=3, queue="slow"),
            id="again",
            name="Charge again",
            input={"n": constant(1), "m": lambda ctx: 2},
            retry=Retry(delay=timedelta(seconds=2)),
            collect=True,
            join="any",
            on_error="skip",
        )
    )

    assert node_of(workflow) == {
        "id": "again",
        "type": "step",
        "step": "charge",
        "name": "Charge again",
        "input": {"n": {"value": 1}, "m": {"code": "w/again/input/m"}},
        "collect": True,
        "retry": {"delay": 2.0},
        "timeout": 3,
        "queue": "slow",
        "join": "any",
        "on_error": "skip",
    }


def test_an_option_that_no_node_has_is_refused() -> None:
    with pytest.raises(TypeError, match="'colour'"):
        create_workflow(id="w").sleep(1, colour="red")  # type: ignore[call-arg]


def test_a_step_is_no_source() -> None:
    with pytest.raises(TypeError, match=r"map_variable\(step="):
        create_workflow(id="w").map({"n": made("a")})


def test_a_single_source_is_no_mapping() -> None:
    with pytest.raises(TypeError, match="a mapping of fields"):
        create_workflow(id="w").map(expression("1 + 1"))


def test_a_graph_names_what_is_not_its_key() -> None:
    with pytest.raises(ValueError, match="'b' needs 'a', which is not a key"):
        create_workflow(id="w").graph({made("b"): [made("a")]})


def test_two_steps_of_one_id_are_refused_also_under_other_node_ids() -> None:
    workflow = create_workflow(id="w").then(made("same"))

    with pytest.raises(DuplicateStep):
        workflow.then(use_step(made("same"), id="other"))


def test_a_workflow_keeps_its_hooks_and_schedules() -> None:
    def tell(ctx: Any) -> None:
        return None

    rescue = create_workflow(id="rescue").sleep(1).commit()
    workflow = create_workflow(
        id="w",
        context_schema=Answer,
        on_start=tell,
        on_error=code("other/on_error"),
        on_failure=rescue,
        schedule=[Schedule(cron="0 9 * * *", id="a"), Schedule(interval=60, id="b")],
        configs={"limit": 3},
        output=from_path("configs.limit"),
    ).sleep(1)

    document = workflow.to_definition()

    assert document["hooks"] == {"on_start": "w/on_start", "on_error": "other/on_error"}
    assert document["on_failure"] == "rescue"
    assert document["context"] == Answer.model_json_schema()
    assert (document["configs"], document["output"]) == ({"limit": 3}, {"from": "configs.limit"})
    assert workflow.callables["on_start"] is tell
    assert [schedule.id for schedule in workflow.schedules] == ["a", "b"]


def test_several_schedules_need_ids() -> None:
    with pytest.raises(WorkflowError) as caught:
        create_workflow(id="w", schedule=[Schedule(interval=60), Schedule(interval=90)])

    assert caught.value.code == "schedule.invalid"


def test_a_node_that_is_called_like_a_hook_cannot_hold_a_callable_too() -> None:
    workflow = create_workflow(id="w", on_start=lambda ctx: None)

    with pytest.raises(DuplicateStep):
        workflow.map(lambda ctx: 1, id="on_start")


def test_a_clone_names_its_own_callables_also_inside_bodies() -> None:
    original = (
        create_workflow(id="one", on_finish=lambda ctx: None, configs={"n": 1})
        .branch([(lambda ctx: True, scope(id="arm").map(lambda ctx: 1))])
        .commit()
    )

    document = clone_workflow(original, id="two").to_definition()

    (case,) = document["nodes"][0]["cases"]
    assert case["when"] == {"code": "two/branch_1/arm"}
    assert case["body"]["nodes"][0]["code"] == "two/mapping_1"
    assert document["hooks"] == {"on_finish": "two/on_finish"}
    assert original.to_definition()["hooks"] == {"on_finish": "one/on_finish"}
