"""Running workflows in tests: in this process, by a clock that jumps, with crashes on request.

    from executions_app.testing import in_memory

    with in_memory() as engine:
        result = fulfil.create_run().start(input_data={...})    # a seven-day sleep takes no time

The same journal, tables and rules as in production; only workers, broker and clock are replaced.
Needs a database, as pytest-django's ``db`` gives.  Bodies run one at a time, on the calling thread;
how long a body takes is not measured, so timeouts of steps do not fire by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import Min, Q

from executions_app import inline
from executions_app.engine.statuses import FINAL
from executions_app.inline import Inline
from executions_app.models import Execution, StepRun
from executions_app.operations.admit_waiting import admit_waiting, next_start_at
from executions_app.operations.call_hooks import call_hooks, owed_hooks
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import claim_attempt
from workflows_app.language.plan import face_of, node_of

#: Where the virtual clock begins, unless a test says otherwise.
EPOCH = datetime(2030, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Engine:
    """Everything that runs: which attempts are due, who crashes, and what time it is."""

    def __init__(self, now: datetime = EPOCH, choose: Callable[[int], int] | None = None) -> None:
        self.now = now
        """The virtual time; aware, UTC."""
        self._choose = choose or (lambda count: 0)
        self._before: Counter[str] = Counter()
        self._after: Counter[str] = Counter()

    # -- scripting --------------------------------------------------------------------------------

    def crash_before(self, step_id: str, *, times: int = 1) -> None:
        """Let the worker die ``times`` times after it has claimed the step, before its body."""
        self._before[step_id] += times

    def crash_after(self, step_id: str, *, times: int = 1) -> None:
        """Let the worker die ``times`` times after the body, before its result is recorded."""
        self._after[step_id] += times

    # -- running ----------------------------------------------------------------------------------

    def work(self) -> bool:
        """Do one thing that is due; if nothing is, let time pass to what comes next.

        Returns ``False`` when nothing will ever come due by itself.
        """
        return self.work_now() or self._jump()

    def work_now(self) -> bool:
        """Do one thing that is due at this moment; tell whether there was one."""
        did = self._work_now()
        if inline.active is not None:
            inline.active.tell_onlookers()
        return did

    def _work_now(self) -> bool:
        if admit_waiting():
            return True
        due = self._due()
        if due:
            self._attempt(*due[self._choose(len(due))])
            return True
        if self._overdue():
            rescue()
            return True
        for execution_id in owed_hooks()[:1]:
            call_hooks(execution_id)
            return True
        return False

    def run_until_idle(self) -> None:
        """Do everything that is due at this moment, and what follows from it at once."""
        while self.work_now():
            pass

    def advance(self, span: timedelta | float) -> None:
        """Let ``span`` pass (a number is seconds), doing what comes due on the way."""
        step = span if isinstance(span, timedelta) else timedelta(seconds=span)
        until = self.now + step
        self.run_until_idle()
        while (at := self._next_time()) is not None and at <= until:
            self.now = max(self.now, at)
            self.run_until_idle()
        self.now = until
        self.run_until_idle()

    # -- inside -----------------------------------------------------------------------------------

    def _due(self) -> list[tuple[int, int, str]]:
        rows = StepRun.objects.filter(
            claimed_at=None, due_at__lte=self.now, wake_at__isnull=False
        ).order_by("due_at", "pk")
        return list(rows.values_list("pk", "attempt", "node_id"))

    def _attempt(self, step_run_id: int, attempt: int, key: str) -> None:
        step_id = face_of(node_of(key))
        if self._before[step_id] > 0:
            self._before[step_id] -= 1
            claim_attempt(step_run_id, attempt)
        elif self._after[step_id] > 0:
            self._after[step_id] -= 1
            execute_attempt(step_run_id, attempt, is_recorded=False)
        else:
            execute_attempt(step_run_id, attempt)

    def _overdue(self) -> bool:
        lost = StepRun.objects.filter(claimed_at__isnull=False, wake_at__lte=self.now)
        late = Execution.objects.filter(deadline_at__lte=self.now, stopping="")
        return lost.exists() or late.exclude(status__in=FINAL).exists()

    def _next_time(self) -> datetime | None:
        claimed = Q(claimed_at__isnull=False)
        steps = StepRun.objects.filter(wake_at__isnull=False)
        times = [
            steps.filter(claimed).aggregate(at=Min("wake_at"))["at"],
            steps.exclude(claimed).aggregate(at=Min("due_at"))["at"],
            Execution.objects.filter(stopping="")
            .exclude(status__in=FINAL)
            .aggregate(at=Min("deadline_at"))["at"],
            next_start_at(),
        ]
        return min((at for at in times if at is not None), default=None)

    def _jump(self) -> bool:
        at = self._next_time()
        if at is None:
            return False
        self.now = max(self.now, at)
        return True


@contextmanager
def in_memory(
    now: datetime = EPOCH, *, choose: Callable[[int], int] | None = None
) -> Iterator[Engine]:
    """Run executions right here while the block runs, by a clock that begins at ``now``.

    ``choose`` is given how many attempts are due and says which of them is made; without it the
    one that came due first.
    """
    engine, before = Engine(now, choose), inline.active
    inline.active = Inline(now=lambda: engine.now, work=engine.work, is_cancelled=_is_stopping)
    try:
        yield engine
    finally:
        inline.active = before


def every_order(story: Callable[[Engine], T], *, at_most: int = 10_000) -> list[T]:
    """Tell ``story`` once for every order in which the attempts that are due can be made.

    Returns what each telling returned.  ``story`` must start an execution of its own each time.

    Raises:
        AssertionError: if there are more than ``at_most`` orders.
    """
    told: list[T] = []
    script = _Script()
    while True:
        assert len(told) < at_most, f"there are more than {at_most:,} orders"
        with in_memory(choose=script.choose) as engine:
            told.append(story(engine))
        following = _next_script(script.made)
        if not following:
            return told
        script = _Script(following)


@dataclass(slots=True)
class _Script:
    """Choices to make, and those made; beyond its end the first of what is there."""

    wanted: Sequence[int] = ()
    made: list[tuple[int, int]] = field(default_factory=list)

    def choose(self, count: int) -> int:
        taken = self.wanted[len(self.made)] if len(self.made) < len(self.wanted) else 0
        self.made.append((taken, count))
        return taken


def _next_script(choices: Sequence[tuple[int, int]]) -> list[int]:
    """Return the choices of the next order after ``choices``, or nothing after the last."""
    for place in range(len(choices) - 1, -1, -1):
        taken, count = choices[place]
        if taken + 1 < count:
            return [*(earlier for earlier, _ in choices[:place]), taken + 1]
    return []


def _is_stopping(execution_id: str) -> bool:
    return Execution.objects.filter(pk=execution_id).exclude(stopping="").exists()
