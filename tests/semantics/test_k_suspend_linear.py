"""Section K: suspending and resuming in a row."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import k_suspend_linear as workflows
from tests.services import Services
from workflows_app.authoring import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)

REASON = {"reason": "B needs input"}


@scenario(176, "A > B(suspend): the run is suspended, B says why, C has not begun")
def test_a_step_suspends_the_run(stage: Stage) -> None:
    result = stage.run(workflows.linear, 1)

    assert result.status == "suspended"
    assert {name: step.status for name, step in result.steps.items() if name != "input"} == {
        "A": "completed",
        "B": "suspended",
    }
    assert result.steps["B"].suspend_payload == REASON
    assert result.suspended == [["B"]]
    assert result.suspend_payload == {"B": REASON}
    assert stage.counts(result) == {"A": 1, "B": 1}


@scenario(177, "resuming B runs its body again with the data, A not again, and goes on")
def test_a_resumed_step_runs_again_with_the_data(stage: Stage) -> None:
    run = stage.begin(workflows.linear, 1)
    suspended = stage.end_of(run)

    result = run.resume("B", resume_data={"user_input": "hello"})

    step = result.steps["B"]
    assert result.status == "completed"
    assert stage.counts(run) == {"A": 1, "B": 2, "C": 1}
    assert step.resume_payload == {"user_input": "hello"}
    assert step.output == {"said": "hello", "before": {"a": 1}}
    assert step.payload == {"a": 1}
    assert step.started_at == suspended.steps["B"].started_at
    assert step.resumed_at >= step.suspended_at >= step.started_at
    assert result.result == {"from": "C", "got": step.output}


@scenario(178, "the step may be left out when exactly one is suspended")
def test_the_only_suspended_step_needs_no_name(stage: Stage) -> None:
    run = stage.begin(workflows.linear, 1)
    stage.end_of(run)

    result = run.resume(resume_data={"user_input": "hello"})

    assert result.status == "completed"
    assert result.steps["B"].output["said"] == "hello"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(lambda result: workflows.linear.steps["B"], id="object"),
        pytest.param(lambda result: "B", id="id"),
        pytest.param(lambda result: result.suspended[0], id="path"),
    ],
)
@scenario(179, "a step is named by its object, its id, or a path from the result")
def test_a_step_may_be_named_in_any_way(stage: Stage, name: Any) -> None:
    run = stage.begin(workflows.linear, 1)
    suspended = stage.end_of(run)

    result = run.resume(step=name(suspended), resume_data={"user_input": "hello"})

    assert result.status == "completed"


@scenario(180, "suspend with no payload: the run is suspended, the payload shown is {}")
def test_a_step_may_suspend_without_a_word(stage: Stage) -> None:
    result = stage.run(workflows.silent)

    assert result.status == "suspended"
    assert result.suspend_payload == {"B": {}}


@scenario(181, "suspend_data on resume is the payload that was given; None at first")
def test_the_body_is_told_what_it_suspended_with(stage: Stage) -> None:
    run = stage.begin(workflows.linear, 1)
    stage.end_of(run)

    run.resume(resume_data={"user_input": "hello"})

    assert [call.suspend_data for call in stage.calls(run, "B")] == [None, REASON]
    assert [call.resume_data for call in stage.calls(run, "B")] == [None, {"user_input": "hello"}]


@scenario(182, "defaults of the resume schema are applied: {} gives 1 + 21")
def test_defaults_of_the_resume_schema_are_applied(stage: Stage) -> None:
    run = stage.begin(workflows.defaulted, {"value": 0})
    stage.end_of(run)

    result = run.resume("add", resume_data={})

    assert result.result == {"value": 22}


@scenario(183, "wrong resumes are refused with what to do, and a right one then works")
def test_a_wrong_resume_changes_nothing(stage: Stage) -> None:
    run = stage.begin(workflows.strict, 1)
    suspended = stage.end_of(run)
    refused: list[tuple[str, str]] = []

    for step, data in (("A", {}), ("nowhere", {}), ("B", {"user_input": 5})):
        with pytest.raises(WorkflowError) as error:
            run.resume(step, resume_data=data)
        refused.append((error.value.code, str(error.value)))
    unchanged = run.get_result()
    result = run.resume("B", resume_data={"user_input": "yes"})
    with pytest.raises(WorkflowError, match="was not suspended") as finished:
        run.resume("B", resume_data={"user_input": "again"})

    unknown = "resume.unknown_step"
    assert [code for code, _ in refused] == [unknown, unknown, "resume.invalid_data"]
    assert [said for _, said in refused] == [
        "This workflow step 'A' was not suspended. Available suspended steps: [B]",
        "This workflow step 'nowhere' was not suspended. Available suspended steps: [B]",
        refused[2][1],
    ]
    assert "Invalid resume data" in refused[2][1]
    assert "user_input" in refused[2][1]
    assert unchanged == suspended
    assert (result.status, result.result["said"]) == ("completed", "yes")
    assert finished.value.code == "resume.not_suspended"
    assert stage.counts(run) == {"A": 1, "B": 2}


@scenario(184, "two steps that suspend one after the other take two resumes")
def test_two_turns(stage: Stage) -> None:
    run = stage.begin(workflows.two_turns, 1)
    stage.end_of(run)

    second = run.resume("first", resume_data={"user_input": "one"})
    result = run.resume("second", resume_data={"user_input": "two"})

    assert (second.status, second.suspended) == ("suspended", [["second"]])
    assert result.status == "completed"
    assert result.result["said"] == "two"
    assert stage.counts(run) == {"A": 1, "first": 2, "between": 1, "second": 2}


@scenario(185, "a conversation: two questions among five steps, outputs and payloads right")
def test_a_conversation(stage: Stage) -> None:
    run = stage.begin(workflows.conversation, {"input": "test"})
    first = stage.end_of(run)

    second = run.resume("prompt_agent", resume_data={"model_output": "answer"})
    result = run.resume("improve", resume_data={"hint": "better"})

    assert first.suspend_payload == {"prompt_agent": {"prompt": "test"}}
    assert second.suspend_payload == {"improve": {"score": 6}}
    assert result.result == {"score": 13, "first_score": 6, "asked": "test"}
    assert {name: step.payload for name, step in result.steps.items() if name != "input"} == {
        "get_user_input": {"input": "test"},
        "prompt_agent": {"user_input": "test"},
        "evaluate": {"model_output": "answer"},
        "improve": {"score": 6, "text": "answer"},
        "evaluate_improved": {"improved": "answer better"},
    }


@scenario(191, "resume from another process: finding the run again by its id resets nothing")
def test_another_handle_finds_the_run_as_it_is(stage: Stage) -> None:
    run = stage.begin(workflows.linear, 1)
    suspended = stage.end_of(run)

    found = workflows.linear.create_run(run.id)
    as_found = found.get_result()
    result = found.resume(resume_data={"user_input": "hello"})

    assert as_found == suspended
    assert result.status == "completed"
    assert list(result.steps) == ["input", "A", "B", "C"]
    assert stage.counts(run) == {"A": 1, "B": 2, "C": 1}


_ELSEWHERE = """
import json, sys, django
django.setup()
from tests.semantics.workflows.k_suspend_linear import linear
run = linear.create_run(sys.argv[1])
before = run.status
result = run.resume(resume_data={"user_input": "hello"}, timeout=20)
print(json.dumps([before, result.status, list(result.steps), result.result]))
"""


@scenario(
    191,
    "resume from another process: finding the run again by its id resets nothing",
    drivers=["workers"],
)
def test_another_process_resumes_the_run(stage: Stage, services: Services) -> None:
    run = stage.begin(workflows.linear, 1)
    stage.end_of(run)
    environment = services.environment(connection.settings_dict)
    environment["DJANGO_SETTINGS_MODULE"] = "tests.semantics.settings"

    told = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, run.id],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )

    said = {"said": "hello", "before": {"a": 1}}
    assert json.loads(told.stdout) == [
        "suspended",
        "completed",
        ["input", "A", "B", "C"],
        {"from": "C", "got": said},
    ]
    assert stage.counts(run) == {"A": 1, "B": 2, "C": 1}


@scenario(200, "a label names what to resume; several may; an unknown one is refused")
def test_a_label_names_what_to_resume(stage: Stage) -> None:
    one = stage.begin(workflows.labelled, {"label": "my-label"})
    two = stage.begin(workflows.labelled, {"label": ["first", "second"]})
    first, second = stage.end_of(one), stage.end_of(two)

    with pytest.raises(WorkflowError) as unknown:
        one.resume(label="other", resume_data="x")
    by_label = one.resume(label="my-label", resume_data="x")
    by_second = two.resume(label="second", resume_data="y")

    assert first.resume_labels == {"my-label": {"step_id": "ask"}}
    assert set(second.resume_labels) == {"first", "second"}
    assert unknown.value.code == "resume.unknown_label"
    assert "my-label" in str(unknown.value)
    assert (by_label.result, by_second.result) == ("x", "y")
    assert by_label.resume_labels == {}
