"""What is run in a simulation, and what must come of it whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from executions_app.engine.statuses import ExecutionStatus
from tests.language.random_definitions import (
    ALL_KINDS,
    BODIES,
    CHILD_DEFINITION,
    EVENT,
    SELF_RUNNING,
    seeded_definition,
)
from tests.semantics.reference import Reference
from workflows_app.authoring import StepContext, create_step, workflow_from_definition
from workflows_app.authoring.registry import registry

ANSWER: Mapping[str, Any] = {"approved": True}
REFERENCE = Reference(bodies=BODIES, child=CHILD_DEFINITION, event=7, answer=ANSWER)
#: A step of this name fails the first time it is tried, and has a retry.
SHAKY = "shaky_"
RETRY = {"attempts": 1, "delay": 20}


Body = Callable[[Any, StepContext], Any]


class Hiccup(Exception):
    """A failure that does not come again."""


@dataclass(slots=True)
class Diary:
    """What bodies did: how often each was called, by the key it shows to the outside."""

    calls: Counter[str] = field(default_factory=Counter)
    pause: Callable[[], None] = lambda: None
    """Hands over in the middle of a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One definition, an input, and what it comes to."""

    definition: Mapping[str, Any]
    number: int
    status: str
    result: Any

    def is_told_by(self, status: str, result: Any) -> bool:
        """Whether an execution that nobody cancelled came to the right end."""
        if status != self.status:
            return False
        return status != ExecutionStatus.COMPLETED or result == self.result


def story_of(random: Random) -> Story:
    """Return a story: with questions and events, or with failures."""
    fails = random.random() < 0.3
    kinds = SELF_RUNNING | {"workflow"} if fails else ALL_KINDS - {"bail"}
    definition = seeded_definition(random, kinds=kinds, depth=2, width=3, failures=fails)
    number = random.randint(-3, 3)
    status, result = REFERENCE.run(definition, {"n": number})
    _make_it_take_time(definition, random)
    return Story(definition=definition, number=number, status=status, result=result)


def _make_it_take_time(scope: Any, random: Random) -> None:
    """Let sleeps last, and some steps need a second attempt: neither changes a result."""
    for node in scope.get("nodes", []):
        if node["type"] == "sleep":
            node["seconds"] = random.choice([0, 1, 45])
        elif node["type"] == "step" and random.random() < 0.25:
            node |= {"step": SHAKY + node["step"], "retry": RETRY}
        for body in [node.get("body"), *(case.get("body") for case in node.get("cases", []))]:
            _make_it_take_time(body or {}, random)


@contextmanager
def known_steps(diary: Diary) -> Iterator[None]:
    """Know the steps that stories name while the block runs; what they do stands in ``diary``."""
    bodies = {name: _writing(body, diary) for name, body in BODIES.items()}
    bodies |= {SHAKY + name: _shaky(body) for name, body in bodies.items()}
    known = {name: registry._steps.pop(name, None) for name in bodies}
    for name, body in bodies.items():
        registry.add_step(create_step(id=name, execute=body))
    workflow_from_definition(CHILD_DEFINITION)
    try:
        yield
    finally:
        for name, before in known.items():
            registry._steps.pop(name)
            if before is not None:
                registry._steps[name] = before


def _writing(body: Callable[[Any], Any], diary: Diary) -> Body:
    def execute(value: Any, ctx: StepContext) -> Any:
        diary.calls[ctx.idempotency_key] += 1
        diary.pause()
        return body(value)

    return execute


def _shaky(body: Body) -> Body:
    def execute(value: Any, ctx: StepContext) -> Any:
        if ctx.retry_count == 0:
            raise Hiccup("the first time always")
        return body(value, ctx)

    return execute


__all__ = ["ANSWER", "EVENT", "Diary", "Story", "known_steps", "story_of"]
