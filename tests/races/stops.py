"""A cancel that meets what goes on (F29), and what begins many (F33): after it nothing begins."""

from __future__ import annotations

from functools import partial
from typing import Any

from executions_app.errors import NotApplicable
from executions_app.models import Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.runner.claim import claim_attempt
from tests.races.side_by_side import collide
from tests.races.stories import Stage, done, step, story, told

CHILD = "races-child"


@story("F29", times=400)
def a_cancel_meets_the_last_outcome(stage: Stage) -> None:
    execution = stage.start("one step", lambda: {"nodes": [step("a")], "edges": []})
    (mine,) = stage.claims()
    cancel, end = partial(cancel_execution, execution.pk), partial(done, mine)

    if stage.number % 2:
        ended, cancelled = collide(end, cancel)
        assert isinstance(cancelled, NotApplicable), cancelled
    else:
        cancelled, ended = collide(cancel, end)
        assert isinstance(cancelled, Execution), cancelled

    assert ended is True
    stage.finish(execution, status="completed" if stage.number % 2 else "cancelled")


@story("F29", times=400)
def a_cancel_meets_an_outcome_that_others_follow(stage: Stage) -> None:
    edges = [["a", "b"], ["a", "c"]]
    nodes = [step("a"), step("b"), step("c")]
    execution = stage.start("followed", lambda: {"nodes": nodes, "edges": edges})
    (mine,) = stage.claims()

    came = _either_first(stage, partial(done, mine), partial(cancel_execution, execution.pk))

    assert came[0] is True, came
    assert told(execution, "step_scheduled") == (3 if stage.number % 2 else 1)
    assert stage.claims() == []
    stage.finish(execution, status="cancelled")


@story("F29", times=400)
def a_cancel_meets_a_claim(stage: Stage) -> None:
    execution = stage.start("one step", lambda: {"nodes": [step("a")], "edges": []})
    (message,) = stage.broker.waiting
    stage.broker.waiting.clear()
    claim = partial(claim_attempt, message.step_run_id, message.attempt)

    claimed, _ = _either_first(stage, claim, partial(cancel_execution, execution.pk))

    assert (claimed is not None) == bool(stage.number % 2)
    if claimed is not None:
        assert done(claimed)
    stage.finish(execution, status="cancelled")


@story("F33", times=400)
def a_cancel_meets_a_foreach_that_opens(stage: Stage) -> None:
    execution = stage.start("foreach", _foreach, input_data={})
    (mine,) = stage.claims()

    came = _either_first(stage, partial(done, mine), partial(cancel_execution, execution.pk))

    assert came[0] is True, came
    assert stage.claims() == []
    stage.finish(execution, status="cancelled")


@story("F33", times=400)
def a_cancel_meets_an_item_that_makes_room_for_the_next(stage: Stage) -> None:
    execution = stage.start("foreach", _foreach, input_data={})
    (before,) = stage.claims()
    assert done(before)
    first, second, *rest = stage.claims()
    assert rest == []

    came = _either_first(stage, partial(done, first), partial(cancel_execution, execution.pk))

    assert came[0] is True, came
    assert stage.claims() == []
    assert done(second)
    stage.finish(execution, status="cancelled")


@story("F33", times=400)
def a_cancel_meets_children_that_begin(stage: Stage) -> None:
    stage.start("child", lambda: {"id": CHILD, "name": CHILD, "nodes": [step("x")], "edges": []})
    child = stage.workflows["child"].pk
    execution = stage.start("parent", lambda: _parent(str(child)))
    (mine,) = stage.claims()

    came = _either_first(stage, partial(done, mine), partial(cancel_execution, execution.pk))

    assert came[0] is True, came
    assert stage.claims() == []
    stage.finish(execution, status="cancelled")
    children = Execution.objects.filter(root_id=execution.pk)
    assert set(children.values_list("status", flat=True)) <= {"cancelled"}
    assert children.count() == (3 if stage.number % 2 else 0)


def _either_first(stage: Stage, work: Any, cancel: Any) -> tuple[Any, Any]:
    """Let two meet, the one or the other first; return what they came to in the order given."""
    if stage.number % 2:
        return collide(work, cancel)
    second, first = collide(cancel, work)
    return first, second


def _foreach() -> dict[str, Any]:
    body = {"nodes": [step("item")], "edges": []}
    items = {"value": [1, 2, 3, 4, 5]}
    each = {"id": "each", "type": "foreach", "items": items, "concurrency": 2, "body": body}
    return {"nodes": [step("before"), each], "edges": [["before", "each"]]}


def _parent(child: str) -> dict[str, Any]:
    names = ("one", "two", "three")
    inner = [{"id": name, "type": "workflow", "workflow": child} for name in names]
    return {"nodes": [step("before"), *inner], "edges": [["before", name] for name in names]}
