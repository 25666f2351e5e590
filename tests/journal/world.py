"""A world small enough to be played with: executions, messages, workers and a clock in one process.

The journal's functions are the real ones, on the database of the test run.  What a worker does
between them (claiming, trying, recording) happens in moves of its own, so that anything may come
in between.  Refuses to commit: leaving a world undoes it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Sum

from executions_app import inline
from executions_app.dispatch import Due
from executions_app.engine.statuses import FINAL
from executions_app.inline import Inline
from executions_app.models import Execution, StepRun
from executions_app.operations.audit import differences, orphans
from executions_app.operations.pause import unpause_execution
from executions_app.operations.record_attempt import announce, record_outcome
from executions_app.operations.rescue import rescue
from executions_app.operations.resume import resume_execution
from executions_app.operations.send_event import send_event
from executions_app.runner.claim import Claim, claim_attempt, renew
from executions_app.runner.execute import run_attempt
from executions_app.runner.give_back import give_back
from executions_app.runner.told import Told
from executions_app.suspensions import Suspension, suspensions_of
from executions_app.testing import EPOCH
from tests.journal.histories import ListBroker, commits_at_once, list_broker, rolled_back
from tests.journal.history_laws import broken_laws
from tests.language.random_definitions import BODIES, CHILD_DEFINITION, EVENT
from workflows_app import interface
from workflows_app.authoring import create_step, workflow_from_definition
from workflows_app.authoring.registry import registry
from workflows_app.interface import get_plan
from workflows_app.language.plan import Plan, node_of

ANSWER = {"approved": True}
#: Rounds after which an execution that has not ended never will.
_ROUNDS = 400
_LONG = timedelta(hours=1)


@dataclass(slots=True)
class World:
    """Everything that takes part; its methods are moves."""

    broker: ListBroker
    now: datetime = EPOCH
    fate: str = "succeed"
    """What the next body does: succeed, fail, ask or bail."""
    roots: list[str] = field(default_factory=list)
    held: list[Claim] = field(default_factory=list)
    """Attempts in the hands of workers that live."""
    stale: list[Claim] = field(default_factory=list)
    """Those of workers that stand still, and may go on when nobody expects them to."""

    _marks: Counter[str] = field(default_factory=Counter)

    # -- what workers and the broker do -----------------------------------------------------------

    def start(self, definition: Mapping[str, Any], number: int) -> None:
        name = f"run-{len(self.roots) + 1}"
        workflow = workflow_from_definition(definition, id=f"random-{name}")
        workflow.create_run(name).start_async(input_data={"n": number})
        self.roots.append(name)

    def messages(self) -> list[Due]:
        """Return what the broker has, in an order that is the same whenever a story is retold."""
        rows = StepRun.objects.in_bulk([due.step_run_id for due in self.broker.waiting])
        gone = [due for due in self.broker.waiting if due.step_run_id not in rows]

        def place(due: Due) -> tuple[Any, ...]:
            row = rows.get(due.step_run_id)
            return (
                (row.execution_id, row.node_id, due.attempt) if row else ("", "", gone.index(due))
            )

        self.broker.waiting.sort(key=place)
        return self.broker.waiting

    def deliver(self, due: Due) -> Claim | None:
        """Let a worker take a message as far as the claim."""
        claim = claim_attempt(due.step_run_id, due.attempt)
        if claim is not None:
            assert all(other.step_run_id != claim.step_run_id for other in self.held)
            self.held.append(claim)
        return claim

    def work(self, claim: Claim, fate: str) -> bool:
        """Run the body and record what it came to; return whether that counted."""
        self.fate = fate
        plan = get_plan(claim.version_id)
        told = Told(claim.node_id, claim.attempt)
        is_cancelled = partial(_is_stopping, claim.execution_id)
        node = plan.by_id[node_of(claim.node_id)]
        tried = run_attempt(claim, plan, node, told, is_cancelled=is_cancelled)
        counted = record_outcome(claim, tried, told)
        assert not record_outcome(claim, tried, told), "an outcome counted twice"
        return counted

    def come_late(self, claim: Claim, fate: str) -> None:
        """Let a worker that stood still go on; it counts only if nobody has freed its attempt."""
        row = StepRun.objects.filter(pk=claim.step_run_id).first()
        is_its = row is not None and row.epoch == claim.epoch and row.claimed_at is not None
        before = self.seq(claim.root_id)
        if not is_its:
            announce(claim)
            assert not give_back(claim)

        assert self.work(claim, fate) == is_its
        assert is_its or self.seq(claim.root_id) == before

    def pass_time(self, seconds: float) -> None:
        """Let time pass; workers that live keep what they have."""
        self.now += timedelta(seconds=seconds)
        renew(self.held)

    def stand_still(self, claim: Claim) -> None:
        """Let a worker do nothing more until it comes late, if it does."""
        self.held.remove(claim)
        self.stale.append(claim)

    def body(self, name: str, value: Any, context: Any) -> Any:
        match self.fate:
            case "fail":
                raise ValueError("planned")
            case "ask" if context.resume_data is None:
                return context.suspend({"asked by": name})
            case "bail":
                return context.bail(value)
        return BODIES[name](value)

    # -- what can be seen -------------------------------------------------------------------------

    def seq(self, root_id: str) -> int:
        return Execution.objects.values_list("last_seq", flat=True).get(pk=root_id)

    def status(self, root_id: str) -> str:
        return Execution.objects.values_list("status", flat=True).get(pk=root_id)

    def open_roots(self) -> list[str]:
        """Return the executions that have not ended, in the order in which they began."""
        ended = Execution.objects.filter(pk__in=self.roots, status__in=FINAL)
        return sorted(set(self.roots).difference(ended.values_list("pk", flat=True)))

    def questions(self, root_id: str) -> list[Suspension]:
        return suspensions_of(Execution.objects.get(pk=root_id))

    def check(self) -> None:
        """Assert every law that holds after every move."""
        for root_id in self._changed():
            assert differences(root_id) == []
            assert broken_laws(root_id) == []
        assert list(orphans()) == []

    def _changed(self) -> list[str]:
        """Return the executions in which anything was written since this was asked last."""
        seqs = Execution.objects.filter(pk__in=self.roots).values_list("pk", "last_seq")
        epochs = StepRun.objects.values_list("root_id").annotate(Sum("epoch")).order_by()
        marks = Counter(dict(seqs)) + Counter(dict(epochs))
        before, self._marks = self._marks, marks
        return [root for root in self.roots if marks[root] != before[root]]

    # -- the end ----------------------------------------------------------------------------------

    def finish(self) -> None:
        """Whatever happened: with workers that do their work and people who answer, all ends.

        Those that stand still never come back.
        """
        for _ in range(_ROUNDS):
            live = [root for root in self.roots if self.status(root) not in FINAL]
            if not live:
                return
            for claim in self.held:
                self.work(claim, "succeed")
            self.held = []
            self.now += _LONG
            rescue()
            for message in list(self.messages()):
                self.deliver(message)
            self.broker.waiting.clear()
            if not self.held:
                for root in self.open_roots():
                    self._help(root)
        raise AssertionError(f"{live} do not end")

    def _help(self, root_id: str) -> None:
        if self.status(root_id) == "paused":
            unpause_execution(root_id)
        elif asked := self.questions(root_id):
            answer(root_id, asked[0])
        elif StepRun.objects.filter(root_id=root_id, status="waiting", event=EVENT).exists():
            send_event(root_id, event=EVENT, data=7)


def answer(root_id: str, asked: Suspension) -> None:
    """Answer one question."""
    resume_execution(root_id, step=[*asked.path[:-1], asked.key], data=ANSWER)


def _is_stopping(execution_id: str) -> bool:
    return Execution.objects.filter(pk=execution_id).exclude(stopping="").exists()


@contextmanager
def world() -> Iterator[World]:
    """Open a world of its own; everything in it is forgotten when the block ends."""
    with ExitStack() as stack:
        stack.enter_context(rolled_back())
        stack.enter_context(commits_at_once())
        made = World(stack.enter_context(list_broker()))
        stack.enter_context(_quiet())
        stack.enter_context(_known_to_all(made))
        stack.enter_context(_plans_read_once())
        before = inline.active
        stack.callback(setattr, inline, "active", before)
        inline.active = Inline(now=lambda: made.now, work=lambda: False, is_cancelled=_is_stopping)
        yield made


@contextmanager
def _quiet() -> Iterator[None]:
    """Write no log: what is said of faults here is said thousands of times."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def _plans_read_once() -> Iterator[None]:
    """Keep plans, as outside transactions; let them go before their numbers are used again."""
    read, plans = interface._read_plan, dict[int, Plan]()

    def kept(version_id: int) -> Plan:
        if version_id not in plans:
            plans[version_id] = read(version_id)
        return plans[version_id]

    interface._read_plan = kept
    try:
        yield
    finally:
        interface._read_plan = read


@contextmanager
def _known_to_all(made: World) -> Iterator[None]:
    """Know the steps and the nested workflow that random definitions name."""
    before = {name: registry._steps.pop(name, None) for name in BODIES}
    for name in BODIES:
        registry.add_step(create_step(id=name, execute=partial(made.body, name)))
    workflow_from_definition(CHILD_DEFINITION)
    try:
        yield
    finally:
        for name, steps in before.items():
            registry._steps.pop(name)
            if steps is not None:
                registry._steps[name] = steps
