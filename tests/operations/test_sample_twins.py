"""Samples written once more in Python: both spellings compile to the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from workflows_app.authoring import (
    Workflow,
    constant,
    create_workflow,
    expression,
    from_path,
    map_variable,
    scope,
    template,
    use_tool,
    use_workflow,
)
from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document
from workflows_app.operations.load_samples import shipped_samples

SAMPLES = {sample.id: sample.document for sample in shipped_samples()}


@pytest.fixture(autouse=True)
def own_workflows() -> Iterator[None]:
    """Forget the twins afterwards."""
    before = set(registry.workflows)
    yield
    for workflow_id in set(registry.workflows) - before:
        del registry.workflows[workflow_id], registry.compiled[workflow_id]


def begun(sample_id: str, **options: Any) -> Workflow:
    """Return an empty workflow with the name and the inputs of a sample."""
    document = SAMPLES[sample_id]
    return create_workflow(
        id=f"twin-of-{sample_id}",
        name=document["name"],
        input_schema=document["inputs"],
        configs=document.get("configs"),
        **options,
    )


def pay_off_a_debt() -> Workflow:
    month = (
        scope()
        .map(
            {
                "owed": expression(
                    "round(num(input.left) * (1.0 + num(inputs.interest) / 100.0), 2)"
                ),
                "paid": expression("num(input.paid)"),
            },
            id="due",
            name="Add the interest",
        )
        .map(
            {
                "left": expression("max([0.0, round(num(input.owed) - num(inputs.monthly), 2)])"),
                "paid": expression(
                    "round(num(input.paid) + min([num(input.owed), num(inputs.monthly)]), 2)"
                ),
                "number": expression("iteration"),
            },
            id="month",
            name="Pay",
        )
    )
    return (
        begun(
            "sample-pay-off-a-debt",
            output={
                "months": map_variable(step="month", path="number"),
                "paid": map_variable(step="month", path="paid"),
            },
        )
        .map(
            {
                "left": expression("num(inputs.debt)"),
                "paid": constant(0),
                "number": constant(0),
            },
            id="begin",
            name="Begin",
        )
        .dountil(
            month, "input.left == 0.0", id="months", name="Month after month", max_iterations=120
        )
        .commit()
    )


def greet_everybody() -> Workflow:
    hello = use_workflow(
        "sample-hello", id="hello", name="Say hello", input={"name": from_path("item")}
    )
    return (
        begun("sample-greet-everybody", output={"lines": map_variable(step="lines", path="lines")})
        .foreach(
            scope().then(hello),
            id="each",
            name="Each guest",
            items=map_variable(init_data=True, path="guests"),
            concurrency=5,
        )
        .map(
            {"lines": expression("steps.each.map(greeting, greeting.text)")},
            id="lines",
            name="Put them below each other",
        )
        .commit()
    )


def wait_for_a_payment() -> Workflow:
    nothing = scope(id="nothing").map(
        {"text": template("{{ inputs.order }}: please pay {{ inputs.total }}")},
        id="reminder",
        name="Nothing came",
    )
    enough = scope(id="enough").map(
        {"text": template("{{ inputs.order }} is paid, thank you")},
        id="thanks",
        name="Enough came",
    )
    missing = "{{ num(inputs.total) - num(steps.payment.amount) }}"
    too_little = scope(id="too_little").map(
        {"text": template(f"{{{{ inputs.order }}}}: {missing} is missing")},
        id="rest",
        name="Something is missing",
    )
    return (
        begun("sample-wait-for-a-payment", output={"text": map_variable(step="say", path="text")})
        .wait_for_event(
            "payment", id="payment", name="The payment", timeout=86_400, on_error="continue"
        )
        .branch(
            [
                ("input == null", nothing),
                ("num(input.amount) >= num(inputs.total)", enough),
                ("true", too_little),
            ],
            id="judge",
            name="Enough?",
            mode="first",
        )
        .map({"text": expression("first(values(input)).text")}, id="say", name="Say it")
        .commit()
    )


def remind_me() -> Workflow:
    again = (
        scope()
        .then(
            use_tool(
                "log",
                id="note",
                name="Remind",
                input={
                    "message": template("{{ iteration }} of {{ inputs.times }}: {{ inputs.what }}")
                },
            )
        )
        .sleep(map_variable(init_data=True, path="pause"), id="pause", name="Pause")
    )
    return (
        begun(
            "sample-remind-me",
            output={
                "reminders": expression("inputs.times"),
                "last": map_variable(step="note", path="message"),
            },
        )
        .sleep_until(
            map_variable(init_data=True, path="at"), id="moment", name="Wait for the moment"
        )
        .dowhile(
            again,
            "iteration < inputs.times",
            id="again",
            name="Again and again",
            max_iterations=100,
        )
        .commit()
    )


def stop_at_a_duplicate() -> Workflow:
    duplicate = (
        scope(id="duplicate")
        .then(
            use_tool(
                "log",
                id="note",
                name="Note it",
                input={
                    "message": template("{{ inputs.order }} was seen before"),
                    "level": constant("warning"),
                },
            )
        )
        .bail({"booked": constant(False), "receipt": constant(None)}, id="stop", name="End here")
    )
    book = use_tool(
        "template",
        id="book",
        name="Book it",
        input={
            "template": constant("{{ input.order }} is booked"),
            "values": expression("{'order': inputs.order}"),
        },
    )
    return (
        begun(
            "sample-stop-at-a-duplicate",
            output={"booked": constant(True), "receipt": map_variable(step="book", path="text")},
        )
        .branch([("inputs.order in inputs.seen", duplicate)], id="known", name="Seen before?")
        .then(book)
        .commit()
    )


def approve_a_purchase() -> Workflow:
    document = SAMPLES["sample-approve-a-purchase"]
    asked = document["nodes"][0]["cases"][0]["body"]["nodes"][0]
    limit = "(has(steps.decision.limit) ? num(steps.decision.limit) : 500.0)"
    large = scope(id="large").approval(
        "decision",
        name="Ask",
        title=template("Buy {{ inputs.what }} for {{ inputs.price }}?"),
        context={
            "what": map_variable(init_data=True, path="what"),
            "price": map_variable(init_data=True, path="price"),
        },
        form=asked["form"],
        deadline=timedelta(days=2),
        on_deadline="reject",
        reminder=timedelta(days=1),
    )
    letter = use_tool(
        "template",
        id="letter",
        name="Write the answer",
        input={
            "template": constant(
                "{{ input.what }}: {{ input.bought ? 'ordered' : 'not ordered' }}"
            ),
            "values": expression("{'what': inputs.what, 'bought': steps.verdict.bought}"),
        },
    )
    return (
        begun(
            "sample-approve-a-purchase", output={"text": map_variable(step="letter", path="text")}
        )
        .branch([("num(inputs.price) > 100.0", large)], id="size", name="Large?")
        .map(
            {
                "bought": expression(
                    "!has(steps.decision) || "
                    f"(steps.decision.approved && num(inputs.price) <= {limit})"
                )
            },
            id="verdict",
            name="Verdict",
        )
        .then(letter)
        .commit()
    )


@pytest.mark.parametrize(
    ("sample_id", "twin"),
    [
        ("sample-pay-off-a-debt", pay_off_a_debt),
        ("sample-greet-everybody", greet_everybody),
        ("sample-wait-for-a-payment", wait_for_a_payment),
        ("sample-remind-me", remind_me),
        ("sample-stop-at-a-duplicate", stop_at_a_duplicate),
        ("sample-approve-a-purchase", approve_a_purchase),
    ],
)
def test_a_sample_and_its_twin_in_python_are_one_plan(
    sample_id: str, twin: Callable[[], Workflow]
) -> None:
    workflow = twin()

    assert workflow.compiled is not None
    assert workflow.compiled.plan_hash == compile_document(SAMPLES[sample_id]).plan_hash
