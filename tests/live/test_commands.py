"""What people and programs ask of executions: start once, cancel, run again, in transactions."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from executions_app.errors import IdempotencyMismatch, NotApplicable, StartClaimed
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.start_execution import start_execution
from tests.live.running import Stage, node, row_of, statuses
from tests.live.workers import Crew
from tests.published import chain, published
from workflows_app.authoring.registry import registry

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def test_after_a_cancel_nothing_new_starts_and_what_runs_is_kept(stage: Stage) -> None:
    nodes = [node("a", "slow"), node("b"), node("c", "fails", retry={"attempts": 1, "delay": 60})]
    execution = stage.start(published(nodes, [["a", "b"]]))
    stage.wait_for_start("a")
    stage.wait_for_start("c")

    cancelled = cancel_execution(execution.pk, reason="enough", by="ada")
    stage.go("a")

    assert cancelled.stopping == "cancel"
    result = stage.end_of(execution)
    assert result.status == "cancelled"
    assert result.steps["a"].status == "completed"
    assert "b" not in statuses(result)
    assert stage.counts()["b"] == 0


def test_a_body_is_told_that_its_execution_is_being_cancelled(stage: Stage) -> None:
    execution = stage.start(published([node("a", "polite")]))
    stage.wait_for_start("a")

    cancel_execution(execution.pk)

    result = stage.end_of(execution)
    assert result.status == "cancelled"
    assert result.steps["a"].output == {"stopped": True}


def test_a_step_that_fails_after_a_cancel_is_not_tried_again(stage: Stage) -> None:
    execution = stage.start(published([node("a", "fails-late", retry={"attempts": 5})]))
    stage.wait_for_start("a")
    cancel_execution(execution.pk)

    stage.go("a")

    result = stage.end_of(execution)
    assert result.status == "cancelled"
    assert statuses(result) == {"a": "failed"}
    assert stage.counts() == {"a": 1}


def test_what_nobody_has_begun_is_dropped_at_once(bare_stage: Stage, crew: Crew) -> None:
    crew.hire(0)
    execution = bare_stage.start(published([node("a"), node("b")]))

    cancelled = cancel_execution(execution.pk)

    assert cancelled.status == "cancelled"
    crew.hire(1)
    assert bare_stage.run(published([node("c", "same")]), 1).result == 1
    assert bare_stage.counts() == {"c": 1}


def test_cancel_and_outcome_race_to_one_clean_end(stage: Stage) -> None:
    workflow = published(*chain(*(node(f"n{number}", "same") for number in range(6))))
    endings = Counter()

    for _ in range(40):
        execution = stage.start(workflow)
        stage.wait_for_start("n0", times=endings.total() + 1)
        try:
            cancel_execution(execution.pk)
        except NotApplicable:
            endings[stage.end_of(execution).status] += 1
            continue
        begun = _begun(execution)
        endings[stage.end_of(execution).status] += 1
        assert _begun(execution) == begun

    assert endings["cancelled"] > 0
    assert endings.keys() <= {"cancelled", "completed"}


def _begun(execution: Execution) -> set[str]:
    rows = StepRun.objects.filter(execution=execution, claimed_by__gt="")
    return set(rows.values_list("node_id", flat=True))


def test_a_rerun_is_an_execution_of_its_own(stage: Stage) -> None:
    first = stage.start(published([node("a")]), {"n": 1})
    stage.end_of(first)

    again = rerun_execution(Execution.objects.get(pk=first.pk), input_data={"n": 2})

    assert stage.end_of(again).result == {"node": "a", "got": {"n": 2}}
    assert again.rerun_of_id == first.pk
    assert row_of(first, "a").output == {"node": "a", "got": {"n": 1}}


def test_the_same_request_with_the_same_key_runs_once(stage: Stage) -> None:
    user = User.objects.create(username="ada")
    workflow = published([node("a")])
    context = {"marks": str(stage.marks)}

    executions = {
        start_execution(
            workflow, owner=user, input_data=1, runtime_context=context, idempotency_key="k"
        ).pk
        for _ in range(3)
    }

    assert len(executions) == 1
    stage.end_of(Execution.objects.get())
    assert stage.counts() == {"a": 1}
    with pytest.raises(IdempotencyMismatch):
        start_execution(
            workflow, owner=user, input_data=2, runtime_context=context, idempotency_key="k"
        )


def test_an_id_starts_once(stage: Stage) -> None:
    run = registry.workflows["live-arithmetic"].create_run(run_id="order-7")
    assert run.start(input_data={"n": 1}, timeout=40).status == "completed"

    with pytest.raises(StartClaimed):
        run.start_async(input_data={"n": 2})

    assert run.get_result().result == {"n": 4, "from": 1}


def test_a_start_that_is_rolled_back_never_was(stage: Stage) -> None:
    workflow = published([node("a")])

    with transaction.atomic():
        stage.start(workflow)
        transaction.set_rollback(True)

    assert not Execution.objects.exists()
    assert stage.run(published([node("b", "same")]), 1).result == 1
    assert stage.counts() == {"b": 1}


def test_a_start_inside_a_transaction_runs_once_it_commits(stage: Stage) -> None:
    workflow = published([node("a")])

    with transaction.atomic():
        execution = stage.start(workflow)
        other = stage.start(workflow)
        assert stage.starts() == []

    assert stage.end_of(execution).status == stage.end_of(other).status == "completed"


def test_events_are_followed_live_from_the_first_to_the_last(stage: Stage) -> None:
    run = registry.workflows["live-arithmetic"].create_run()

    told = list(run.stream(input_data={"n": 3}))

    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert told[0]["type"] == "execution_started"
    assert told[-1]["type"] == "execution_completed"
