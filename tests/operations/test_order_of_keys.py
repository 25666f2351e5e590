"""What people wrote comes back in the order in which they wrote it, from either database."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from executions_app.models import Execution
from workflows_app.models import Workflow, WorkflowVersion

#: Neither sorted nor by length, nor both.
WRITTEN = {"zz": {"bb": 1, "a": None}, "a": [{"y": 1.50, "x": "ö\u2028"}], "mmm": "", "b": True}


@pytest.mark.django_db
def test_keys_keep_their_order() -> None:
    workflow = Workflow.objects.create(name="order", definition=WRITTEN, compile_status="ok")
    version = WorkflowVersion.objects.create(
        workflow=workflow, number=1, definition=WRITTEN, plan=WRITTEN, plan_hash="x"
    )
    execution = Execution.objects.create(
        pk="order",
        workflow=workflow,
        version=version,
        input=WRITTEN,
        output=WRITTEN,
        created_at=datetime.now(UTC),
    )

    Execution.objects.filter(pk="order").update(state=WRITTEN)

    execution.refresh_from_db()
    kept = [execution.input, execution.output, execution.state]
    workflow.refresh_from_db()
    version.refresh_from_db()
    kept += [workflow.definition, version.plan]
    assert [json.dumps(value) for value in kept] == [json.dumps(WRITTEN)] * 5


@pytest.mark.django_db
@pytest.mark.parametrize("value", [None, "text", "5", 5, [], {}, False], ids=repr)
def test_any_value_comes_back(value: object) -> None:
    workflow = Workflow.objects.create(name="any", definition={"is": value}, compile_status="ok")

    kept = Workflow.objects.get(pk=workflow.pk).definition["is"]

    assert kept == value
    assert type(kept) is type(value)
