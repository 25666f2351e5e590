"""What whoever starts an execution holds in their hands is what the table holds."""

from __future__ import annotations

import pytest

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from executions_app.testing import in_memory
from workflows_app.authoring import Workflow, constant, create_step, create_workflow
from workflows_app.operations.sync_registry import ensure_published

pytestmark = pytest.mark.django_db

step = create_step(id="same", execute=lambda value: value)
KEPT = ("status", "live", "suspended", "containers", "last_seq", "started_at", "ended_at", "output")


@pytest.mark.parametrize(
    ("workflow", "status"),
    [
        (create_workflow(id="begun-step").then(step).commit(), "running"),
        (create_workflow(id="begun-loop").dowhile(step, "false").commit(), "running"),
        (create_workflow(id="begun-sleep").sleep(60).commit(), "waiting"),
        (create_workflow(id="begun-asks").approval("may", title="May it?").commit(), "suspended"),
        (create_workflow(id="begun-ends").map({"x": constant(1)}).commit(), "completed"),
    ],
    ids=lambda it: it.id if isinstance(it, Workflow) else it,
)
def test_the_returned_execution_is_as_it_was_written(workflow: Workflow, status: str) -> None:
    version = ensure_published(workflow)

    with in_memory():
        execution = start_execution(version.workflow, version=version, input_data=1)

    stored = Execution.objects.get(pk=execution.pk)
    assert execution.status == status
    assert {name: getattr(execution, name) for name in KEPT} == {
        name: getattr(stored, name) for name in KEPT
    }
