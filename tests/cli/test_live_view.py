"""The table that stays in place: statuses, attempts, and what is shown when not all fits."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from executions_app.following.follow import Look
from executions_app.management.event_lines import event_line
from executions_app.management.live_steps import LiveSteps
from executions_app.management.live_view import steps_table
from workflows_app.language.plan import Body, NodeKind, Plan, PlanNode

START = datetime(2026, 1, 1, tzinfo=UTC)


def plan_of(*ids: str) -> Plan:
    nodes = tuple(PlanNode(id=node_id, kind=NodeKind.TOOL, ref="log") for node_id in ids)
    return Plan(name="Test", nodes=(*nodes, PlanNode(id="plumbing", kind=NodeKind.MAP)))


def event(kind: str, step_id: str, second: float = 0, **more: Any) -> dict[str, Any]:
    at = (START + timedelta(seconds=second)).isoformat()
    return {"type": kind, "step_id": step_id, "step_name": step_id, "at": at, **more}


def look(*events: dict[str, Any], **more: Any) -> Look:
    values = {"status": "running", "is_stopping": False, "claimed": {}} | more
    return Look(events=events, **values)


def shown(steps: LiveSteps, seen: Look, *, rows: int = 20, second: float = 10) -> list[str]:
    steps.take(seen)
    stream = io.StringIO()
    now = START + timedelta(seconds=second)
    Console(file=stream, width=120).print(steps_table(steps, seen, now=now, rows=rows))
    return [" ".join(line.split()) for line in stream.getvalue().splitlines()]


def test_every_visible_step_has_a_line_from_the_beginning() -> None:
    assert shown(LiveSteps(plan_of("a", "b")), look()) == ["· a pending", "· b pending"]


def test_a_step_is_followed_through_its_attempts() -> None:
    steps = LiveSteps(plan_of("a"))
    error = {"code": "http.status", "message": "503"}
    started = event("step_started", "a", 1, attempt=1, started_at=START.isoformat())
    retrying = event("step_retrying", "a", 2, attempt=1, error=error)

    assert shown(steps, look(started)) == ["▶ a running 10.0 s"]
    assert shown(steps, look(retrying)) == ["↻ a retrying attempt 2 10.0 s http.status: 503"]
    assert shown(steps, look(event("step_completed", "a", 4, attempt=2))) == [
        "✓ a completed attempt 2 4.0 s"
    ]


def test_what_a_worker_has_in_hand_is_running_before_its_events_say_so() -> None:
    steps = LiveSteps(plan_of("a"))
    claimed = {"a": START + timedelta(seconds=7)}

    assert shown(steps, look(event("step_scheduled", "a"), claimed=claimed)) == [
        "▶ a running 3.0 s"
    ]


def test_the_last_word_of_a_step_is_shown_beside_it() -> None:
    steps = LiveSteps(plan_of("a"))
    line = event("log", "a", message="half\x1b[2J\nway")

    assert shown(steps, look(line)) == ["· a pending half\\u001b[2J\\nway"]


def test_what_does_not_fit_is_counted_and_open_steps_are_preferred() -> None:
    steps = LiveSteps(plan_of("a", "b", "c", "d"))
    events = [event("step_completed", name) for name in ("a", "b")]

    lines = shown(steps, look(*events, event("step_started", "d")), rows=2)

    assert lines == ["✓ a completed", "▶ d running 10.0 s", "and 2 more: 1 pending, 1 completed"]


def test_an_execution_that_is_being_stopped_says_so() -> None:
    lines = shown(LiveSteps(plan_of("a")), look(is_stopping=True))

    assert lines[-1] == "stopping: what runs may finish, nothing new starts"


def each_plan() -> Plan:
    """A foreach over a nested workflow, and a step beside it that is called like one inside."""
    return Plan(
        name="Test",
        nodes=(
            PlanNode(id="each", kind=NodeKind.FOREACH, bodies=(Body(id="each", label="each"),)),
            PlanNode(id="each:body", kind=NodeKind.WORKFLOW, ref="other", body="each"),
            PlanNode(id="charge", kind=NodeKind.TOOL, ref="log"),
        ),
    )


def test_what_happens_in_a_nested_execution_is_not_taken_for_a_step_of_the_same_name() -> None:
    steps = LiveSteps(each_plan())
    nested = event("step_failed", "charge", source="nested", path=["each", 0, "charge"])

    lines = shown(steps, look(event("step_started", "each", 1), nested))

    assert lines == ["▶ each running 9.0 s", "· charge pending"]


def test_a_nested_execution_that_is_watched_shows_its_own_steps_only() -> None:
    steps = LiveSteps(plan_of("charge"), source="nested")
    own = event("step_completed", "charge", source="nested", path=["each", 0, "charge"])
    outer = event("step_failed", "charge", path=["charge"])

    assert shown(steps, look(own, outer)) == ["✓ charge completed"]


def test_the_end_of_an_item_is_not_the_end_of_its_foreach() -> None:
    steps = LiveSteps(each_plan())
    item = event("step_failed", "each", 3, path=["each", 1])

    lines = shown(steps, look(event("step_started", "each", 1, path=["each"]), item))

    assert lines[0] == "▶ each running 9.0 s"


def test_a_foreach_goes_on_when_one_of_its_items_is_tried_again() -> None:
    steps = LiveSteps(each_plan())
    ended = [event("step_started", "each", 1), event("step_failed", "each", 2)]
    reopened = {"type": "execution_reopened", "at": START.isoformat(), "resets": ["each:body[1]"]}

    assert shown(steps, look(*ended))[0] == "✗ each failed 1.0 s"
    assert shown(steps, look(reopened))[0] == "▶ each running 9.0 s"


def test_a_round_knows_nothing_of_the_one_before() -> None:
    steps = LiveSteps(plan_of("a"))
    before = event("log", "a", message="first round")

    assert shown(steps, look(before, event("step_scheduled", "a", 2))) == ["○ a scheduled"]


def test_a_line_about_something_nested_says_where_it_is() -> None:
    inner = event("step_started", "charge", source="nested", path=["each", 2, "charge"])
    end = {"type": "execution_completed", "at": START.isoformat(), "path": ["each", 2]}

    assert event_line(inner).plain.endswith("  each[2] > charge")
    assert event_line(end | {"source": "nested"}).plain.endswith("  each[2]")
    assert event_line(inner, source="nested").plain.endswith("  charge[2]")
