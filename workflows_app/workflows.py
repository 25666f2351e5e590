"""Sample workflows written in Python, and steps to play with: one waits, one fails, one asks.

Their ids begin with ``sample-`` so that they are in nobody's way; by name they are ``hello`` and
``fulfil-order``.
"""

from __future__ import annotations

import time
from typing import Any

from pydantic import BaseModel, Field

from workflows_app.authoring import (
    Retry,
    StepContext,
    create_step,
    create_workflow,
    map_variable,
    template,
)

LOOK_SECONDS = 0.2


class Visitor(BaseModel):
    name: str = Field(default="World", description="Whom to greet.", max_length=200)


class Greeting(BaseModel):
    text: str


def greet(visitor: Visitor, ctx: StepContext) -> Greeting:
    """Say hello."""
    ctx.logger.info("greeting %s", visitor.name)
    return Greeting(text=f"Hello, {visitor.name}!")


hello = (
    create_workflow(
        id="sample-hello",
        name="hello",
        description="The smallest workflow: one Python step that greets you.",
        input_schema=Visitor,
        output_schema=Greeting,
    )
    .then(create_step(greet, id="sample-greet", name="Greet"))
    .commit()
)


class OrderLine(BaseModel):
    sku: str
    quantity: int = Field(ge=1)
    price: float = Field(ge=0)


class Order(BaseModel):
    id: str = Field(description="The order's number.")
    lines: list[OrderLine] = Field(min_length=1)


class Receipt(BaseModel):
    order_id: str
    charged: float


class Reservation(BaseModel):
    order_id: str
    parcels: int


class Shipment(BaseModel):
    order_id: str
    charged: float
    parcels: int
    note: str


def charge(order: Order, ctx: StepContext) -> Receipt:
    """Take the money.  A real step would hand ``ctx.idempotency_key`` to the payment service."""
    return Receipt(
        order_id=order.id,
        charged=round(sum(line.quantity * line.price for line in order.lines), 2),
    )


def reserve(order: Order) -> Reservation:
    """Take the goods from the shelf, ten to a parcel."""
    count = sum(line.quantity for line in order.lines)
    return Reservation(order_id=order.id, parcels=-(-count // 10))


def ship(shipment: Shipment, ctx: StepContext) -> Shipment:
    """Hand the parcels over."""
    ctx.logger.info("%d parcels for order %s are on their way", shipment.parcels, shipment.order_id)
    return shipment


_charge = create_step(charge, id="sample-charge", name="Charge the card", retries=2)
_reserve = create_step(reserve, id="sample-reserve", name="Reserve the goods")

fulfil_order = (
    create_workflow(
        id="sample-fulfil-order",
        name="fulfil-order",
        description="Charges and reserves side by side, then ships with what both found out.",
        input_schema=Order,
        output_schema=Shipment,
        retry=Retry(attempts=1, delay=1),
    )
    .parallel([_charge, _reserve])
    .map(
        {
            "order_id": map_variable(init_data=True, path="id"),
            "charged": map_variable(step=_charge, path="charged"),
            "parcels": map_variable(step=_reserve, path="parcels"),
            "note": template(
                "{{ size(inputs.lines) }} lines, charged {{ input['sample-charge'].charged }}"
            ),
        },
        id="shipment",
    )
    .then(create_step(ship, id="sample-ship", name="Ship"))
    .commit()
)


class Pause(BaseModel):
    seconds: float = Field(default=1, ge=0, le=60)
    value: Any = None


def pause(wanted: Pause, ctx: StepContext) -> Any:
    """Wait, looking now and then whether the execution is being cancelled; hand on the value."""
    end = time.monotonic() + wanted.seconds
    while (left := end - time.monotonic()) > 0 and not ctx.cancelled:
        time.sleep(min(LOOK_SECONDS, left))
    return wanted.value


class Unreliable(BaseModel):
    failures: int = Field(default=2, ge=0, le=10)
    value: Any = None


def unreliable(wanted: Unreliable, ctx: StepContext) -> Any:
    """Fail the first ``failures`` attempts, then hand on the value."""
    if ctx.retry_count < wanted.failures:
        raise ConnectionError(f"attempt {ctx.retry_count + 1} of this step fails on purpose")
    return {"value": wanted.value, "attempts": ctx.retry_count + 1}


sample_pause = create_step(pause, id="sample-pause", name="Pause")
sample_unreliable = create_step(unreliable, id="sample-unreliable", name="Unreliable")


class Question(BaseModel):
    question: str = Field(default="What is your name?", description="What is asked.")


class Answer(BaseModel):
    text: str = Field(min_length=1, max_length=200)


def ask(wanted: Question, ctx: StepContext) -> str | None:
    """Suspend until somebody answers; keep the answer in the shared state, and hand it on."""
    if ctx.resume_data is None:
        return ctx.suspend({"question": wanted.question})
    answer: str = ctx.resume_data["text"]
    ctx.set_state({"answers": [*ctx.state.get("answers", []), answer]})
    return answer


sample_ask = create_step(
    ask, id="sample-ask", name="Ask", resume_schema=Answer, output_schema={"type": "string"}
)
