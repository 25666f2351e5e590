"""Section C: what earlier steps gave, what the workflow was given, and mappings of both."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import asked, gives, recorded
from workflows_app.authoring import (
    StepContext,
    constant,
    create_workflow,
    from_context,
    map_variable,
)


def results(_: Any, ctx: StepContext) -> dict[str, Any]:
    return {name: ctx.get_step_result(name) for name in ("A", "unknown", "failed", "C")}


def fail(_: object) -> None:
    raise ValueError("broken")


init_data = (
    create_workflow(id="s37-init-data")
    .then(gives("A", {"value": 1}))
    .then(recorded("B", lambda _, ctx: ctx.get_init_data()))
    .map(lambda ctx: {"mapped": True})
    .then(recorded("C", lambda _, ctx: ctx.get_init_data()))
    .commit()
)

_a38 = gives("A", {"value": 5})
step_results = (
    create_workflow(id="s38-results")
    .parallel([_a38, recorded("failed", fail, on_error="continue")])
    .then(recorded("B", lambda _, ctx: {**results(_, ctx), "object": ctx.get_step_result(_a38)}))
    .then(recorded("C"))
    .commit()
)


def suspend_once(_: Any, ctx: StepContext) -> Any:
    return ctx.resume_data or ctx.suspend({})


#: The reader comes while the other arm is suspended.
suspended_result = (
    create_workflow(id="s38-suspended")
    .graph(
        {
            (_asking := recorded("asking", suspend_once)): [],
            (_other := gives("other", 1)): [],
            recorded("B", lambda _, ctx: {"asking": ctx.get_step_result("asking")}): [_other],
        }
    )
    .commit()
)

mapped = (
    create_workflow(id="s39-mapped")
    .then(gives("A", {"deep": {"x": 5}, "arr": [1, {"k": 2}]}))
    .map(
        {
            "x": map_variable(step="A", path="deep.x"),
            "all": map_variable(step="A", path="."),
            "k": map_variable(step="A", path="arr.1.k"),
            "c": constant(7),
            "f": lambda ctx: ctx.input_data["deep"]["x"] + 1,
            "i": map_variable(init_data=True, path="v"),
            "rc": from_context("tenant"),
        }
    )
    .commit()
)

by_function = (
    create_workflow(id="s40-function")
    .then(gives("A", {"value": 1}))
    .map(asked("mapping", lambda ctx: {"doubled": ctx.input_data["value"] * 2}))
    .then(recorded("B"))
    .commit()
)

renamed = (
    create_workflow(id="s41-renamed")
    .then(gives("A", {"value": "v"}))
    .map({"details": map_variable(step="A", path="value")})
    .then(recorded("B"))
    .commit()
)

unnamed = create_workflow(id="s42-unnamed").then(recorded("A")).map(lambda ctx: {"n": 1}).commit()
named = (
    create_workflow(id="s42-named")
    .then(recorded("A"))
    .map(lambda ctx: {"n": 1}, id="custom")
    .commit()
)

passing = (
    create_workflow(id="s45-passing")
    .then(recorded("A"))
    .map(lambda ctx: ctx.input_data)
    .then(recorded("B"))
    .commit()
)


def refuse(_: Any) -> Any:
    raise ValueError("this mapping is broken")


raising = (
    create_workflow(id="s49-raising")
    .then(recorded("A"))
    .map(refuse, id="broken")
    .then(recorded("B"))
    .commit()
)


def _knows(ctx: Any) -> bool:
    return ctx.get_step_result("A") == {"n": 1} and ctx.get_init_data() == {"n": 0}


knowing = (
    create_workflow(id="s53-knowing")
    .then(recorded("A", lambda value: {"n": value["n"] + 1}))
    .branch([(asked("condition", _knows), recorded("arm"))])
    .dountil(recorded("round"), asked("until", _knows))
    .sleep(asked("span", lambda ctx: 0 if _knows(ctx) else 3600))
    .then(recorded("end"))
    .commit()
)
