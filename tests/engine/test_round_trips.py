"""What is written can be read again: facts, failures, plans."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from executions_app.engine.event_json import dump_event, parse_event
from executions_app.engine.events import EVENT_TYPES
from executions_app.engine.failures import Failure, failure_from_json
from tests.engine.plans import plans
from workflows_app.language.plan import Plan, parse_plan

texts = st.text(max_size=20)
times = st.datetimes(
    min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
failures = st.recursive(
    st.builds(
        Failure,
        name=texts,
        message=texts,
        code=texts,
        details=st.dictionaries(texts, json_values, max_size=2),
        cause=st.none(),
    ),
    lambda inner: st.builds(Failure, name=texts, message=texts, code=texts, cause=inner),
    max_leaves=3,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "node_id": texts,
    "attempt": st.integers(1, 100),
    "trigger": texts,
    "started_at": times,
    "retry_at": times,
    "failure": failures,
    "output": json_values,
    "handled": st.booleans(),
    "message": texts,
    "level": texts,
    "fields": st.dictionaries(texts, json_values, max_size=2),
    "cause": texts,
    "per_step": st.booleans(),
    "lane": texts,
    "limit": st.none() | st.integers(1, 1_000),
    "start_limit": st.none() | st.integers(1, 10_000),
    "start_seconds": st.none() | st.floats(0.001, 1_000_000),
    "priority": st.integers(-100, 100),
    "bodies": st.lists(texts, max_size=3).map(tuple),
    "labels": st.lists(texts, max_size=3).map(tuple),
    "resets": st.lists(texts, max_size=3).map(tuple),
    "left": st.none() | st.integers(0, 100),
    "only": st.lists(texts, max_size=3).map(tuple),
    "reopens": st.lists(texts, max_size=3).map(tuple),
    "total": st.none() | st.integers(0, 10_000),
    "concurrency": st.integers(1, 50),
    "until": st.none() | times,
    "event": texts,
    "payload": json_values,
    "data": json_values,
    "kind": texts,
    "current_index": st.integers(0, 10_000),
    "completed_count": st.integers(0, 10_000),
    "total_count": st.none() | st.integers(0, 10_000),
    "iteration_status": texts,
    "iteration": st.integers(1, 10_000),
    "bailed": st.booleans(),
    "supplied": texts,
    "within": texts,
    "version": st.none() | st.integers(1, 1_000),
    "reason": texts,
    "by": texts,
}


def names(kind: type) -> list[str]:
    return [item.name for item in fields(kind)]


events = st.one_of(
    [
        st.builds(kind, **{name: FIELDS[name] for name in names(kind)})
        for kind in EVENT_TYPES.values()
    ]
)


@given(event=events)
def test_a_fact_is_read_as_it_was_written(event: Any) -> None:
    assert parse_event(event.type, dump_event(event)) == event


@given(failure=failures)
def test_a_failure_is_read_as_it_was_written(failure: Failure) -> None:
    assert failure_from_json(failure.to_json()) == failure


@given(plan=plans())
def test_a_plan_is_read_as_it_was_written(plan: Plan) -> None:
    again = parse_plan(plan.dump())

    assert again == plan
    assert again.content_hash == plan.content_hash


def test_a_fact_with_fields_of_a_later_release_is_still_read() -> None:
    event = parse_event("step_scheduled", {"node_id": "a", "attempt": 1, "colour": "red"})

    assert event.node_id == "a"
