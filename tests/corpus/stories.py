"""The executions that are stored: what they run, how far they come, and what lets them finish.

Each is stored once a format.  A body here may never come to mean something else: files of earlier
formats are finished by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from executions_app.run import Run
from executions_app.testing import Engine
from workflows_app.authoring import (
    NonRetryableError,
    Retry,
    StepContext,
    Workflow,
    constant,
    create_step,
    create_workflow,
    from_path,
    use_workflow,
)
from workflows_app.connectors.base import registry as tools

#: A verb and its arguments, as :func:`tests.corpus.finishing.finish` knows them.
Move = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One execution, told so far."""

    name: str
    flow: str
    given: Any = None
    so_far: Callable[[Engine, Run], object] = lambda engine, run: engine.run_until_idle()
    """What happens after the start and before it is stored."""
    finish: Sequence[Move] = ()
    """What lets it end after that; nothing for one that has ended."""
    options: dict[str, Any] | None = None
    """Of the start."""


# -- bodies ---------------------------------------------------------------------------------------


def _shaky(value: Any, ctx: StepContext) -> Any:
    if ctx.retry_count < 2:
        raise OSError(f"try {ctx.retry_count} fails")
    return value * 10


def _ask(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"asks": value}, label="boss")
    return {"asked": value, "said": ctx.resume_data}


def _share(value: Any, ctx: StepContext) -> Any:
    ctx.set_state({"seen": [*ctx.state.get("seen", []), value]})
    ctx.logger.info("shared %s", value)
    ctx.writer.write({"shared": value})
    return value


def _refuse(value: Any) -> Any:
    raise NonRetryableError("never")


def _refuse_odd(value: Any) -> Any:
    if value % 2:
        raise NonRetryableError(f"{value} is odd")
    return value


def _step(id: str, body: Callable[..., Any], **options: Any) -> Any:
    return create_step(id=f"corpus-{id}", execute=body, **options)


def workflows() -> dict[str, Workflow]:
    """Define everything that is run, and return it by name."""
    one = _step("one", lambda value: value + 1)
    double = _step("double", lambda value: value * 2)
    total = _step("total", lambda value: sum(value.values()))
    added = _step("added", lambda value: sum(value))
    shaky = _step("shaky", _shaky)
    ask, share = _step("ask", _ask), _step("share", _share)
    refuse, picky = _step("refuse", _refuse), _step("picky", _refuse_odd)
    spoken = create_step(tools.get("template"), id="corpus-spoken")

    def flow(name: str, **options: Any) -> Any:
        return create_workflow(id=f"corpus-{name}", **options)

    until = datetime(2030, 1, 1, 0, 5, tzinfo=UTC)
    flow("inner").then(one).then(ask).commit()
    flow("inner-plain").then(one).sleep(30).then(double).commit()
    made = [
        flow("line").then(one).map({"n": from_path("input")}).map({"n": from_path("input.n")}),
        flow("retrying", retry=Retry(attempts=3, delay=60)).then(one).then(shaky),
        flow("arms").then(one).parallel([one_of("left"), one_of("right")]).then(total),
        flow("branches").branch(
            [("input > 1", one), ("input > 2", double), ("input > 100", refuse)]
        ),
        flow("first").branch([("input > 1", one), ("input > 0", double)], mode="first"),
        flow("while").dowhile(one, "input < 4", max_iterations=20),
        flow("until").dountil(use_workflow("corpus-inner-plain", id="round"), "input > 5"),
        flow("each").foreach(one, concurrency=2).then(added),
        flow("each-asks").foreach(ask, concurrency=2),
        flow("each-nested").foreach(use_workflow("corpus-inner-plain", id="item"), concurrency=3),
        flow("nested").then(one).then(use_workflow("corpus-inner", id="in")),
        flow("asks").then(one).then(ask),
        flow("asks-twice").parallel([ask, asking("second")]),
        flow("event").wait_for_event("paid", timeout=600).map({"paid": from_path("input")}),
        flow("event-step").wait_for_event("paid", one_of("with")),
        flow("approval").approval(
            "ok", title="Pay?", form=FORM, assignees=["group:finance"], deadline=900
        ),
        flow("sleeps").then(one).sleep(90).then(double),
        flow("sleeps-until").sleep_until(until).then(double),
        flow("bails").then(one).bail({"early": from_path("input")}).then(double),
        flow("shares").foreach(share).then(_step("size", len)),
        flow("tool")
        .map({"template": constant("Dear {{ input.name }}"), "values": from_path("inputs")})
        .then(spoken),
        flow("fails").then(one).then(refuse).then(double),
        flow("forgives").then(one).then(_step("forgiven", _refuse, on_error="skip")).then(share),
        flow("picky-each").foreach(picky),
        flow("limited", concurrency=1).sleep(60).then(double),
        flow("timed", timeout=120).sleep(300),
    ]
    return {it.id.removeprefix("corpus-"): it.commit() for it in made}


def one_of(name: str) -> Any:
    return _step(name, lambda value: value + 1)


def asking(name: str) -> Any:
    return _step(name, _ask)


FORM = {
    "type": "object",
    "properties": {"approved": {"type": "boolean"}},
    "required": ["approved"],
}


# -- what happens to them --------------------------------------------------------------------------


def steps(count: int) -> Callable[[Engine, Run], object]:
    """Let ``count`` things be done, whenever they are due."""
    return lambda engine, run: [engine.work() for _ in range(count)]


def _pause(engine: Engine, run: Run) -> None:
    engine.run_until_idle()
    run.pause(by="ada", reason="lunch")


def _lose(step: str) -> Callable[[Engine, Run], None]:
    def lose(engine: Engine, run: Run) -> None:
        engine.crash_before(step)
        engine.run_until_idle()

    return lose


def _cancel(engine: Engine, run: Run) -> None:
    engine.run_until_idle()
    run.cancel(by="ada", reason="ordered twice")


def _then(*acts: Callable[[Engine, Run], object]) -> Callable[[Engine, Run], None]:
    def do(engine: Engine, run: Run) -> None:
        for act in acts:
            act(engine, run)
            engine.run_until_idle()

    return do


def _idle(engine: Engine, run: Run) -> None:
    engine.run_until_idle()


def _skip_the_refused(engine: Engine, run: Run) -> None:
    run.skip("corpus-refuse", output=7)


def _travel(engine: Engine, run: Run) -> None:
    run.time_travel("corpus-double", input_data=50)


PASS: Move = ["advance", 3_600]
ANSWER: Move = ["resume", None, "yes"]


def every() -> list[Story]:
    """Return all stories."""
    return [*_named(), *_halfway()]


def _named() -> list[Story]:
    story = Story
    return [
        story(name="completed", flow="line", given=1),
        story(name="completed-shares", flow="shares", given=[1, 2, 3]),
        story(name="completed-tool", flow="tool", given={"name": "Ada"}),
        story(name="completed-early", flow="bails", given=1),
        story(name="failed", flow="fails", given=1),
        story(name="failed-each", flow="picky-each", given=[2, 3, 4]),
        story(name="forgiven", flow="forgives", given=1),
        story(name="cancelled", flow="sleeps", given=1, so_far=_cancel),
        story(name="cancelled-inside", flow="nested", given=1, so_far=_cancel),
        story(
            name="timed-out",
            flow="timed",
            given=1,
            so_far=lambda engine, run: engine.advance(200),
        ),
        story(name="paused", flow="sleeps", given=1, so_far=_pause, finish=[["unpause"], PASS]),
        story(
            name="paused-asking",
            flow="nested",
            given=1,
            so_far=_pause,
            finish=[["unpause"], ANSWER],
        ),
        story(
            name="step-by-step",
            flow="arms",
            given=1,
            options={"per_step": True},
            finish=[["unpause"], PASS],
        ),
        story(name="retried-later", flow="retrying", given=1, finish=[PASS]),
        story(
            name="worker-lost", flow="retrying", given=1, so_far=_lose("corpus-one"), finish=[PASS]
        ),
        story(
            name="worker-lost-inside",
            flow="each-nested",
            given=[1, 2],
            so_far=_lose("corpus-one"),
            finish=[PASS],
        ),
        story(name="suspended", flow="asks", given=1, finish=[ANSWER]),
        story(
            name="suspended-twice",
            flow="asks-twice",
            given=1,
            finish=[["resume", "corpus-second", "b"], ["resume", "corpus-ask", "a"]],
        ),
        story(
            name="suspended-half",
            flow="asks-twice",
            given=1,
            so_far=_then(_idle, lambda engine, run: run.resume("corpus-ask", resume_data="a")),
            finish=[["resume", "corpus-second", "b"]],
        ),
        story(name="suspended-each", flow="each-asks", given=[1, 2, 3], finish=[ANSWER, ANSWER]),
        story(name="suspended-inside", flow="nested", given=1, finish=[ANSWER]),
        story(
            name="approval", flow="approval", given=1, finish=[["resume", "ok", {"approved": True}]]
        ),
        story(name="approval-late", flow="approval", given=1, finish=[PASS]),
        story(name="event", flow="event", given=1, finish=[["event", "paid", {"cents": 5}]]),
        story(name="event-late", flow="event", given=1, finish=[PASS]),
        story(
            name="event-early",
            flow="event-step",
            given=1,
            so_far=lambda engine, run: run.send_event("later", 3),
            finish=[["event", "paid", 4]],
        ),
        story(name="sleeping", flow="sleeps", given=1, finish=[PASS]),
        story(name="sleeping-until", flow="sleeps-until", given=1, finish=[PASS]),
        story(
            name="reopened-by-retry",
            flow="fails",
            given=1,
            so_far=_then(_idle, lambda engine, run: run.retry()),
        ),
        story(
            name="reopened-by-skip", flow="fails", given=1, so_far=_then(_idle, _skip_the_refused)
        ),
        story(
            name="reopened-by-travel",
            flow="sleeps",
            given=1,
            so_far=_then(lambda engine, run: engine.advance(200), _travel),
        ),
        story(
            name="reopened-asleep",
            flow="sleeps",
            given=1,
            so_far=_then(
                lambda engine, run: engine.advance(200),
                lambda engine, run: run.time_travel_async("corpus-one", input_data=5),
            ),
            finish=[PASS],
        ),
        story(name="queued", flow="limited", given=1, finish=[PASS]),
    ]


def _halfway() -> list[Story]:
    """Return executions that were stored after each of some moves."""
    asked: list[tuple[str, Any, tuple[int, ...]]] = [
        ("line", 1, (0, 1)),
        ("retrying", 1, (2, 3)),
        ("arms", 1, (1, 2, 3)),
        ("branches", 3, (0, 1)),
        ("first", 1, (0,)),
        ("while", 1, (1, 2)),
        ("until", 1, (1, 2, 4)),
        ("each", [1, 2, 3, 4], (1, 2, 3)),
        ("each-nested", [1, 2, 3, 4], (1, 3, 5, 7)),
        ("shares", [1, 2, 3], (1, 2)),
        ("tool", {"name": "Ada"}, (0,)),
        ("forgives", 1, (1,)),
        ("picky-each", [2, 3, 4], (1,)),
    ]
    return [
        Story(
            name=f"{flow}-after-{count}", flow=flow, given=given, so_far=steps(count), finish=[PASS]
        )
        for flow, given, counts in asked
        for count in counts
    ]
