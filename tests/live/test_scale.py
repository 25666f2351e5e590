"""Long and wide workflows complete on real workers."""

from __future__ import annotations

import pytest

from executions_app.models import Event, Execution
from tests.live.running import Stage, node
from tests.published import chain, published

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
LONG = 2_000
WIDE = 500


def test_a_chain_of_two_thousand_steps_completes(stage: Stage) -> None:
    workflow = published(*chain(*(node(f"n{number}", "same") for number in range(LONG))))
    execution = stage.start(workflow, 7)

    result = stage.end_of(execution, seconds=150)

    assert result.result == 7
    assert stage.counts().total() == LONG
    assert set(stage.counts().values()) == {1}


def test_five_hundred_arms_meet_once(stage: Stage) -> None:
    arms = [f"arm{number}" for number in range(WIDE)]
    nodes = [*(node(arm, "same") for arm in arms), node("join", "same")]
    execution = stage.start(published(nodes, [[arm, "join"] for arm in arms]), 1)

    result = stage.end_of(execution, seconds=120)

    assert result.result == dict.fromkeys(arms, 1)
    assert stage.counts()["join"] == 1
    assert stage.counts().total() == WIDE + 1
    ends = Event.objects.filter(execution=execution, type="step_completed").count()
    assert ends == WIDE + 1
    assert Execution.objects.get(pk=execution.pk).live == 0
