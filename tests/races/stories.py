"""Telling a race many times: stories, what they are told with, and how many came out wrong."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django.db import connection

from executions_app.engine.outcomes import Outcome, Succeeded
from executions_app.models import Event, Execution
from executions_app.operations.audit import differences, orphans
from executions_app.operations.record_attempt import record_outcome
from executions_app.operations.start_execution import start_execution
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt
from tests.journal.histories import STEP_ID, ListBroker, journal_step, list_broker, publish
from tests.journal.history_laws import broken_laws
from tests.races.side_by_side import dismiss
from workflows_app.models import Workflow

T = TypeVar("T")
Definition = Mapping[str, Any]


@dataclass(slots=True)
class Stage:
    """What one telling has: its number, chance, and a broker that is a list."""

    broker: ListBroker
    rng: random.Random
    number: int = 0
    workflows: dict[str, Workflow] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    kept: dict[Any, Any] = field(default_factory=dict)

    def keep(self, what: Callable[[], AbstractContextManager[T]]) -> T:
        """Return what ``what`` opens, once for all tellings."""
        if what not in self.kept:
            self.kept[what] = self.stack.enter_context(what())
        return self.kept[what]

    def start(self, name: str, definition: Callable[[], Definition], **options: Any) -> Execution:
        """Start the workflow of this name, defined once; the broker has its messages alone."""
        if name not in self.workflows:
            self.workflows[name] = publish({}, **definition())
        self.broker.waiting.clear()
        return start_execution(self.workflows[name], **options)

    def claims(self) -> list[Claim]:
        """Deliver all that was sent and return what it led to."""
        waiting = list(self.broker.waiting)
        self.broker.waiting.clear()
        found = [claim_attempt(due.step_run_id, due.attempt) for due in waiting]
        return [claim for claim in found if claim is not None]

    def finish(self, execution: Execution, *, status: str = "completed") -> None:
        """Let workers do what is left, and assert how it ended and that the laws hold."""
        while claims := self.claims():
            for claim in claims:
                assert done(claim) is True
        self.check(execution, status=status)

    def check(self, execution: Execution, *, status: str) -> None:
        """Assert how an execution stands, and that the laws hold."""
        found = Execution.objects.values_list("status", flat=True).get(pk=execution.pk)
        assert found == status, f"{found}, not {status}"
        assert differences(execution.pk) == []
        assert broken_laws(execution.pk) == []


Telling = Callable[[Stage], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One race."""

    fault: str
    """The row of the fault table that it is a figure of."""
    times: int
    """How often it is told for that figure."""
    tell: Telling
    database: str = ""
    """The only one on which it can happen, as Django calls it."""

    @property
    def can_happen(self) -> bool:
        return self.database in ("", connection.vendor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often a race was told, and how often it came out wrong."""

    fault: str
    name: str
    tried: int
    failed: int
    seed: int
    first_failure: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


STORIES: dict[str, Story] = {}


def story(fault: str, *, times: int, database: str = "") -> Callable[[Telling], Telling]:
    """Make a function the telling of a race; its name is the story's."""

    def added(tell: Telling) -> Telling:
        STORIES[tell.__name__] = Story(fault=fault, times=times, tell=tell, database=database)
        return tell

    return added


def tally(name: str, *, times: int | None = None, seed: int = 0) -> Tally:
    """Tell a story ``times`` times, or as often as its figure asks; return how that came out.

    Needs the tables, and no workers that would take what is due.
    """
    chosen = STORIES[name]
    failed, first, count = 0, "", times or chosen.times
    with stage(seed) as on:
        for number in range(count):
            on.number = number
            try:
                chosen.tell(on)
            except Exception as error:  # also those of assertions: the others are still told
                failed += 1
                first = first or f"at {number}: {error!r}"
        forgotten = list(orphans())
    if forgotten and not failed:
        failed, first = len(forgotten), f"forgotten: {forgotten[:3]}"
    return Tally(
        fault=chosen.fault, name=name, tried=count, failed=failed, seed=seed, first_failure=first
    )


@contextmanager
def stage(seed: int) -> Iterator[Stage]:
    """Open a stage; its threads end with the block."""
    with journal_step(), list_broker() as broker:
        made = Stage(broker, random.Random(seed))
        try:
            with made.stack:
                yield made
        finally:
            dismiss()


def step(node_id: str, **options: Any) -> dict[str, Any]:
    """Return a node that is a step."""
    return {"id": node_id, "type": "step", "step": STEP_ID, **options}


def done(claim: Claim, outcome: Outcome | None = None) -> bool:
    """Record what an attempt came to, a success unless said otherwise."""
    return record_outcome(claim, Attempt(outcome=outcome or Succeeded(output=1)))


def told(execution: Execution, kind: str, **data: Any) -> int:
    """Return how many facts of a kind an execution's log has."""
    facts = Event.objects.filter(execution_id=execution.pk, type=kind)
    return sum(all(fact.data.get(k) == v for k, v in data.items()) for fact in facts)
