"""Events as the chunks of Mastra's streams: which, in which order, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from executions_app.engine.events import EVENT_TYPES
from executions_app.mastra.table import CHUNK_OF, STEP_FINISH
from executions_app.mastra.usage import total_usage
from executions_app.operations.audit import differences, orphans
from executions_app.testing import Engine, in_memory
from tests.streaming.told_workflows import (
    asks,
    breaks,
    in_a_row,
    lines,
    new_id,
    one_more,
    step,
    writes,
)
from workflows_app.authoring import StepContext, Workflow, WorkflowError, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)

#: All chunks of Mastra's workflows.
CHUNKS = {
    *("workflow-start", "workflow-finish", "workflow-canceled", "workflow-paused"),
    *("workflow-step-start", "workflow-step-output", "workflow-step-progress"),
    *("workflow-step-waiting", "workflow-step-suspended", "workflow-step-result"),
    "workflow-step-finish",
}


@pytest.fixture(autouse=True)
def engine() -> Iterator[Engine]:
    with in_memory() as engine:
        yield engine


def chunks_of(workflow: Workflow, input_data: Any = None) -> list[dict[str, Any]]:
    run = workflow.create_run()
    found = list(run.stream(input_data=input_data, format="mastra"))
    assert differences(run.id) == []
    assert not list(orphans())
    return found


def test_every_event_has_its_place_in_the_table() -> None:
    assert CHUNK_OF.keys() == EVENT_TYPES.keys()


def test_every_chunk_of_mastra_is_told_of_some_event() -> None:
    assert {kind for kind in CHUNK_OF.values() if kind} | {STEP_FINISH} == CHUNKS


def test_steps_in_a_row() -> None:
    found = chunks_of(in_a_row(step("A"), step("B")), {"n": 0})

    assert lines(found) == [
        "start",
        *("step-start A", "step-result A"),
        *("step-start B", "step-result B"),
        "finish",
    ]
    assert all(chunk.keys() == {"type", "runId", "from", "payload"} for chunk in found)
    start, result, finish = found[1]["payload"], found[2]["payload"], found[-1]["payload"]
    assert (start["stepName"], start["payload"], start["status"]) == ("A", {"n": 0}, "running")
    assert (result["status"], result["output"]) == ("success", {"n": 1})
    assert result["startedAt"] <= result["endedAt"]
    assert start["stepCallId"] == result["stepCallId"] != found[3]["payload"]["stepCallId"]
    assert (finish["workflowStatus"], finish["finalWorkflowResult"]) == ("success", {"n": 2})
    assert set(finish["output"]["usage"].values()) == {0}


def test_what_a_step_receives_is_told_before_its_worker_can() -> None:
    stream = (
        in_a_row(step("A"), step("B")).create_run().stream(input_data={"n": 0}, format="mastra")
    )

    starts = [chunk for chunk in stream if chunk["type"] == "workflow-step-start"]

    assert [chunk["payload"]["payload"] for chunk in starts] == [{"n": 0}, {"n": 1}]


def test_what_a_step_writes() -> None:
    found = chunks_of(in_a_row(step("A", writes)), 1)

    assert lines(found) == [
        "start",
        "step-start A",
        "step-output A",
        "data-progress",
        "step-result A",
        "finish",
    ]
    output, custom = found[2:4]
    assert (output["from"], output["payload"]["output"]) == ("USER", {"hello": 1})
    assert output["payload"]["stepName"] == "A"
    assert (custom["from"], custom["data"]) == ("USER", {"done": 0.5})


def test_no_type_of_a_steps_own_poses_as_a_chunk_of_ours() -> None:
    def pretends(value: Any, ctx: StepContext) -> None:
        ctx.writer.custom("workflow-finish", 1)

    found = chunks_of(in_a_row(step("A", pretends)))

    assert lines(found)[2] == "step-output A"
    assert found[2]["payload"]["output"] == {"type": "workflow-finish", "data": 1}


def test_nested_workflows_prefix_their_steps() -> None:
    inner = in_a_row(step("s", writes), id="mastra-b")
    middle = in_a_row(inner, id="mastra-a")

    found = chunks_of(in_a_row(middle, step("last", writes)), 1)

    assert lines(found) == [
        "start",
        *("step-start mastra-a", "step-start mastra-a.mastra-b"),
        *("step-start mastra-a.mastra-b.s", "step-output mastra-a.mastra-b.s", "data-progress"),
        *("step-result mastra-a.mastra-b.s", "step-result mastra-a.mastra-b"),
        *("step-result mastra-a", "step-start last", "step-output last", "data-progress"),
        *("step-result last", "finish"),
    ]


def test_side_by_side_all_start_before_any_result() -> None:
    workflow = create_workflow(id=new_id()).parallel([step("a"), step("b")]).commit()

    found = chunks_of(workflow, {"n": 0})

    assert lines(found)[:3] == ["start", "step-start a", "step-start b"]
    assert sorted(lines(found)[3:5]) == ["step-result a", "step-result b"]


def test_a_foreach_starts_once_and_makes_progress() -> None:
    workflow = create_workflow(id=new_id()).foreach(step("each", writes)).commit()

    found = chunks_of(workflow, [5, 6])

    item = ["step-output each", "data-progress", "step-progress each"]
    assert lines(found) == ["start", "step-start each", *item, *item, "step-result each", "finish"]
    progress = [c["payload"] for c in found if c["type"] == "workflow-step-progress"]
    assert [(p["completedCount"], p["totalCount"], p["currentIndex"]) for p in progress] == [
        (1, 2, 0),
        (2, 2, 1),
    ]
    assert {p["iterationStatus"] for p in progress} == {"success"}
    assert found[1]["payload"]["payload"] == found[-2]["payload"]["output"] == [5, 6]


def test_sleeps_maps_branches_and_loops() -> None:
    workflow = (
        create_workflow(id=new_id())
        .sleep(5)
        .map(lambda ctx: ctx.input_data, id="m")
        .branch([("input.n == 0", step("x")), ("input.n == 1", step("y"))])
        .map(lambda ctx: ctx.input_data["x"], id="out")
        .dountil(step("inc", one_more), "input.n >= 3")
        .commit()
    )

    found = chunks_of(workflow, {"n": 0})

    assert lines(found) == [
        "start",
        *("step-waiting sleep_1", "step-result sleep_1"),
        *("step-start m", "step-result m"),
        *("step-start x", "step-result x"),
        *("step-start out", "step-result out"),
        *(["step-start inc", "step-result inc"] * 2),
        "finish",
    ]
    calls = [c["payload"]["stepCallId"] for c in found if c.get("payload", {}).get("id") == "inc"]
    assert len(set(calls)) == 2


def test_a_wait_for_an_event_waits_then_starts_with_the_event() -> None:
    workflow = create_workflow(id=new_id()).wait_for_event("go", step("then", asks)).commit()
    run = workflow.create_run()
    found: list[dict[str, Any]] = []

    for chunk in run.stream(input_data=1, format="mastra"):
        found.append(chunk)
        if chunk["type"] == "workflow-step-waiting":
            run.send_event("go", {"yes": True})

    assert lines(found) == [
        *("start", "step-waiting then", "step-start then", "step-result then"),
        "finish",
    ]
    assert found[2]["payload"]["resumePayload"] == {"yes": True}
    assert found[3]["payload"]["output"] == {"yes": True}


def test_a_suspension_ends_the_stream_and_the_next_begins_with_what_follows() -> None:
    run = in_a_row(step("first", lambda value: value), step("A", asks), step("B", lambda v: v))
    run = run.create_run()

    before = run.stream(input_data=1, format="mastra")
    told = list(before)
    after = list(run.resume_stream("A", resume_data=2, format="mastra"))

    assert lines(told)[-3:] == ["step-start A", "step-suspended A", "finish"]
    assert told[-2]["payload"]["suspendPayload"] == {"ask": 1}
    assert told[-1]["payload"]["workflowStatus"] == "suspended"
    assert lines(after) == [
        *("start", "step-start A", "step-result A", "step-start B", "step-result B", "finish"),
    ]
    resumed = after[1]["payload"]
    assert (resumed["payload"], resumed["resumePayload"]) == (1, 2)
    assert after[-1]["payload"]["workflowStatus"] == "success"


def test_a_nested_suspension_is_told_inside_and_outside() -> None:
    inner = in_a_row(step("ask", asks), id="mastra-inner")
    run = in_a_row(inner).create_run()

    told = list(run.stream(input_data=1, format="mastra"))

    assert lines(told)[-3:] == [
        *("step-suspended mastra-inner.ask", "step-suspended mastra-inner", "finish"),
    ]


def test_a_failure_is_a_result_and_the_finish_says_why() -> None:
    found = chunks_of(in_a_row(step("A", breaks)), 1)

    result, finish = found[-2]["payload"], found[-1]["payload"]
    assert (result["status"], result["error"]["message"]) == ("failed", "broken on purpose")
    assert finish["workflowStatus"] == "failed"
    assert finish["metadata"] == {"error": result["error"], "errorMessage": "broken on purpose"}


def test_retries_are_one_start_and_one_result() -> None:
    def flaky(value: Any, ctx: StepContext) -> int:
        if ctx.retry_count < 2:
            raise OSError("again")
        return 1

    assert lines(chunks_of(in_a_row(step("A", flaky, retries=2)))) == [
        *("start", "step-start A", "step-result A", "finish"),
    ]


def test_a_bail_is_told_as_such() -> None:
    def bails(value: Any, ctx: StepContext) -> None:
        ctx.bail({"early": True})

    found = chunks_of(in_a_row(step("A", bails), step("B")))

    assert found[-2]["payload"]["status"] == "bailed"
    assert found[-1]["payload"]["finalWorkflowResult"] == {"early": True}


def test_input_that_is_refused_is_told_and_the_result_raises() -> None:
    run = in_a_row(step("A"), input_schema={"type": "object", "required": ["n"]}).create_run()

    stream = run.stream(input_data={}, format="mastra")

    assert lines(stream) == ["start", "finish"]
    finish = list(stream.full_stream)[-1]["payload"]
    assert finish["workflowStatus"] == stream.status == "failed"
    assert "Invalid input data" in finish["metadata"]["errorMessage"]
    with pytest.raises(WorkflowError, match="Invalid input data"):
        _ = stream.result
    assert run.status == "pending"


def test_a_cancelled_execution_says_so_before_the_finish() -> None:
    run = in_a_row(step("A", lambda: run.cancel()), step("B")).create_run()

    found = list(run.stream(input_data=1, format="mastra"))

    assert lines(found)[-2:] == ["canceled", "finish"]
    assert found[-1]["payload"]["workflowStatus"] == "canceled"


def test_usage_is_summed_from_the_chunks_with_which_models_finish() -> None:
    def model(value: Any, ctx: StepContext) -> str:
        ctx.writer.write({"type": "text", "usage": {"inputTokens": 1_000}})
        ctx.writer.write({"type": "finish", "usage": {"inputTokens": 3, "outputTokens": 4}})
        ctx.writer.write(
            {"type": "finish", "payload": {"output": {"usage": {"prompt_tokens": 10}}}}
        )
        return "said"

    inner = in_a_row(step("inner", model), id="mastra-model")
    run = in_a_row(step("outer", model), inner).create_run()

    stream = run.stream(input_data=1, format="mastra")
    finish = list(stream)[-1]["payload"]

    assert finish["output"]["usage"] == stream.usage
    assert stream.usage == {
        "inputTokens": 26,
        "outputTokens": 8,
        "totalTokens": 34,
        "reasoningTokens": 0,
        "cachedInputTokens": 0,
    }


def test_a_total_that_was_reported_counts_as_it_is() -> None:
    assert total_usage([{"total_tokens": 9, "input_tokens": 1}])["totalTokens"] == 9


def test_watching_tells_a_finish_after_each_result_and_no_ends() -> None:
    run = in_a_row(step("A"), step("B")).create_run()
    seen: list[dict[str, Any]] = []

    run.watch(seen.append, format="mastra")
    run.start(input_data={"n": 0})

    assert lines(seen) == [
        *("step-start A", "step-result A", "step-finish A"),
        *("step-start B", "step-result B", "step-finish B"),
    ]


def test_the_older_watch_shows_the_step_and_the_whole() -> None:
    run = in_a_row(step("A"), step("B")).create_run()
    seen: list[dict[str, Any]] = []

    run.watch(seen.append, format="watch")
    run.start(input_data={"n": 0})

    assert {view["type"] for view in seen} == {"watch"}
    steps = [view["payload"].get("currentStep") for view in seen]
    assert [(s["id"], s["status"]) if s else None for s in steps] == [
        *(("A", "running"), ("A", "success"), ("B", "running"), ("B", "success")),
        None,
    ]
    assert [s.get("output") if s else None for s in steps] == [None, {"n": 1}, None, {"n": 2}, None]
    whole = seen[-1]["payload"]["workflowState"]
    assert (whole["status"], whole["result"], list(whole["steps"])) == (
        "success",
        {"n": 2},
        ["A", "B"],
    )
    assert list(seen[1]["payload"]["workflowState"]["steps"]) == ["A"]


def test_the_older_stream_goes_on_when_it_is_resumed_inside() -> None:
    run = in_a_row(step("A", asks), step("B", lambda value: value)).create_run()
    stream, found = run.stream(input_data=1, format="legacy"), []

    for chunk in stream:
        found.append(chunk)
        if chunk["type"] == "step-suspended":
            run.resume_async(resume_data=7)

    assert lines(found) == [
        *("start", "step-start A", "step-suspended A"),
        *("step-start A", "step-result A", "step-finish A"),
        *("step-start B", "step-result B", "step-finish B", "finish"),
    ]
    assert found[0]["payload"] == found[-1]["payload"] == {"runId": run.id}
    assert stream.get_workflow_state().result == 7
