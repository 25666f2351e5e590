"""Everything there is in a simulation, and the one place that decides what happens next."""

from __future__ import annotations

import random as global_random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connections

from executions_app import dispatch, inline
from executions_app.engine.statuses import FINAL
from executions_app.inline import Inline
from executions_app.models import Execution
from executions_app.operations import execute_attempt
from executions_app.operations.record_attempt import announce
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import Claim, lease, renew
from executions_app.sync_points import Point, listen, reach
from executions_app.testing import EPOCH, Engine
from tests.simulation.broker import LyingBroker
from tests.simulation.people import People
from tests.simulation.worker import Died, VirtualWorker

WORKERS = 3
#: Where a worker stands in the middle of a body.
BODY = "body"
#: A worker that dies in a transaction, of those that come through one.
_DEATH_IN_TRANSACTION = 0.03
#: An attempt that lost its worker this often is left in peace: the third loss ends it.
_DEATHS_BORNE = 2


class World:
    """Workers, broker, clock and people; :meth:`step` lets one thing happen."""

    def __init__(self, seed: int, tell: Callable[[str], None] = lambda line: None) -> None:
        self.random = Random(seed)
        self.broker = LyingBroker(self.random)
        self.people = People(self.random)
        self.happened: Counter[str] = Counter()
        self.overlaps: list[str] = []
        """Bodies that two workers ran at once, although both were in time."""
        self.is_calm = False
        """Whether nothing goes wrong any more."""
        self._clock = Engine(EPOCH)
        self._tell = tell
        self.workers: list[VirtualWorker] = []

    @property
    def now(self) -> datetime:
        return self._clock.now

    @contextmanager
    def set_up(self) -> Iterator[None]:
        """Put this world in the place of workers, broker and clock while the block runs."""
        shared = connections["default"]
        shared.inc_thread_sharing()
        claim, before = execute_attempt.claim_attempt, dispatch.send
        chance = global_random.getstate()
        global_random.seed(self.random.random())  # the engine's own, for the jitter of retries
        dispatch.send = self._send
        execute_attempt.claim_attempt = self._claiming(claim)
        inline.active = Inline(now=lambda: self.now, work=lambda: False, is_cancelled=_is_stopping)
        listen(self._reached)
        self.workers = [VirtualWorker(f"worker {n + 1}", shared) for n in range(WORKERS)]
        try:
            yield
        finally:
            for worker in self.workers:
                worker.leave()
            listen(None)
            inline.active, dispatch.send = None, before
            execute_attempt.claim_attempt = claim
            global_random.setstate(chance)
            shared.dec_thread_sharing()

    # -- what may happen ------------------------------------------------------------------------

    def step(self) -> None:
        """Let one thing happen."""
        acts = [(weight, act) for weight, act in self._acts() if weight]
        weights = [weight for weight, _ in acts]
        (_, act) = self.random.choices(acts, weights)[0]
        act()

    def calm_down(self) -> None:
        """Let nothing go wrong from now on."""
        self.is_calm = self.broker.is_honest = True
        self.people.calm_down()
        for worker in self.workers:
            worker.is_paused = False

    @property
    def is_over(self) -> bool:
        """Whether every execution has ended, and nobody is at work."""
        if any(worker.at for worker in self.workers):
            return False
        return not Execution.objects.exclude(status__in=FINAL).exists()

    def _acts(self) -> Iterator[tuple[float, Callable[[], None]]]:
        idle = [worker for worker in self.workers if not worker.at]
        busy = [worker for worker in self.workers if worker.at and not worker.is_paused]
        paused = [worker for worker in self.workers if worker.is_paused]
        mortal = [worker for worker in busy if self._may_die(worker)]
        trouble = 0.0 if self.is_calm else 1.0
        quiet = bool(not busy and not self.broker.waiting)
        yield 10.0 * bool(idle and self.broker.waiting), lambda: self._deliver(idle)
        yield 20.0 * bool(busy), lambda: self._one(busy, "goes on").go_on()
        yield 1.0 * bool(busy), lambda: self._announce(busy)
        yield trouble * bool(mortal), lambda: self._one(mortal, "dies").die()
        yield trouble * bool(mortal), lambda: self._pause(mortal)
        yield 1.0 * bool(paused), lambda: self._wake(paused)
        yield 0.3 * trouble * bool(self.broker.waiting), self._flush
        yield 0.7 + 6.0 * quiet, self._rescue
        yield 0.7 + 6.0 * quiet, self._let_time_pass
        yield 1.5 + 6.0 * quiet, self._let_people_act

    def _one(self, workers: list[VirtualWorker], what: str) -> VirtualWorker:
        worker = self.random.choice(workers)
        self._note(what, f"{worker.name} at {worker.at}")
        return worker

    def _deliver(self, idle: list[VirtualWorker]) -> None:
        worker, message = self.random.choice(idle), self.broker.take()
        self._note("delivered", f"{message.label} to {worker.name}")
        worker.deliver(message)

    def _announce(self, busy: list[VirtualWorker]) -> None:
        worker = self.random.choice(busy)
        if worker.claim is not None and not worker.claim.was_announced:
            self._note("announced", worker.name)
            announce(worker.claim)

    def _pause(self, mortal: list[VirtualWorker]) -> None:
        worker = self._one(mortal, "is paused")
        worker.is_paused, worker.is_in_time = True, False

    def _wake(self, paused: list[VirtualWorker]) -> None:
        self._one(paused, "wakes").is_paused = False

    def _flush(self) -> None:
        self._note("flushed", f"{len(self.broker.waiting)} messages")
        self.broker.flush()

    def _rescue(self) -> None:
        try:
            self._note("rescued", str(rescue()))
        except Died:
            self._note("dies", "the rescuer, in its transaction")

    def _let_time_pass(self) -> None:
        held = [worker for worker in self.workers if worker.claim and not worker.is_paused]
        at = self._clock._next_time()
        step = timedelta(seconds=self.random.uniform(0.1, 2.0))
        if at is not None and at > self.now and self.random.random() < 0.5:
            step = at - self.now
        self._clock.now += min(step, lease() / 3) if held else step
        self._note("time", self.now.isoformat())
        renew([worker.claim for worker in held if worker.claim])

    def _let_people_act(self) -> None:
        try:
            said = self.people.act()
        except Died:
            said = "dies: the web process, in its transaction"
        if said:
            self._note(said.partition(" ")[0].rstrip(":"), said)

    # -- inside ---------------------------------------------------------------------------------

    def _may_die(self, worker: VirtualWorker) -> bool:
        return worker.claim is None or worker.claim.deaths < _DEATHS_BORNE

    def _send(self, due: Any) -> None:
        if due:
            reach(Point.RECORDED)
            self.broker.put(due)
            reach(Point.TOLD)

    def _reached(self, point: Point | str) -> None:
        worker = next((worker for worker in self.workers if worker.is_here), None)
        if worker is not None:
            worker.reach(point, is_dying=lambda: self._dies_here(worker))
        elif point is Point.RESCUING and not self.is_calm and self.random.random() < 0.05:
            raise Died

    def _dies_here(self, worker: VirtualWorker) -> bool:
        if self.is_calm or not self._may_die(worker):
            return False
        dies = self.random.random() < _DEATH_IN_TRANSACTION
        if dies:
            self._note("dies", f"{worker.name} in a transaction")
        return dies

    def _claiming(self, claim: Callable[..., Claim | None]) -> Callable[..., Claim | None]:
        def claim_and_know(*args: Any, **options: Any) -> Claim | None:
            claimed = claim(*args, **options)
            worker = next(worker for worker in self.workers if worker.is_here)
            worker.claim = claimed
            return claimed

        return claim_and_know

    def pause_body(self) -> None:
        """Hand over in the middle of a body, having seen who else is in one."""
        here = next(worker for worker in self.workers if worker.is_here)
        others = [worker for worker in self.workers if worker is not here and worker.is_in_time]
        same = [other for other in others if other.at == BODY and _is_same(here, other)]
        self.overlaps += [f"{here.name} and {other.name} run one step at once" for other in same]
        self._reached(BODY)

    def _note(self, what: str, said: str) -> None:
        self.happened[what] += 1
        self._tell(f"{what}: {said}")


def _is_same(one: VirtualWorker, other: VirtualWorker) -> bool:
    if one.claim is None or other.claim is None:
        return False
    return (one.claim.step_run_id, one.claim.attempt) == (
        other.claim.step_run_id,
        other.claim.attempt,
    )


def _is_stopping(execution_id: str) -> bool:
    return Execution.objects.filter(pk=execution_id).exclude(stopping="").exists()
