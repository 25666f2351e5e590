"""Section S: going back in time."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow


def _plus(value: Any) -> Any:
    return {"x": value["x"] + 1}


def _first(value: Any) -> Any:
    return {"step1_result": 2}


def _second(value: Any) -> Any:
    return {"step2_result": value["step1_result"] + 1}


def _third(value: Any) -> Any:
    return {"final": value["step2_result"] + 1}


#: 328, 331, 339: {step1_result: 2} -> {step2_result: 3} -> {final: 4}
three = (
    create_workflow(id="s-three")
    .then(recorded("s1", _first))
    .then(recorded("s2", _second))
    .then(recorded("s3", _third))
    .commit()
)

#: 329, 330, 340: each adds one
strict = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
counting = (
    create_workflow(id="s-counting")
    .then(recorded("a", _plus))
    .then(recorded("b", lambda value: {"x": value["x"] + 2}, input_schema=strict))
    .commit()
)
longer = (
    create_workflow(id="s-longer")
    .then(recorded("a", _plus))
    .then(recorded("b", _plus))
    .then(recorded("c", _plus))
    .commit()
)


def _only_good(value: Any) -> Any:
    if value["step1_result"] < 10:
        raise ValueError(f"{value['step1_result']} is too small")
    return {"step2_result": value["step1_result"] + 1}


#: 331
too_small = (
    create_workflow(id="s-too-small")
    .then(recorded("s1", _first))
    .then(recorded("s2", _only_good))
    .then(recorded("s3", _third))
    .commit()
)

#: 332, 333
arms = (
    create_workflow(id="s-arms")
    .then(recorded("init", _plus))
    .parallel([recorded("p1", _plus), recorded("p2", _plus)])
    .then(recorded("final", lambda value: {arm: out["x"] for arm, out in value.items()}))
    .commit()
)


def _check(value: Any) -> Any:
    return {"branch": value["branch"]}


#: 334
branches = (
    create_workflow(id="s-branches")
    .then(recorded("check", _check))
    .branch(
        [
            ("input.branch == 'A'", recorded("branchA", lambda value: "A ran")),
            ("input.branch == 'B'", recorded("branchB", lambda value: "B ran")),
        ]
    )
    .commit()
)

#: 335
loop = (
    create_workflow(id="s-loop")
    .then(recorded("before"))
    .dountil(recorded("inc", _plus), "input.x >= 3", id="loop")
    .then(recorded("after"))
    .commit()
)

#: 336
inner = (
    create_workflow(id="s-inner").then(recorded("s2", _plus)).then(recorded("s3", _plus)).commit()
)
nested = (
    create_workflow(id="s-nested")
    .then(recorded("s1", _plus))
    .then(inner)
    .then(recorded("s4", _plus))
    .commit()
)


def _ask(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"at": ctx.step_id})
    return {"x": value["x"] + ctx.resume_data["add"]}


#: 337, 338
asking = (
    create_workflow(id="s-asking")
    .then(recorded("a", _plus))
    .then(recorded("ask", _ask))
    .then(recorded("b", _plus))
    .then(recorded("ask_again", _ask))
    .commit()
)


#: 340
slow = (
    create_workflow(id="s-slow").then(recorded("a", _plus)).sleep(60).then(recorded("b")).commit()
)
