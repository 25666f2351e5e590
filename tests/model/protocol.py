"""How work passes from hand to hand: rows that last, a broker that forgets, processes that die.

A model, not the engine: in one execution ``a`` and ``b`` run side by side and meet in ``join``.  A
:class:`State` is everything that matters at one instant, :func:`moves` and :func:`mishaps` name
whatever may happen next, and :mod:`tests.model.explore` tries it all.  Any :class:`Safeguard` can
be left out, to see what it is there for.  Refuses to know how long anything takes: what may happen
at all, may happen at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from executions_app.sync_points import Point

ARMS = ("a", "b")
STEPS = (*ARMS, "join")
CANCEL, ANSWER = "cancel", "answer"
IDLE, HOLDING = "idle", frozenset({Point.CLAIMED, Point.DONE, Point.RECORDING})


class Safeguard(StrEnum):
    """What stands between a fault and a wrong state; its value says what it demands."""

    CLAIM = "a claim takes only what is due and in nobody's hands"
    FENCE = "an outcome counts only under the epoch of the claim it comes from"
    ONCE = "an outcome counts only while its step is in somebody's hands"
    RESENDING = "a rescuer sends again what is due and nobody claims"
    LEASE = "a rescuer takes up what a worker let its lease run out on"
    ROOT_LOCK = "whoever records holds the execution from its first read to its commit"
    LOOKING_AGAIN = "what follows, and what begins, asks first whether somebody cancelled"
    CANCEL_LOCK = "a cancel drops what nobody holds at its commit, not what nobody held before"
    ONE_ANSWER = "an answer counts only while the step still asks"


class Row(NamedTuple):
    """One step, as the database has it."""

    status: str = "absent"  # then due and held, perhaps asks and due again; at last done or dropped
    epoch: int = 0  # counted up by each claim and each rescue
    results: int = 0  # how many outcomes were recorded


class Process(NamedTuple):
    """Somebody who does one thing at a time: a worker a message, a web server a request."""

    at: str = IDLE
    job: str = ""  # a step, CANCEL or ANSWER
    epoch: int = 0  # the one its claim was given
    is_late: bool = False  # its lease has run out, whether it knows or not
    is_vain: bool = False  # the execution was cancelled before it claimed
    outcome: str = ""
    saw: tuple[Any, ...] = ()  # what it read before it writes: the rows, whether it was cancelled
    owes: tuple[str, ...] = ()  # the step that the broker has yet to be told of


_IDLE = Process()


class Luck(NamedTuple):
    """How much may still go wrong, or be asked for, so that the story has an end."""

    crashes: int = 0
    flushes: int = 0
    duplicates: int = 0
    stalls: int = 0
    lost_replies: int = 0
    cancels: int = 0
    answers: int = 0  # people who answer what ``a`` asks; with nobody there it does not ask


class State(NamedTuple):
    """Everything that matters at one instant."""

    processes: tuple[Process, ...]  # all alike, so sorted
    luck: Luck
    asks: bool
    rows: tuple[Row, Row, Row] = (Row("due"), Row("due"), Row())
    broker: tuple[str, ...] = ARMS  # sorted, for it may deliver in any order
    is_cancelled: bool = False
    answered: int = 0

    def row(self, step: str) -> Row:
        return self.rows[STEPS.index(step)]

    def put(self, step: str, **changes: Any) -> State:
        """Return the state with one row changed."""
        rows = zip(STEPS, self.rows, strict=True)
        return self._replace(
            rows=tuple(row._replace(**changes) if name == step else row for name, row in rows)
        )

    def now(self, before: Process, after: Process = _IDLE) -> State:
        """Return the state with one process changed; without ``after`` it is idle again."""
        others = list(self.processes)
        others.remove(before)
        return self._replace(processes=tuple(sorted([*others, after])))

    def sent(self, *steps: str) -> State:
        return self._replace(broker=tuple(sorted(self.broker + steps)))

    def taken(self, step: str) -> State:
        at = self.broker.index(step)
        return self._replace(broker=self.broker[:at] + self.broker[at + 1 :])

    def spent(self, what: str, count: int = 1) -> State:
        return self._replace(luck=self.luck._replace(**{what: getattr(self.luck, what) - count}))

    @property
    def is_ended(self) -> bool:
        is_open = any(row.status in ("due", "held", "asks") for row in self.rows)
        return self.row("join").status == "done" or (self.is_cancelled and not is_open)


Move = tuple[str, State]


def beginning(luck: Luck, *, processes: int = 2) -> State:
    """Return the state just after a start: both arms due, both messages sent, everybody idle."""
    return State((_IDLE,) * processes, luck, asks=luck.answers > 0)


def moves(state: State, without: Safeguard | None = None) -> Iterator[Move]:
    """Yield what happens sooner or later by itself, or because somebody answers."""
    for p in dict.fromkeys(state.processes):
        yield from _acts(state, p, without)
    for step, row in zip(STEPS, state.rows, strict=True):
        holders = [p for p in state.processes if p.job == step and p.at in HOLDING]
        if row.status == "held" and all(p.is_late for p in holders) and without != Safeguard.LEASE:
            yield f"{Point.RESCUING} {step}", state.put(step, status="due", epoch=row.epoch + 1)
        if row.status == "due" and step not in state.broker and without != Safeguard.RESENDING:
            yield f"sent again {step}", state.sent(step)


def mishaps(state: State) -> Iterator[Move]:
    """Yield what may happen but cannot be counted on: faults, and somebody who cancels."""
    luck = state.luck
    for p in dict.fromkeys(state.processes):
        if p.at == IDLE and luck.cancels:
            asked = Process(Point.RECEIVED, CANCEL)
            yield f"{Point.RECEIVED} {CANCEL}", state.spent("cancels").now(p, asked)
        if p.at != IDLE and luck.crashes:
            died = state.spent("crashes").now(p)  # whoever got no reply will ask again
            yield f"crashed {p.job}", died.spent("answers", -1) if p.job == ANSWER else died
        if p.at in HOLDING and p.epoch and not p.is_late and luck.stalls:
            yield f"stalled {p.job}", state.spent("stalls").now(p, p._replace(is_late=True))
        if p.at == Point.RECORDED and p.epoch and luck.lost_replies:
            unsure = p._replace(at=Point.DONE, is_late=True, owes=())
            yield f"lost the reply {p.job}", state.spent("lost_replies").now(p, unsure)
    if state.broker and luck.flushes:
        yield "flushed", state.spent("flushes")._replace(broker=())
    for step in dict.fromkeys(state.broker) if luck.duplicates else ():
        yield f"doubled {step}", state.spent("duplicates").sent(step)


def _acts(state: State, p: Process, without: Safeguard | None) -> Iterator[Move]:
    """Yield what one process may do next."""
    match p.at:
        case "idle":
            for step in dict.fromkeys(state.broker):
                mine = Process(Point.RECEIVED, step)
                yield f"{Point.RECEIVED} {step}", state.taken(step).now(p, mine)
            if state.luck.answers and state.row("a").status == "asks":
                asked = Process(Point.RECEIVED, ANSWER)
                yield f"{Point.RECEIVED} {ANSWER}", state.spent("answers").now(p, asked)
        case Point.RECEIVED if p.job in STEPS:
            row = state.row(p.job)
            if row.status == "due" or (row.status == "held" and without == Safeguard.CLAIM):
                epoch, is_vain = row.epoch + 1, state.is_cancelled
                mine = p._replace(at=Point.CLAIMED, epoch=epoch, is_vain=is_vain)
                held = state.put(p.job, status="held", epoch=epoch)
                yield f"{Point.CLAIMED} {p.job}", held.now(p, mine)
            else:
                yield f"found nothing {p.job}", state.now(p)
        case Point.CLAIMED:
            outcome = "asks" if p.job == "a" and state.asks and not state.answered else "done"
            if state.is_cancelled and without != Safeguard.LOOKING_AGAIN:
                outcome = "dropped" if p.is_vain else outcome
            yield f"{Point.DONE} {p.job}", state.now(p, p._replace(at=Point.DONE, outcome=outcome))
        case Point.RECEIVED | Point.DONE:
            is_free = all(other.at != Point.RECORDING for other in state.processes)
            if is_free or without == Safeguard.ROOT_LOCK:
                saw = (state.rows, state.is_cancelled)
                mine = p._replace(at=Point.RECORDING, saw=saw)
                yield f"{Point.RECORDING} {p.job}", state.now(p, mine)
        case Point.RECORDING:
            wrote, owes = _written(state, p, without)
            if wrote is None:
                yield f"came too late {p.job}", state.now(p)
            else:
                done = p._replace(at=Point.RECORDED, saw=(), owes=owes)
                yield f"{Point.RECORDED} {p.job}", wrote.now(p, done)
        case Point.RECORDED:
            yield f"{Point.TOLD} {p.job}", state.now(p).sent(*p.owes)


def _written(
    state: State, p: Process, without: Safeguard | None
) -> tuple[State | None, tuple[str, ...]]:
    """Return what a commit makes of the state, if anything, and what is due by it."""
    saw, was_cancelled = p.saw
    if p.job == CANCEL:
        if state.is_ended:
            return None, ()
        judged = saw if without == Safeguard.CANCEL_LOCK else state.rows
        for step, row in zip(STEPS, judged, strict=True):
            if row.status in ("due", "asks"):
                state = state.put(step, status="dropped")
        return state._replace(is_cancelled=True), ()
    if p.job == ANSWER:
        if state.row("a").status != "asks" and without != Safeguard.ONE_ANSWER:
            return None, ()
        return state.put("a", status="due")._replace(answered=state.answered + 1), ("a",)
    row = state.row(p.job)
    is_known = row.epoch == p.epoch or without == Safeguard.FENCE
    is_held = row.status == "held" or without == Safeguard.ONCE
    if not is_known or not is_held:
        return None, ()
    state = state.put(p.job, status=p.outcome, results=row.results + (p.outcome == "done"))
    others = [it for step, it in zip(ARMS, saw[:2], strict=True) if step != p.job]
    is_last = p.job in ARMS and p.outcome == "done" and others[0].status == "done"
    if not is_last or (was_cancelled and without != Safeguard.LOOKING_AGAIN):
        return state, ()
    return state.put("join", status="due"), ("join",)


def wrong(state: State) -> str | None:
    """Return what must never be and is so in ``state``, if anything."""
    in_time = [p for p in state.processes if p.at in HOLDING and p.epoch and not p.is_late]
    jobs = [p.job for p in in_time]
    if len(jobs) > len(set(jobs)):
        return "two workers run one step at once"
    if any(state.row(p.job)[:2] != ("held", p.epoch) for p in in_time):
        return "a worker in time has lost its step"
    if any(row.results > 1 for row in state.rows):
        return "an outcome is recorded twice"
    if state.answered > 1:
        return "one question is answered twice"
    if any(p.is_vain and p.outcome not in ("", "dropped") for p in state.processes):
        return "a step began after the cancel"
    if state.row("join").status != "absent" and any(row.results == 0 for row in state.rows[:2]):
        return "a join began before its arms were done"
    return None
