"""The workflows that are measured: rows and fans of the most trivial Python steps there are."""

from __future__ import annotations

from tests.benchmarks import first_lines
from workflows_app.authoring import (
    StepContext,
    Workflow,
    clone_step,
    create_step,
    create_workflow,
    expression,
    step,
)


@step(id="bench-add-one")
def add_one(x: int) -> int:
    """What a step costs when it does nothing."""
    return x + 1


@step(id="bench-sum")
def add_up(xs: dict[str, int]) -> int:
    """What waits for all arms of a fan."""
    return sum(xs.values())


@step(id="bench-stamp")
def stamp(x: int) -> int:
    """Say when this line was reached."""
    first_lines.write()
    return x + 1


def chain_of(length: int) -> Workflow:
    """Return ``length`` steps in a row, each adding one to the number it receives."""
    workflow = create_workflow(id=f"bench-chain-{length}", input_schema=int)
    for number in range(length):
        workflow.then(clone_step(add_one, id=f"s{number}"))
    return workflow.commit()


def fan_of(width: int) -> Workflow:
    """Return ``width`` steps side by side, and one that adds up what they return."""
    workflow = create_workflow(id=f"bench-fan-{width}", input_schema=int)
    workflow.parallel([clone_step(add_one, id=f"arm{number}") for number in range(width)])
    return workflow.then(add_up).commit()


chains = {length: chain_of(length) for length in (5, 100, 1_000, 2_000)}
fans = {width: fan_of(width) for width in (500,)}
first_line = create_workflow(id="bench-first-line", input_schema=int).then(stamp).commit()


@step(id="bench-ask")
def ask(x: int, ctx: StepContext) -> int | None:
    """Suspend, and hand on the answer."""
    return ctx.suspend({"ask": x}) if ctx.resume_data is None else ctx.resume_data


sleeper = create_workflow(id="bench-sleep").sleep(86_400).then(add_one).commit()
asker = create_workflow(id="bench-suspend").then(ask).commit()
each = create_workflow(id="bench-foreach").foreach(add_one, concurrency=10).commit()
until = (
    create_workflow(id="bench-loop")
    .map({"x": expression("0"), "to": expression("input")})
    .then(create_step(id="bench-first", execute=lambda value: value["x"]))
    .dowhile(add_one, "input < inputs", max_iterations=10_000)
    .commit()
)
