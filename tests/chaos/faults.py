"""What a fault is: how it is brought about, what is tried under it, and what must come out.

A fault is a function that gets a :class:`Trial`, breaks something while work goes on, and says what
it found.  Refuses to judge by itself: the invariants are asked after every one of them.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.chaos.installation import Installation, Needs

Inject = Callable[["Trial"], None]
BOTH = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row of the fault table."""

    id: str
    """``F1``; a second figure of the same fault adds a letter."""
    name: str
    target: str
    """What must come out, in words."""
    inject: Inject
    needs: Needs = field(default_factory=Needs)
    smoke: int
    """How many are tried where seconds count."""
    full: int
    """How many are tried for the scoreboard."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Measures by name, and what they may be at most.  Not judged in a smoke run: those share
    their machine with other tests."""
    databases: tuple[str, ...] = BOTH
    seconds: float = 900.0
    """After so long it is given up, at full size."""


@dataclass(slots=True)
class Trial:
    """One run of one fault."""

    place: Installation
    size: int
    """How many to try."""
    seed: int
    is_smoke: bool = False
    rng: random.Random = field(init=False)
    tried: int = 0
    accepted: list[str] = field(default_factory=list)
    """The executions that somebody was told are started: the invariants hold for these."""
    failures: list[str] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    may_stay: bool = False
    """Whether executions may be unfinished in the end."""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def fail(self, what: str) -> None:
        """Note that something is wrong."""
        self.failures.append(what)

    def check(self, holds: object, what: str) -> None:
        """Note ``what`` is wrong unless ``holds``."""
        if not holds:
            self.fail(what)

    def measure(self, **values: float) -> None:
        """Note numbers; times in seconds."""
        self.measures.update({name: round(float(value), 3) for name, value in values.items()})

    def note(self, text: str) -> None:
        """Add to what the scoreboard says."""
        self.notes.append(text)

    @contextmanager
    def every(self, seconds: float, act: Callable[[], Any]) -> Iterator[Callable[[], int]]:
        """Do ``act`` every so many seconds while the block runs; what it yields counts them.

        An act that raises is noted as a failure and ends the repetition.
        """
        over = threading.Event()
        done = 0

        def repeat() -> None:
            nonlocal done
            while not over.wait(seconds):
                try:
                    act()
                except Exception as error:
                    self.fail(f"the fault itself failed: {error!r}")
                    return
                done += 1

        thread = threading.Thread(target=repeat, name="disturber", daemon=True)
        thread.start()
        try:
            yield lambda: done
        finally:
            over.set()
            thread.join(timeout=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the scoreboard."""

    fault: str
    name: str
    database: str
    target: str
    value: str
    """What came out, in words."""
    tried: int
    failed: int
    seed: int
    seconds: float
    date: str
    commit: str
    versions: Mapping[str, str]
    size: str = "full"
    """``full``, ``smoke``, or the part of the full size that was tried."""
    measures: Mapping[str, float] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    """Limits that were passed, one sentence each."""
    note: str = ""
    """The first things that went wrong."""

    @property
    def is_good(self) -> bool:
        return not self.failed and not self.missed

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {**asdict(self), "missed": list(self.missed)}


def catalogue() -> dict[str, Fault]:
    """Return every fault by id, in the order of the fault table."""
    from importlib import import_module
    from importlib.util import find_spec

    found: list[Fault] = []
    for module in MODULES:
        if find_spec(f"tests.chaos.{module}") is None:
            continue
        try:
            found += import_module(f"tests.chaos.{module}").FAULTS
        except Exception as error:
            BROKEN[module] = repr(error)
    order = sorted(found, key=lambda fault: (_number(fault.id), fault.id))
    assert len({fault.id for fault in order}) == len(order), "two faults have one id"
    return {fault.id: fault for fault in order}


#: Modules that cannot be imported, and why; a run that leaves their faults out is no good one.
BROKEN: dict[str, str] = {}

#: Where faults are: each module has a list ``FAULTS``.
MODULES = (
    "worker_faults",
    "crash_faults",
    "broker_faults",
    "message_faults",
    "race_faults",
    "database_faults",
    "time_faults",
    "size_faults",
    "stream_faults",
    "mixed_faults",
)


def _number(fault_id: str) -> int:
    return int("".join(letter for letter in fault_id if letter.isdigit()))
