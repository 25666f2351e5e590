"""Two people answer one question (F30): one of them does, and the other is told so."""

from __future__ import annotations

from functools import partial

from executions_app.engine.outcomes import Suspended
from executions_app.errors import ResumeRefused
from executions_app.models import Execution
from executions_app.operations.resume import resume_execution
from tests.races.side_by_side import collide, crowd
from tests.races.stories import Stage, done, step, story, told


def suspended(stage: Stage) -> Execution:
    """Return an execution whose first of two steps asks."""
    nodes = [step("asks"), step("after")]
    edges = [["asks", "after"]]
    execution = stage.start("question", lambda: {"nodes": nodes, "edges": edges})
    (mine,) = stage.claims()
    assert done(mine, Suspended(payload={"may": "it"}))
    assert stage.broker.waiting == []
    return execution


def check_went_on_once(stage: Stage, execution: Execution) -> None:
    """Assert that one answer counted, and that one continuation ran."""
    assert told(execution, "step_resumed") == 1
    assert len(stage.broker.waiting) == 1
    stage.finish(execution)
    assert told(execution, "step_completed", node_id="after") == 1


@story("F30", times=500)
def two_answers_meet(stage: Stage) -> None:
    execution = suspended(stage)
    first, second = (
        partial(resume_execution, execution.pk, data=number, by=str(number)) for number in (1, 2)
    )

    came = collide(first, second)

    assert isinstance(came[0], Execution), came
    assert isinstance(came[1], ResumeRefused), came
    check_went_on_once(stage, execution)


@story("F30", times=100)
def up_to_eight_answer_at_the_same_moment(stage: Stage) -> None:
    execution = suspended(stage)
    people = range(2 + stage.number % 7)

    came = crowd([partial(resume_execution, execution.pk, data=number) for number in people])

    refused = [it for it in came if isinstance(it, ResumeRefused)]
    assert len(refused) == len(came) - 1, came
    check_went_on_once(stage, execution)
