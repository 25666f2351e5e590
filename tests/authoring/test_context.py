"""What a step body asks for is written down, and what does not fit is refused in the body."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from workflows_app.authoring import StepContext, WorkflowError, create_workflow
from workflows_app.authoring.datatypes import data_type
from workflows_app.authoring.requests import BailRequest, SuspendRequest


class Question(BaseModel):
    ask: str
    limit: int = 10


class Counters(BaseModel):
    seen: int
    items: list[str]


def context(**fields: Any) -> StepContext:
    return StepContext(input_data=None, run_id="r", workflow_id="w", step_id="s", **fields)


def test_asking_returns_nothing_so_that_a_body_can_return_it() -> None:
    ctx = context()

    returned = [ctx.suspend(), ctx.bail(1), ctx.abort(), ctx.set_state({})]  # type: ignore[func-returns-value]

    assert returned == [None] * 4
    assert ctx.requests.aborted


def test_a_suspension_keeps_its_payload_and_labels() -> None:
    ctx = context(suspend_type=data_type(Question))

    ctx.suspend({"ask": "why"}, label=["a", "b"])

    assert ctx.requests.suspended == SuspendRequest(
        payload={"ask": "why", "limit": 10}, labels=("a", "b")
    )


def test_a_suspension_without_a_payload_has_an_empty_one() -> None:
    ctx = context()

    ctx.suspend(label="only")

    assert ctx.requests.suspended == SuspendRequest(payload={}, labels=("only",))


def test_a_payload_that_does_not_fit_is_refused_in_the_body() -> None:
    ctx = context(suspend_type=data_type(Question))

    with pytest.raises(WorkflowError) as caught:
        ctx.suspend({"ask": 1})

    assert caught.value.code == "suspend.invalid_data"
    assert ctx.requests.suspended is None


def test_of_two_requests_the_last_counts() -> None:
    ctx = context()

    ctx.bail({"n": 1})
    ctx.bail({"n": 2})
    ctx.set_state({"a": 1})
    ctx.set_state({"b": 2})

    assert ctx.requests.bailed == BailRequest(result={"n": 2})
    assert ctx.requests.state_changes == {"b": 2}


def test_setting_state_does_not_change_what_the_body_sees() -> None:
    ctx = context(state={"seen": 1})

    ctx.set_state({"seen": 2})

    assert ctx.state == {"seen": 1}


@pytest.mark.parametrize("schema", [Counters, Counters.model_json_schema()])
def test_state_is_checked_key_by_key(schema: Any) -> None:
    ctx = context(state_type=data_type(schema))

    ctx.set_state({"seen": 3})  # items may be set later

    assert ctx.requests.state_changes == {"seen": 3}
    with pytest.raises(WorkflowError) as caught:
        ctx.set_state({"seen": "many"})
    assert caught.value.code == "state.invalid"
    assert ctx.requests.state_changes == {"seen": 3}


def test_state_is_set_by_name() -> None:
    with pytest.raises(WorkflowError, match="write a mapping"):
        context().set_state([1])  # type: ignore[arg-type]


def test_the_writer_says_values_in_order() -> None:
    said: list[tuple[str, Any]] = []
    ctx = context(write=lambda kind, value: said.append((kind, value)))

    ctx.writer.write(Question(ask="why"))
    ctx.writer.custom("data-progress", {"percent": 50})

    assert said == [
        ("output", {"ask": "why", "limit": 10}),
        ("data-progress", {"percent": 50}),
    ]


def test_a_custom_type_is_a_text() -> None:
    with pytest.raises(ValueError, match="is no type"):
        context().writer.custom("", 1)


def test_a_workflow_is_found_by_its_id() -> None:
    known = create_workflow(id="known").sleep(1)
    ctx = context(find_workflow={"known": known}.get)

    assert ctx.get_workflow("known") is known
    with pytest.raises(WorkflowError, match="'other'") as caught:
        ctx.get_workflow("other")
    assert caught.value.code == "workflow.not_found"


def test_workflows_come_from_the_registry() -> None:
    assert context().get_workflow("sample-hello").id == "sample-hello"
