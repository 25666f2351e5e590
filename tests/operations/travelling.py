"""Workflows that travel in time: a row of steps, one that asks, one inside another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.calls import Calls
from workflows_app.authoring import create_step, create_workflow


@pytest.fixture
def calls() -> Calls:
    return Calls()


def asks(name: str) -> Any:
    return create_step(
        id=name, execute=lambda value, ctx: ctx.resume_data or ctx.suspend({"why": value})
    )


def row(calls: Calls, name: str, **failing: int) -> Any:
    workflow = create_workflow(id=name)
    for step in "abc":
        workflow = workflow.then(calls.step(step, failing=failing.get(step, 0)))
    return workflow.commit()


def nested(calls: Calls, name: str, **failing: int) -> Any:
    inner = create_workflow(id=f"{name}-w")
    for step in ("i1", "i2", "i3"):
        inner = inner.then(calls.step(step, failing=failing.get(step, 0)))
    return (
        create_workflow(id=name)
        .then(calls.step("a"))
        .then(inner.commit())
        .then(calls.step("z"))
        .commit()
    )
