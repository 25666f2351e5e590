"""Events and the waits for them, in any order, against a reading of the rule in two lists: the wait
that was reached first gets the event that was sent first, and none is lost or counts twice."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from executions_app.errors import NotApplicable
from executions_app.models import Signal, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rescue import rescue
from executions_app.operations.send_event import send_event
from tests.journal.test_machine import EXAMPLES, run_machine
from tests.journal.world import world
from tests.language.random_definitions import EVENT

WAITS = 5
#: These wait for so long; the others for ever.
BOUNDED, SECONDS = ("wait_1", "wait_3"), 60

pytestmark = pytest.mark.django_db(transaction=True)


def _definition() -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for number in range(WAITS):
        nodes.append({"id": f"step_{number}", "type": "step", "step": "add_one"})
        wait = {"id": f"wait_{number}", "type": "wait_for_event", "event": EVENT}
        end = {"timeout": SECONDS, "on_error": "continue"} if wait["id"] in BOUNDED else {}
        nodes.append(wait | end)
    edges = [[f"step_{number}", f"wait_{number}"] for number in range(WAITS)]
    return {"name": "waits", "nodes": nodes, "edges": edges}


class Events(RuleBasedStateMachine):
    """One execution that comes to its waits in any order, and people who send."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world = self.stack.enter_context(world())
        self.world.start(_definition(), 0)
        (self.run,) = self.world.roots
        for message in list(self.world.messages()):
            self.world.deliver(message)
        self.claims = {claim.node_id: claim for claim in self.world.held}
        self.world.held.clear()
        self.waiting: list[str] = []
        self.kept: list[int] = []
        self.got: dict[str, int | None] = {}
        self.sent = 0
        self.is_over = False

    def teardown(self) -> None:
        self.stack.close()

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, WAITS))
    def reach_a_wait(self, which: int) -> None:
        step = sorted(self.claims)[which % len(self.claims)]
        claim = self.claims.pop(step)
        assert self.world.work(claim, "succeed")
        if not self.is_over:
            self.waiting.append(step.replace("step", "wait"))
            self._match()

    @rule()
    def send(self) -> None:
        self.sent += 1
        if self.is_over:
            with pytest.raises(NotApplicable):
                send_event(self.run, event=EVENT, data=self.sent)
            return
        send_event(self.run, event=EVENT, data=self.sent)
        self.kept.append(self.sent)
        self._match()

    @rule()
    def send_another(self) -> None:
        if not self.is_over:
            send_event(self.run, event="other", data=0)

    @precondition(lambda self: self.claims)  # with claims left it cannot have ended
    @rule()
    def pass_time(self) -> None:
        """Steps are held by workers whose leases are kept; waits that have an end come to it."""
        self.world.now += timedelta(seconds=2 * SECONDS)
        StepRun.objects.filter(claimed_at__isnull=False).update(
            wake_at=self.world.now + timedelta(seconds=1)
        )
        rescue()
        for message in list(self.world.messages()):
            claim = self.world.deliver(message)
            if claim is not None:
                assert self.world.work(claim, "succeed")
                self.waiting.remove(claim.node_id)
                self.got[claim.node_id] = None
        self.world.held.clear()
        self.world.broker.waiting.clear()

    @precondition(lambda self: self.claims and len(self.got) > 1)
    @rule()
    def cancel(self) -> None:
        cancel_execution(self.run)
        self.waiting.clear()
        self.is_over = True

    @invariant()
    def every_wait_got_what_it_should(self) -> None:
        waits = StepRun.objects.filter(execution_id=self.run, node_id__startswith="wait_")
        told = dict(waits.filter(status="completed").values_list("node_id", "output"))
        gave_up = waits.filter(status__in=("failed", "skipped")).values_list("node_id", flat=True)
        assert told | dict.fromkeys(gave_up) == self.got
        assert set(waits.filter(status="waiting").values_list("node_id", flat=True)) == set(
            self.waiting
        )
        kept = Signal.objects.filter(execution_id=self.run, name=EVENT).order_by("id")
        assert list(kept.values_list("data", flat=True)) == self.kept
        self.world.check()

    def _match(self) -> None:
        """The rule."""
        while self.waiting and self.kept:
            self.got[self.waiting.pop(0)] = self.kept.pop(0)
        if len(self.got) == WAITS:
            self.is_over = True


def test_each_wait_gets_the_event_that_is_its() -> None:
    run_machine(Events, examples=max(5, EXAMPLES // 3))
