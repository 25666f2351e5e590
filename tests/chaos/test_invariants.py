"""The laws that are asked after every fault see what breaks them: each is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from executions_app.models import Event, Execution, StepRun
from executions_app.testing import in_memory
from tests.chaos import invariants
from tests.chaos.invariants import INVARIANTS, Scene
from tests.chaos.marks import Mark
from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

pytestmark = pytest.mark.django_db


def _finished() -> Execution:
    """Return an execution of two mappings and a sleep between them, at its end."""
    from executions_app.operations.start_execution import start_execution

    nodes = [
        {"id": "a", "type": "map", "fields": {"n": {"value": 1}}},
        {"id": "nap", "type": "sleep", "seconds": 5},
        {"id": "b", "type": "map", "fields": {"n": {"value": 2}}},
    ]
    edges = [["a", "nap"], ["nap", "b"]]
    definition = {"schema_version": 1, "name": "laws", "nodes": nodes, "edges": edges}
    compiled = compile_document(definition)
    assert compiled.plan is not None, compiled.diagnostics
    workflow = Workflow.objects.create(
        name="laws", definition=definition, compile_status=compiled.status
    )
    publish_version(workflow, compiled=compiled, definition=definition)
    with in_memory() as engine:
        execution = start_execution(workflow)
        engine.advance(timedelta(seconds=6))
    execution.refresh_from_db()
    assert execution.status == "completed"
    return execution


@pytest.fixture
def execution() -> Execution:
    return _finished()


def _broken(execution: Execution, *, accepted: tuple[str, ...] = ()) -> set[str]:
    return set(invariants.broken(Scene([execution.pk, *accepted], [])))


def _events(execution: Execution, kind: str) -> list[Event]:
    return list(Event.objects.filter(execution=execution, type=kind).order_by("seq"))


def _add(execution: Execution, earlier: Event, *, seq: int | None = None) -> None:
    seq = seq or execution.last_seq + 1
    Event.objects.create(
        execution=execution, seq=seq, type=earlier.type, at=earlier.at, data=earlier.data
    )
    Execution.objects.filter(pk=execution.pk).update(last_seq=seq)
    execution.refresh_from_db()


def _ends_a_step_twice(execution: Execution) -> None:
    _add(execution, _events(execution, "step_completed")[0])


def _ends_twice(execution: Execution) -> None:
    _add(execution, _events(execution, "execution_completed")[0])


def _begins_before_its_needs(execution: Execution) -> None:
    scheduled = [it for it in _events(execution, "step_waiting") if it.data["node_id"] == "nap"]
    Event.objects.filter(execution=execution, type="step_completed").exclude(
        data__node_id="b"
    ).delete()
    assert scheduled


def _is_forgotten(execution: Execution) -> None:
    Execution.objects.filter(pk=execution.pk).update(status="running", ended_at=None)


def _is_held_after_its_end(execution: Execution) -> None:
    rows = StepRun.objects.filter(execution=execution, node_id="nap")
    rows.update(claimed_at=timezone.now())


def _wakes_early(execution: Execution) -> None:
    woken = [it for it in _events(execution, "step_completed") if it.data["node_id"] == "nap"]
    early = _events(execution, "step_waiting")[0].at
    Event.objects.filter(execution=execution, seq=woken[0].seq).update(at=early)


def _is_answered_unasked(execution: Execution) -> None:
    _add(execution, _events(execution, "step_waiting")[0])
    for _ in range(3):
        _add(execution, _events(execution, "step_waiting")[0])
        Event.objects.filter(execution=execution, seq=execution.last_seq).update(
            type="step_resumed", data={"node_id": "nap", "attempt": 1}
        )


def _begins_after_a_cancellation(execution: Execution) -> None:
    earlier = _events(execution, "step_scheduled")[0]
    _add(execution, earlier)
    stop = Event.objects.filter(execution=execution, seq=execution.last_seq)
    stop.update(type="execution_stopping", data={"cause": "cancel"})
    _add(execution, earlier)


def _has_a_gap(execution: Execution) -> None:
    Event.objects.filter(execution=execution, seq=2).delete()


def _survives_its_poison(execution: Execution) -> None:
    StepRun.objects.filter(execution=execution, node_id="nap").update(deaths=40)


def _differs_from_its_log(execution: Execution) -> None:
    StepRun.objects.filter(execution=execution, node_id="a").update(attempt=7)


@pytest.mark.parametrize(
    ("break_it", "law"),
    [
        (_ends_twice, "I1"),
        (_is_forgotten, "I1"),
        (_ends_a_step_twice, "I2"),
        (_begins_before_its_needs, "I3"),
        (_ends_a_step_twice, "I4"),
        (_is_forgotten, "I5"),
        (_is_held_after_its_end, "I6"),
        (_is_answered_unasked, "I8"),
        (_begins_after_a_cancellation, "I9"),
        (_wakes_early, "I10"),
        (_has_a_gap, "I12"),
        (_survives_its_poison, "I19"),
        (_differs_from_its_log, "rows"),
    ],
    ids=lambda item: item if isinstance(item, str) else item.__name__.strip("_"),
)
def test_a_law_that_is_broken_says_so(
    execution: Execution, break_it: Callable[[Execution], None], law: str
) -> None:
    assert _broken(execution) == set()

    break_it(execution)

    assert law in _broken(execution)


def test_what_was_accepted_and_is_gone_breaks_two_laws(execution: Execution) -> None:
    assert _broken(execution, accepted=("lost",)) == {"I1", "I20"}


def test_a_body_that_began_without_a_claim_is_seen(execution: Execution) -> None:
    begun = Mark(execution.pk, "nap", 0, False, 1, f"{execution.pk}:nap", 0.0)

    found = invariants.broken(Scene([execution.pk], [begun] * 9))

    assert set(found) == {"I6"}
    assert connection.vendor in ("sqlite", "postgresql")


def test_every_law_is_asked_here_or_says_where() -> None:
    assert [law.id for law in INVARIANTS if law.ask is None and not law.tested_in] == []
    assert [f"I{number}" for number in range(1, 21)] == [law.id for law in INVARIANTS[:20]]
