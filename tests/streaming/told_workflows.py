"""Workflows for tests of what those who follow are told; each is made where it is used."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from workflows_app.authoring import Step, StepContext, Workflow, create_step, create_workflow

_numbers = itertools.count(1)


def new_id() -> str:
    """Return an id that no other workflow has."""
    return f"told-{next(_numbers)}"


def one_more(value: Any) -> Any:
    return {"n": value["n"] + 1}


def writes(value: Any, ctx: StepContext) -> Any:
    ctx.writer.write({"hello": 1})
    ctx.writer.custom("data-progress", {"done": 0.5})
    return value


def asks(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend({"ask": value}) if ctx.resume_data is None else ctx.resume_data


def breaks(value: Any) -> Any:
    raise ValueError("broken on purpose")


def step(id: str, body: Any = one_more, **options: Any) -> Step:
    return create_step(id=id, execute=body, **options)


def in_a_row(*steps: Any, id: str = "", **options: Any) -> Workflow:
    """Return a committed workflow of ``steps``, one after the other."""
    workflow = create_workflow(id=id or new_id(), **options)
    for item in steps:
        workflow = workflow.then(item)
    return workflow.commit()


def lines(chunks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return each chunk as its type, without the prefix, and the step it is about."""
    return [
        " ".join(
            filter(
                None,
                [chunk["type"].removeprefix("workflow-"), chunk.get("payload", {}).get("id", "")],
            )
        )
        for chunk in chunks
    ]
