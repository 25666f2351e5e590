"""Section G: a body for each item of a list."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import recorded, take, wait_for_begun, wait_for_ended
from workflows_app.authoring import StepContext, create_workflow

#: How long a body takes where the scenario measures.
DELAY_SECONDS = 0.1


def _add_eleven(item: dict[str, int]) -> dict[str, int]:
    take(DELAY_SECONDS)
    return {"value": item["value"] + 11}


def _total(items: list[dict[str, int]]) -> dict[str, int]:
    return {"total": sum(item["value"] for item in items)}


def _adding(id: str, concurrency: int, body: Any = _add_eleven) -> Any:
    return (
        create_workflow(id=id)
        .foreach(recorded("map", body), concurrency=concurrency)
        .then(recorded("final", _total))
        .commit()
    )


one_at_a_time = _adding("s105-one-at-a-time", 1)


def _all_together(item: dict[str, int], ctx: StepContext) -> dict[str, int]:
    wait_for_begun(ctx, "map", times=3)
    return {"value": item["value"] + 11}


three_at_a_time = _adding("s106-three-at-a-time", 3, _all_together)


def _in_pairs(item: int, ctx: StepContext) -> int:
    assert ctx.index is not None
    wait_for_begun(ctx, "map", times=2 if ctx.index < 2 else 4)
    take(DELAY_SECONDS)
    return item * 10


two_at_a_time = (
    create_workflow(id="s107-two-at-a-time")
    .foreach(recorded("map", _in_pairs), concurrency=2)
    .commit()
)


def _first_is_last(item: str, ctx: StepContext) -> str:
    if ctx.index == 0:
        wait_for_ended(ctx, "map", times=3)
    return item.upper()


sliding = (
    create_workflow(id="s108-sliding")
    .foreach(recorded("map", _first_is_last), concurrency=2)
    .commit()
)


def _later_first(item: str, ctx: StepContext) -> str:
    assert ctx.index is not None
    wait_for_ended(ctx, "map", times=2 - ctx.index)
    return item.upper()


reversed_ends = (
    create_workflow(id="s109-reversed-ends")
    .foreach(recorded("map", _later_first), concurrency=3)
    .commit()
)

empty = create_workflow(id="s110-empty").foreach(recorded("map")).then(recorded("next")).commit()

generated = (
    create_workflow(id="s111-generated")
    .then(recorded("generate", lambda value: [n + 1 for n in range(value["count"])]))
    .foreach(recorded("double", lambda n: n * 2))
    .then(recorded("sum", sum))
    .commit()
)


def _linger(item: int) -> int:
    take(0.02)
    return item


#: The number is worked out when the foreach is reached.
bounded = (
    create_workflow(id="s112-bounded")
    .foreach(recorded("map", _linger), concurrency=lambda ctx: ctx.get_init_data()[0])
    .commit()
)
