"""Whatever happens to several executions at once, in whatever order: every law holds after each
move, and in the end everything ends.

``CELERIAC_MACHINE_EXAMPLES=1000`` tells more stories than there is time for on every push.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from executions_app.errors import ResumeRefused
from executions_app.models import StepRun
from executions_app.operations.cancel import cancel_execution, time_out_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.record_attempt import announce
from executions_app.operations.rescue import rescue
from executions_app.operations.restart import restart_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.skip import skip_step
from executions_app.runner.give_back import give_back
from tests.journal.world import answer, world
from tests.language.random_definitions import ALL_KINDS, EVENT, definitions
from workflows_app.authoring.errors import WorkflowError

#: The histories are the same on any database, and the statements few: PostgreSQL sees a part.
EXAMPLES = int(
    os.environ.get("CELERIAC_MACHINE_EXAMPLES", "15" if connection.vendor == "sqlite" else "6")
)
MOVES = 40
EXECUTIONS = 3

pytestmark = pytest.mark.django_db(transaction=True)
RESTING = ("suspended", "waiting", "retrying", "failed")
COMMANDS = (
    cancel_execution,
    time_out_execution,
    pause_execution,
    unpause_execution,
    retry_execution,
    restart_execution,
)
#: Which of several is meant: the same one when a story is told again.
any_of = st.integers(0, 30)
fates = st.sampled_from(["succeed", "fail", "ask", "succeed", "bail"])


@st.composite
def retried_definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Return a definition some of whose steps are tried again when they fail, and some of whose
    waits have an end."""
    races = draw(st.booleans())
    found = draw(
        definitions(kinds=ALL_KINDS, failures=True, races=races, depth=2).filter(
            lambda definition: len(definition["nodes"]) > 1
        )
    )
    for node in found["nodes"]:
        if node["type"] == "step" and draw(st.booleans()):
            node["retry"] = {"attempts": 1, "delay": draw(st.sampled_from([0, 30]))}
        end = {"wait_for_event": "timeout", "approval": "deadline"}.get(node["type"])
        if end and draw(st.booleans()):
            node[end] = 60
    return found


class Life(RuleBasedStateMachine):
    """Executions, what befalls their workers and messages, and what people tell them to do."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world = self.stack.enter_context(world())

    def teardown(self) -> None:
        with self.stack:
            self.world.finish()
            self.world.check()

    @initialize(found=st.tuples(retried_definitions(), retried_definitions()))
    def begin(self, found: tuple[dict[str, Any], ...]) -> None:
        for number, definition in enumerate(found):
            self.world.start(definition, number)

    @invariant()
    def every_law_holds(self) -> None:
        self.world.check()

    # -- executions and their messages ------------------------------------------------------------

    @precondition(lambda self: len(self.world.roots) < EXECUTIONS)
    @rule(definition=retried_definitions(), number=st.integers(-3, 3))
    def start(self, definition: dict[str, Any], number: int) -> None:
        self.world.start(definition, number)

    @precondition(lambda self: self.world.broker.waiting)
    @rule(which=any_of, is_doubled=st.booleans())
    def deliver(self, which: int, is_doubled: bool) -> None:
        message = _pick(self.world.messages(), which)
        self.world.deliver(message)
        if not is_doubled:
            self.world.broker.waiting.remove(message)

    @precondition(lambda self: self.world.broker.waiting)
    @rule(which=any_of)
    def lose_a_message(self, which: int) -> None:
        self.world.broker.waiting.remove(_pick(self.world.messages(), which))

    @precondition(lambda self: len(self.world.broker.waiting) > 1)
    @rule()
    def flush(self) -> None:
        self.world.broker.waiting.clear()

    # -- workers ----------------------------------------------------------------------------------

    @precondition(lambda self: self.world.held)
    @rule(which=any_of, fate=fates)
    def work(self, which: int, fate: str) -> None:
        claim = _pick(self.world.held, which)
        assert self.world.work(claim, fate)
        self.world.stand_still(claim)

    @precondition(lambda self: self.world.held)
    @rule(which=any_of)
    def announce(self, which: int) -> None:
        announce(_pick(self.world.held, which))

    @precondition(lambda self: self.world.held)
    @rule(which=any_of)
    def stop_the_worker(self, which: int) -> None:
        claim = _pick(self.world.held, which)
        assert give_back(claim)
        self.world.stand_still(claim)

    @precondition(lambda self: self.world.held)
    @rule(which=any_of)
    def stand_still(self, which: int) -> None:
        self.world.stand_still(_pick(self.world.held, which))

    @precondition(lambda self: self.world.stale)
    @rule(which=any_of, fate=fates)
    def come_late(self, which: int, fate: str) -> None:
        self.world.come_late(_pick(self.world.stale, which), fate)

    @precondition(lambda self: self.world.held)
    @rule(which=any_of, fate=fates, is_begun=st.booleans())
    def be_overtaken(self, which: int, fate: str, is_begun: bool) -> None:
        """A worker stands still, its attempt is taken up by another, and then it goes on."""
        claim = _pick(self.world.held, which)
        self.world.stand_still(claim)
        self.world.pass_time(40)
        rescue()
        for message in list(self.world.messages()) if is_begun else ():
            self.world.deliver(message)
        self.world.come_late(claim, fate)

    @rule(seconds=st.sampled_from([1, 5, 40]), is_rescued=st.booleans())
    def pass_time(self, seconds: float, is_rescued: bool) -> None:
        self.world.pass_time(seconds)
        if is_rescued:
            rescue()

    @precondition(lambda self: self.world.broker.waiting)
    @rule(count=st.integers(1, 6), fate=fates)
    def run_on(self, count: int, fate: str) -> None:
        """Nothing special: messages come, and workers do what they say."""
        for _ in range(count):
            messages = self.world.messages()
            claim = self.world.deliver(messages.pop(0)) if messages else None
            if claim is not None:
                self.work(self.world.held.index(claim), fate)

    # -- people -----------------------------------------------------------------------------------

    @precondition(lambda self: self.world.open_roots())
    @rule(which=any_of, is_timeout=st.booleans())
    def stop(self, which: int, is_timeout: bool) -> None:
        command = time_out_execution if is_timeout else cancel_execution
        self._tell(_pick(self.world.open_roots(), which), command)

    @precondition(lambda self: self.world.open_roots())
    @rule(which=any_of)
    def pause_or_go_on(self, which: int) -> None:
        root = _pick(self.world.open_roots(), which)
        is_paused = self.world.status(root) == "paused"
        self._tell(root, unpause_execution if is_paused else pause_execution)

    @precondition(lambda self: self._failed())
    @rule(which=any_of)
    def retry(self, which: int) -> None:
        self._tell(_pick(self._failed(), which), retry_execution)

    @precondition(lambda self: self.world.open_roots())
    @rule(which=any_of, count=st.integers(1, 2))
    def send_events(self, which: int, count: int) -> None:
        root = _pick(self.world.open_roots(), which)
        for _ in range(count):
            self._tell(root, lambda run: send_event(run, event=EVENT, data=7))

    @precondition(lambda self: self._questions())
    @rule(which=any_of)
    def answer_twice(self, which: int) -> None:
        root, asked = _pick(self._questions(), which)
        if self._tell(root, lambda run: answer(run, asked)):
            with pytest.raises(ResumeRefused):
                answer(root, asked)

    @precondition(lambda self: self._resting())
    @rule(which=any_of)
    def skip(self, which: int) -> None:
        root, key = _pick(self._resting(), which)
        self._tell(root, lambda run: skip_step(run, step=key, output=1))

    @precondition(lambda self: self.world.roots)
    @rule(which=any_of, command=st.sampled_from(COMMANDS))
    def command_what_may_not_fit(self, which: int, command: Callable[[str], object]) -> None:
        self._tell(_pick(self.world.roots, which), command)

    # -- inside -----------------------------------------------------------------------------------

    def _tell(self, root: str, command: Callable[[str], object]) -> bool:
        """Return whether an execution took a command; one that did not must be as it was."""
        before = self.world.seq(root)
        try:
            command(root)
        except WorkflowError:
            assert self.world.seq(root) == before
            return False
        return True

    def _failed(self) -> list[str]:
        return [root for root in self.world.roots if self.world.status(root) == "failed"]

    def _resting(self) -> list[tuple[str, str]]:
        rows = StepRun.objects.filter(execution_id__in=self.world.roots, status__in=RESTING)
        return sorted(rows.values_list("execution_id", "node_id"))

    def _questions(self) -> list[tuple[str, Any]]:
        return [(root, asked) for root in self.world.roots for asked in self.world.questions(root)]


def _pick(found: list[Any], which: int) -> Any:
    return found[which % len(found)]


def run_machine(machine: type[RuleBasedStateMachine], *, examples: int = EXAMPLES) -> None:
    """Tell stories of ``machine``, as many as there is time for."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=MOVES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_every_law_holds_and_everything_ends() -> None:
    run_machine(Life)
