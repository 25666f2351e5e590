"""Section B: what is checked before workflows and steps begin, and what is filled in."""

from __future__ import annotations

from pydantic import BaseModel

from tests.semantics.bodies import gives, recorded
from workflows_app.authoring import create_workflow


class Nested(BaseModel):
    value: int = 1


class Given(BaseModel):
    required: str
    nested: Nested = Nested()


class Defaulted(BaseModel):
    defaulted_value: str = "default-value"


class One(BaseModel):
    value1: str


class Number(BaseModel):
    x: int


class Counted(BaseModel):
    count: int


typed = create_workflow(id="s23-typed", input_schema=Given).then(recorded("A")).commit()

defaulted = (
    create_workflow(id="s25-defaulted")
    .then(gives("A", {"some_value": "x"}))
    .then(
        recorded(
            "B",
            lambda value: {"value": f"{value.defaulted_value}-processed"},
            input_schema=Defaulted,
        )
    )
    .commit()
)

subset = (
    create_workflow(id="s26-subset")
    .then(gives("A", {"value1": "1", "value2": "2", "value3": "3"}))
    .then(recorded("B", lambda value: value.model_dump(), input_schema=One))
    .commit()
)

mismatched = (
    create_workflow(id="s27-mismatched")
    .then(gives("A", {"x": "s"}))
    .then(recorded("B", input_schema=Number))
    .commit()
)

stateful = create_workflow(id="s32-stateful", state_schema=Counted).then(recorded("A")).commit()
