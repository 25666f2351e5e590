"""How an event looks on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from executions_app.engine.event_json import dump_event
from executions_app.engine.events import (
    EVENT_TYPES,
    ExecutionFailed,
    LogWritten,
    StepCompleted,
)
from executions_app.engine.failures import Failure
from executions_app.engine.preview import preview
from executions_app.models import Event
from executions_app.streaming.encode import encode_end, encode_event, encode_reset
from executions_app.streaming.wire import to_wire

AT = datetime(2026, 5, 4, 10, 0, 0, 1000, tzinfo=UTC)


def row(kind: str, data: dict[str, Any]) -> Event:
    return Event(execution_id="e-1", seq=4, type=kind, at=AT, data=data)


def test_a_fact_about_a_step_names_the_step() -> None:
    fact = StepCompleted(node_id="charge", attempt=2, output={"ok": True})
    data = dump_event(fact) | {"name": "Charge", "internal": False}

    assert to_wire(row(fact.type, data)) == {
        "type": "step_completed",
        "execution_id": "e-1",
        "seq": 4,
        "at": "2026-05-04T10:00:00.001000Z",
        "step_id": "charge",
        "step_name": "Charge",
        "path": ["charge"],
        "attempt": 2,
        "output": {"ok": True},
    }


def test_a_fact_about_no_step_names_none() -> None:
    failure = Failure(name="TimedOut", message="too late", code="execution.timeout")
    fact = ExecutionFailed(failure=failure)

    told = to_wire(row(fact.type, dump_event(fact)))

    assert not {"step_id", "path", "attempt", "node_id"} & told.keys()
    assert told["error"]["code"] == "execution.timeout"


def test_plumbing_is_flagged() -> None:
    told = to_wire(row("step_started", {"node_id": "mapping_1", "internal": True}))

    assert told["internal"] is True


def test_a_field_of_the_fact_cannot_pose_as_the_envelope() -> None:
    told = to_wire(row("log", {"seq": 99, "execution_id": "other", "type": "x", "message": "m"}))

    assert (told["seq"], told["execution_id"], told["type"]) == (4, "e-1", "log")


@pytest.mark.parametrize("stored_whole", [True, False])
def test_a_large_output_is_a_preview_with_a_link(stored_whole: bool) -> None:
    output = {"text": "x" * 70_000}
    stored = output if stored_whole else preview(output)

    told = to_wire(row("step_completed", {"node_id": "charge", "output": stored}))

    assert told["output"]["href"] == "/api/executions/e-1/steps/charge/"
    assert told["output"]["bytes"] == 70_011
    assert told["output"]["preview"].startswith('{"text":"xxx')
    assert len(json.dumps(told)) < 2_000


def test_a_large_result_links_to_the_execution() -> None:
    told = to_wire(row("execution_completed", {"output": "x" * 70_000}))

    assert told["output"]["href"] == "/api/executions/e-1/?full=1"


@pytest.mark.parametrize("hostile", ["a\n\nevent: end\ndata: {}\n\n", "\r\n\r\n", "\0", "\u2028"])
def test_nothing_in_an_event_breaks_out_of_its_message(hostile: str) -> None:
    fact = LogWritten(message=hostile, fields={hostile: hostile})

    body = encode_event(row("log", dump_event(fact))).body

    assert body.count(b"\n\n") == 1
    assert body.endswith(b"\n\n")
    assert b"\r" not in body
    [data] = [line for line in body.splitlines() if line.startswith(b"data: ")]
    assert json.loads(data.removeprefix(b"data: "))["message"] == hostile


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert b"\\ud800" in encode_event(row("log", {"message": "\ud800"})).body


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_only_a_final_event_is_the_last(kind: str) -> None:
    final = kind in {"execution_completed", "execution_failed", "execution_cancelled"}

    assert encode_event(row(kind, {})).final is final


def test_reset_and_end_move_no_reader() -> None:
    for body in (encode_reset("e-1", last_seq=4), encode_end("e-1", last_seq=4)):
        assert b"\nid:" not in body


def test_a_run_in_rounds_is_told_by_its_step_and_its_way_down() -> None:
    data = {"path": ["each", 2], "node_id": "each:body[2]", "attempt": 1}

    # JSON columns may give fields in another order than they were written in.
    for stored in (data, dict(reversed(data.items()))):
        told = to_wire(row("step_started", stored))
        assert (told["step_id"], told["path"]) == ("each", ["each", 2])


def test_what_is_nested_names_whose_it_is() -> None:
    output = {"text": "x" * 70_000}
    event = row("step_completed", {"node_id": "i[0]", "path": ["w", "i"], "output": output})
    event.source = "e-2"

    told = to_wire(event)

    assert (told["execution_id"], told["source"]) == ("e-1", "e-2")
    assert told["output"]["href"] == "/api/executions/e-2/steps/i%5B0%5D/"
