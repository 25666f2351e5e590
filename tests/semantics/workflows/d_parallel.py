"""Section D: arms side by side."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import gives, recorded, wait_for_begun, wait_for_ended
from workflows_app.authoring import StepContext, create_workflow

ARMS = ("one", "two", "three")


def meet(_: Any, ctx: StepContext) -> str:
    for arm in ARMS:
        wait_for_begun(ctx, arm)
    return ctx.step_id


def after_the_others(_: Any, ctx: StepContext) -> str:
    for arm in ("a", "mm"):
        wait_for_ended(ctx, arm)
    return "last"


def fail(_: object) -> None:
    raise ValueError("this arm is bad")


pair = (
    create_workflow(id="s54-pair")
    .parallel([gives("a", {"value": "step1"}), gives("b", {"value": "step2"})])
    .commit()
)

joined = (
    create_workflow(id="s55-joined")
    .parallel([gives("a", {"value": "step1"}), gives("b", {"value": "step2"})])
    .then(recorded("c"))
    .commit()
)

meeting = create_workflow(id="s56-meeting").parallel([recorded(arm, meet) for arm in ARMS]).commit()

#: Neither by time nor by any order of names is the first arm the first.
slow_first = (
    create_workflow(id="s57-slow-first")
    .parallel([recorded("zz-slow", after_the_others), gives("a", "first"), gives("mm", "second")])
    .then(recorded("next"))
    .commit()
)

consecutive = (
    create_workflow(id="s58-consecutive")
    .parallel(
        [
            recorded("step1", lambda value: {"result1": f"{value['input']}-processed"}),
            recorded("step2", lambda value: {"result2": f"{value['input']}-transformed"}),
        ]
    )
    .parallel(
        [
            recorded(
                "step3",
                lambda value: {
                    "result3": f"combined-{value['step1']['result1'].split('-')[1]}-"
                    f"{value['step2']['result2']}"
                },
            ),
            recorded("step4", lambda value: {"result4": sorted(value)}),
        ]
    )
    .commit()
)

one_fails = (
    create_workflow(id="s59-one-fails")
    .parallel([gives("ok", 1), recorded("bad", fail)])
    .then(recorded("d"))
    .commit()
)
