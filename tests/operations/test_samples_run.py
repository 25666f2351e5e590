"""The samples that need nothing outside run to the end their descriptions promise."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from tests.cli.worker import work_off
from workflows_app.models import Workflow
from workflows_app.operations.load_samples import load_samples
from workflows_app.operations.sync_registry import sync_registry

pytestmark = pytest.mark.django_db

ORDER = {"id": "o-1", "lines": [{"sku": "tea", "quantity": 12, "price": 2.5}]}


def run(workflow_id: str, input_data: Any) -> Execution:
    sync_registry()
    load_samples()
    workflow = Workflow.objects.get(pk=workflow_id)
    execution = start_execution(workflow, input_data=input_data)
    work_off(execution.pk)
    execution.refresh_from_db()
    return execution


@pytest.mark.parametrize(
    ("workflow_id", "input_data", "output"),
    [
        ("sample-hello", {}, {"text": "Hello, World!"}),
        (
            "sample-fulfil-order",
            ORDER,
            {"order_id": "o-1", "charged": 30.0, "parcels": 2, "note": "1 lines, charged 30"},
        ),
        ("sample-welcome-message", {"language": "fr"}, {"text": "Bienvenue, Ada!"}),
        (
            "sample-order-summary",
            {},
            {
                "summary": "Ada ordered 9 pieces for 91.5. Pack with care: Teapot.",
                "total": 91.5,
            },
        ),
        (
            "sample-retry-until-it-works",
            {"failures": 1},
            {"text": "done at last, in attempt 2"},
        ),
        ("sample-carry-on-after-a-failure", {}, {"found": ["left"], "missing": ["right"]}),
        ("sample-first-answer-wins", {"tortoise": 0, "hare": 0}, {"winner": "the tortoise"}),
        (
            "sample-tidy-contacts",
            {},
            {
                "contacts": ["ada@example.org", "bob@example.com", "eve@example.org"],
                "domains": ["example.org", "example.com"],
                "dropped": 2,
            },
        ),
    ],
)
def test_a_sample_ends_as_it_says(workflow_id: str, input_data: Any, output: Any) -> None:
    execution = run(workflow_id, input_data)

    assert (execution.status, execution.output, execution.error) == ("completed", output, None)


def test_the_report_names_both_sources_when_both_are_broken() -> None:
    execution = run("sample-carry-on-after-a-failure", {"left": "[", "right": "["})

    assert execution.output == {"found": [], "missing": ["left", "right"]}
