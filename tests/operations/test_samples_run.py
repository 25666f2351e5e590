"""The samples that need nothing outside run to the end their descriptions promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from executions_app.models import Execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.start_execution import start_execution
from executions_app.testing import in_memory
from tests.operations.calls import check_laws
from workflows_app.models import Workflow
from workflows_app.operations.import_document import import_document
from workflows_app.operations.load_samples import load_samples, shipped_samples
from workflows_app.operations.sync_registry import sync_registry

pytestmark = pytest.mark.django_db

#: What somebody does to an execution that waits.
Command = Callable[[str], Any]

ORDER = {"id": "o-1", "lines": [{"sku": "tea", "quantity": 12, "price": 2.5}]}
NEEDS_THE_OUTSIDE = {"sample-page-size", "sample-agipo-site-to-email"}


def answer(data: Any) -> Command:
    return partial(resume_execution, data=data)


def paid(amount: float) -> Command:
    return partial(send_event, event="payment", data={"amount": amount})


def run(workflow_id: str, input_data: Any, *commands: Command) -> Execution:
    """Run a sample to its end; each command comes a minute after the one before it."""
    sync_registry()
    for sample in shipped_samples():  # not all of them, which takes longer than the run
        if sample.id == workflow_id:
            import_document(sample.document, owner=None, workflow_id=sample.id)
    workflow = Workflow.objects.get(pk=workflow_id)
    with in_memory() as engine:
        execution = start_execution(workflow, input_data=input_data)
        for command in commands:
            engine.advance(timedelta(minutes=1))
            command(execution.pk)
        while engine.work():
            pass
        execution.refresh_from_db()
    check_laws(execution.pk)
    return execution


STORIES: list[tuple[str, Any, tuple[Command, ...], Any]] = [
    ("sample-hello", {}, (), {"text": "Hello, World!"}),
    (
        "sample-fulfil-order",
        ORDER,
        (),
        {"order_id": "o-1", "charged": 30.0, "parcels": 2, "note": "1 lines, charged 30"},
    ),
    ("sample-welcome-message", {"language": "fr"}, (), {"text": "Bienvenue, Ada!"}),
    (
        "sample-order-summary",
        {},
        (),
        {"summary": "Ada ordered 9 pieces for 91.5. Pack with care: Teapot.", "total": 91.5},
    ),
    ("sample-retry-until-it-works", {"failures": 1}, (), {"text": "done at last, in attempt 2"}),
    ("sample-carry-on-after-a-failure", {}, (), {"found": ["left"], "missing": ["right"]}),
    (
        "sample-carry-on-after-a-failure",
        {"left": "[", "right": "["},
        (),
        {"found": [], "missing": ["left", "right"]},
    ),
    ("sample-first-answer-wins", {"tortoise": 0, "hare": 0}, (), {"winner": "the tortoise"}),
    (
        "sample-tidy-contacts",
        {},
        (),
        {
            "contacts": ["ada@example.org", "bob@example.com", "eve@example.org"],
            "domains": ["example.org", "example.com"],
            "dropped": 2,
        },
    ),
    ("sample-route-a-ticket", {}, (), {"teams": ["billing", "operations"], "urgent": True}),
    (
        "sample-route-a-ticket",
        {"subject": "Good morning", "plan": "free"},
        (),
        {"teams": ["front_desk"], "urgent": False},
    ),
    ("sample-pay-off-a-debt", {}, (), {"months": 4, "paid": 1024.9}),
    (
        "sample-price-a-catalogue",
        {},
        (),
        {"prices": ["tea: 5.4", "teapot: 46.8", "tray: 21.9"], "left_out": 1},
    ),
    (
        "sample-greet-everybody",
        {"guests": ["Ada", "Grace"]},
        (),
        {"lines": ["Hello, Ada!", "Hello, Grace!"]},
    ),
    ("sample-wait-for-a-payment", {}, (paid(30),), {"text": "o-17 is paid, thank you"}),
    ("sample-wait-for-a-payment", {}, (paid(12),), {"text": "o-17: 18 is missing"}),
    ("sample-wait-for-a-payment", {}, (), {"text": "o-17: please pay 30"}),
    ("sample-approve-a-purchase", {"price": 20}, (), {"text": "a ladder: ordered"}),
    (
        "sample-approve-a-purchase",
        {},
        (answer({"approved": True}),),
        {"text": "a ladder: ordered"},
    ),
    (
        "sample-approve-a-purchase",
        {},
        (answer({"approved": True, "limit": 200}),),
        {"text": "a ladder: not ordered"},
    ),
    ("sample-approve-a-purchase", {}, (), {"text": "a ladder: not ordered"}),
    (
        "sample-remind-me",
        {"at": "2030-02-01T08:00:00Z", "times": 2},
        (),
        {"reminders": 2, "last": "2 of 2: water the plants"},
    ),
    ("sample-use-a-fallback", {}, (), {"value": "from yesterday", "source": "second"}),
    ("sample-use-a-fallback", {"failures": 2}, (), {"value": "fresh", "source": "first"}),
    ("sample-stop-at-a-duplicate", {}, (), {"booked": False, "receipt": None}),
    (
        "sample-stop-at-a-duplicate",
        {"order": "o-18"},
        (),
        {"booked": True, "receipt": "o-18 is booked"},
    ),
    (
        "sample-ask-for-a-name",
        {},
        (answer({"text": "Ada"}),),
        {"text": "Nice to meet you, Ada.", "answers": ["Ada"]},
    ),
]


@pytest.mark.parametrize(("workflow_id", "input_data", "commands", "output"), STORIES)
def test_a_sample_ends_as_it_says(
    workflow_id: str, input_data: Any, commands: tuple[Command, ...], output: Any
) -> None:
    execution = run(workflow_id, input_data, *commands)

    assert (execution.status, execution.output, execution.error) == ("completed", output, None)


def test_every_sample_that_needs_nothing_outside_has_a_story() -> None:
    told = {workflow_id for workflow_id, *_ in STORIES}

    untold = {sample.id for sample in shipped_samples()} - told

    assert untold == NEEDS_THE_OUTSIDE


def test_a_reminder_waits_for_its_moment() -> None:
    execution = run("sample-remind-me", {"at": "2030-02-01T08:00:00Z", "times": 2, "pause": 60})

    assert execution.ended_at is not None
    assert execution.ended_at.isoformat() == "2030-02-01T08:02:00+00:00"


def test_a_question_is_asked_until_it_is_answered() -> None:
    sync_registry()
    load_samples()

    with in_memory() as engine:
        execution = start_execution(Workflow.objects.get(pk="sample-ask-for-a-name"), input_data={})
        engine.advance(timedelta(days=1_000))
        execution.refresh_from_db()

    assert execution.status == "suspended"
    check_laws(execution.pk)
