"""Section R in Mastra's words: the chunks of its streams and of its watchers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.live.workers import wait_until
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import r_streaming as workflows
from workflows_app.authoring import Workflow, WorkflowError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]

Chunk = dict[str, Any]


def chunks_of(workflow: Workflow, input_data: Any) -> list[Chunk]:
    """Return every chunk of a run that is started with ``input_data``."""
    return list(workflow.create_run().stream(input_data=input_data, format="mastra"))


def told(chunks: Iterable[Chunk]) -> list[str]:
    """Return each chunk as its type without prefix, its step, and how the run or step stands."""
    return [_told(chunk) for chunk in chunks]


def _told(chunk: Chunk) -> str:
    payload = chunk.get("payload", {})
    status = payload.get("workflowStatus") or (
        payload.get("status", "") if chunk["type"].endswith("-result") else ""
    )
    words = [chunk["type"].removeprefix("workflow-"), payload.get("id", ""), status]
    return " ".join(word for word in words if word)


TWO_STEPS = [
    "start",
    "step-start A",
    "step-result A success",
    "step-start B",
    "step-result B success",
    "finish success",
]


@scenario(297, "A > B: start, begin and result of each step, finish; each event says whose it is")
def test_two_steps(stage: Stage) -> None:
    run = workflows.two_steps.create_run()

    chunks = list(run.stream(input_data={"n": 0}, format="mastra"))

    assert told(chunks) == TWO_STEPS
    assert all(set(chunk) == {"type", "runId", "from", "payload"} for chunk in chunks)
    assert {chunk["runId"] for chunk in chunks} == {run.id}
    assert {chunk["from"] for chunk in chunks} == {"WORKFLOW"}
    steps = [chunk["payload"] for chunk in chunks if "step" in chunk["type"]]
    assert [(step["id"], step["stepName"]) for step in steps] == [
        *[("A", "A")] * 2,
        ("B", "B"),
        ("B", "B"),
    ]
    assert [step["payload"] for step in steps] == [{"n": 0}, {"n": 0}, {"n": 1}, {"n": 1}]
    assert [step["output"] for step in steps if "output" in step] == [{"n": 1}, {"n": 2}]
    calls = [step["stepCallId"] for step in steps]
    assert (calls[0], calls[2], len(set(calls))) == (calls[1], calls[3], 2)


@scenario(298, "watch: begin and result of each step in order, from the first to the last")
def test_a_watcher(stage: Stage) -> None:
    run = workflows.two_steps.create_run()
    seen: list[Chunk] = []
    stop = run.watch(seen.append, format="mastra")

    run.start(input_data={"n": 0})
    wait_until(lambda: told(seen)[-1:] == ["step-finish B"], what="the last chunk")
    stop()

    assert told(seen) == [
        *("step-start A", "step-result A success", "step-finish A"),
        *("step-start B", "step-result B success", "step-finish B"),
    ]


@scenario(299, "what a step writes is told between its beginning and its result, as it was written")
def test_what_a_step_writes(stage: Stage) -> None:
    run = workflows.writer.create_run()

    chunks = list(run.stream(input_data=1, format="mastra"))

    assert told(chunks)[1:-1] == [
        "step-start A",
        "step-output A",
        "data-progress",
        "step-result A success",
    ]
    written, custom = chunks[2:4]
    assert (written["from"], written["payload"]["output"]) == ("USER", {"hello": 1})
    assert (written["payload"]["stepName"], written["payload"]["runId"]) == ("A", run.id)
    assert (custom["type"], custom["data"], "payload" in custom) == (
        "data-progress",
        {"done": 0.5},
        False,
    )


@scenario(300, "after the stream the run has its full result, and status completed")
def test_the_result_of_a_stream(stage: Stage) -> None:
    stream = workflows.two_steps.create_run().stream(input_data={"n": 0}, format="mastra")

    result = stream.result

    assert (result.status, result.result, stream.status) == ("completed", {"n": 2}, "completed")
    assert list(result.steps) == ["input", "A", "B"]
    kinds = ("inputTokens", "outputTokens", "totalTokens", "reasoningTokens", "cachedInputTokens")
    assert stream.usage == dict.fromkeys(kinds, 0)
    # Who reads late, and who reads a second time, is told the same.
    assert told(stream) == told(stream.full_stream) == TWO_STEPS


@scenario(301, "the stream ends when the run suspends; the next tells only what comes after")
def test_a_run_that_suspends(stage: Stage) -> None:
    run = workflows.asks.create_run()

    before = run.stream(input_data=1, format="mastra")
    first = list(before)
    asked = before.result
    after = run.resume_stream("A", resume_data=2, format="mastra")
    second = list(after)

    assert told(first) == [
        *("start", "step-start first", "step-result first success"),
        *("step-start A", "step-suspended A", "finish suspended"),
    ]
    assert first[-2]["payload"]["suspendPayload"] == {"ask": "x"}
    assert asked.status == "suspended"
    assert told(second) == TWO_STEPS
    begun, ended = second[1]["payload"], second[2]["payload"]
    assert (begun["payload"], begun["resumePayload"]) == (1, 2)
    assert (ended["output"], ended["resumePayload"]) == (2, 2)
    assert after.result.status == after.status == "completed"


@scenario(303, "a failure is told as the step's, then as the run's, with the same error")
def test_a_failure(stage: Stage) -> None:
    stream = workflows.fails.create_run().stream(input_data=1, format="mastra")

    chunks = list(stream)

    assert told(chunks) == ["start", "step-start A", "step-result A failed", "finish failed"]
    error = chunks[2]["payload"]["error"]
    assert error["message"] == "broken on purpose"
    assert chunks[3]["payload"]["metadata"] == {"error": error, "errorMessage": error["message"]}
    assert stream.result.error == error


@scenario(304, "bad input: the stream raises what is wrong, and nothing has run")
def test_bad_input(stage: Stage) -> None:
    run = workflows.two_steps.create_run()

    stream = run.stream(input_data={"n": "zero"}, format="mastra")
    chunks = list(stream)

    assert told(chunks) == ["start", "finish failed"]
    assert "Invalid input data" in chunks[1]["payload"]["metadata"]["errorMessage"]
    with pytest.raises(WorkflowError, match="Invalid input data"):
        _ = stream.result
    assert stage.counts(run) == {}
    assert run.status == "pending"


@scenario(305, "nested workflows: what happens inside is told inside, by its path, however deep")
def test_nested_workflows(stage: Stage) -> None:
    chunks = chunks_of(workflows.nested, 1)

    assert told(chunks) == [
        *("start", "step-start r-a", "step-start r-a.r-b", "step-start r-a.r-b.s"),
        *("step-output r-a.r-b.s", "data-progress", "step-result r-a.r-b.s success"),
        *("step-result r-a.r-b success", "step-result r-a success"),
        *("step-start last", "step-result last success", "finish success"),
    ]
    assert len({chunk["runId"] for chunk in chunks}) == 1


@scenario(306, "side by side: both are begun before any result, and each step's events in order")
def test_arms(stage: Stage) -> None:
    lines = told(chunks_of(workflows.side_by_side, 1))

    assert lines[:3] == ["start", "step-start a", "step-start b"]
    assert sorted(lines[3:-1]) == ["step-result a success", "step-result b success"]
    assert lines[-1] == "finish success"


@scenario(307, "foreach: its beginning, then what each item wrote and the progress, its result")
def test_items(stage: Stage) -> None:
    chunks = chunks_of(workflows.items, [1, 2])

    assert told(chunks) == [
        *("start", "step-start each"),
        *["step-output each", "data-progress", "step-progress each"] * 2,
        *("step-result each success", "finish success"),
    ]
    progress = [
        chunk["payload"]
        for chunk in chunks
        if chunk["type"].endswith("-progress") and "payload" in chunk
    ]
    assert [
        (p["completedCount"], p["totalCount"], p["currentIndex"], p["iterationStatus"])
        for p in progress
    ] == [(1, 2, 0, "success"), (2, 2, 1, "success")]
    assert chunks[1]["payload"]["payload"] == [1, 2]


@scenario(308, "a sleep waits and has a result, a map is like a step, only chosen arms are told")
def test_sleeps_maps_branches_and_loops(stage: Stage) -> None:
    assert told(chunks_of(workflows.mixture, {"n": 0})) == [
        *("start", "step-waiting sleep_1", "step-result sleep_1 success"),
        *("step-start m", "step-result m success"),
        *("step-start x", "step-result x success"),
        *("step-start out", "step-result out success"),
        *["step-start inc", "step-result inc success"] * 3,
        "finish success",
    ]


@scenario(309, "cancelled: the last thing told is that the run was cancelled")
def test_cancelling(stage: Stage) -> None:
    lines = told(chunks_of(workflows.stops, 1))

    assert lines[-3:] == ["step-result A success", "canceled", "finish canceled"]


@scenario(320, "the older stream: types without prefix, its state, and a resume while it is read")
def test_the_older_stream(stage: Stage) -> None:
    stream = workflows.two_steps.create_run().stream(input_data={"n": 0}, format="legacy")

    kinds = [chunk["type"] for chunk in stream]

    step = ["step-start", "step-result", "step-finish"]
    assert kinds == ["start", *step, *step, "finish"]
    assert stream.get_workflow_state().result == {"n": 2}


@scenario(320, "the older stream: types without prefix, its state, and a resume while it is read")
def test_a_resume_while_the_older_stream_is_read(stage: Stage) -> None:
    run = workflows.asks.create_run()
    kinds = []

    for chunk in run.stream(input_data=1, format="legacy"):
        kinds.append(chunk["type"])
        if chunk["type"] == "step-suspended":
            stage.wait_for_status(run, "suspended")
            run.resume_async("A", resume_data=2)

    step = ["step-start", "step-result", "step-finish"]
    assert kinds == ["start", *step, "step-start", "step-suspended", *step, *step, "finish"]
    assert run.get_result().result == 2


@scenario(321, "the older watch: after each change the step and the whole; at last only the whole")
def test_the_older_watch(stage: Stage) -> None:
    run = workflows.two_steps.create_run()
    seen: list[Chunk] = []
    stop = run.watch(seen.append, format="watch")

    run.start(input_data={"n": 0})
    wait_until(lambda: seen and "currentStep" not in seen[-1]["payload"], what="the last view")
    stop()

    steps = [view["payload"]["currentStep"] for view in seen[:-1]]
    assert [(step["id"], step["status"]) for step in steps] == [
        *(("A", "running"), ("A", "success"), ("B", "running"), ("B", "success")),
    ]
    assert steps[1]["output"] == {"n": 1}
    whole = [view["payload"]["workflowState"] for view in seen]
    assert [state["status"] for state in whole] == ["running"] * 4 + ["success"]
    assert {name: step["output"] for name, step in whole[-1]["steps"].items()} == {
        "A": {"n": 1},
        "B": {"n": 2},
    }
    assert {view["type"] for view in seen} == {"watch"}
