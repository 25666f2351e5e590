"""F47: people who watch, while Redis and the web process die."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import psutil

from executions_app.models import Event, Execution
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.loading import let_pass, owned
from tests.chaos.marks import percentile
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.stream_readers import Audience, Reader, compare_with_logs
from tests.chaos.tables import node
from tests.chaos.workload import client
from tests.published import chain, published

#: An account may follow a hundred streams.
READERS_OF_ONE = 50
#: Readers of one execution.
TOGETHER = 10
STEPS = 40
OUTAGES = 3
OUTAGE_SECONDS = 15.0
KINDS = ("steady", "steady", "slow", "fickle")
#: Ids that are none of the execution's; ``999999`` may be another one's.
STRANGE_IDS = ("999999", "garbage", "-1", "1e3", "0x1", "3.0", "1" * 400, "ا", "1;2")


def watched_through_outages(trial: Trial) -> None:
    """Kill Redis three times, for fifteen seconds, its memory with it; restart and kill the web
    process in between."""
    place = trial.place
    assert place.web is not None
    _weigh(trial)
    steps = 10 if trial.is_smoke else STEPS
    work = chain(*(node(f"s{number}") for number in range(steps)))
    readers: list[Reader] = []
    ids: list[str | None] = []
    for number in range(0, trial.size, READERS_OF_ONE):
        user, somebody = client(place.web_url, f"reader{number}")
        workflow = owned(published(*work), user)
        for first in range(number, min(trial.size, number + READERS_OF_ONE), TOGETHER):
            pk = somebody.start(workflow, runtime_context={"work_seconds": 1.0})
            ids.append(pk)
            readers += [
                Reader(str(pk), somebody.token, KINDS[one % len(KINDS)])
                for one in range(first, min(trial.size, first + TOGETHER))
            ]
    accepted = accept(trial, ids)
    trial.tried = len(readers)
    audience = Audience(place.web_url, readers, trial.seed)
    audience.start()
    place.until(partial(_are_in, readers), what="everybody to be let in")
    for outage in range(OUTAGES):
        let_pass(1.0 if trial.is_smoke else 5.0)
        place.broker.kill()
        let_pass(1.5 if trial.is_smoke else OUTAGE_SECONDS)
        place.broker.start()
        let_pass(1.0 if trial.is_smoke else 5.0)
        if outage == 0:
            place.web.stop()
            place.start_web()
        elif outage == 1:
            place.web.kill()
            place.start_web()
    all_complete(trial, accepted, seconds=120 + steps * 3)
    audience.leave(seconds=60)
    compare_with_logs(trial, readers)
    _note_lag(trial, readers)
    _come_late(trial, readers[0])


def _weigh(trial: Trial) -> None:
    """Measure how much memory the web process has for somebody who waits."""
    place = trial.place
    assert place.web is not None
    held, rss = [], [0]
    for half in ("first", "second"):
        user, somebody = client(place.web_url, f"waiting-{half}")
        pk = somebody.start(owned(published([node("only", "hold")]), user))
        waiting = [Reader(str(pk), somebody.token) for _ in range(max(1, trial.size // 2))]
        held.append(Audience(place.web_url, waiting, trial.seed))
        held[-1].start()
        place.until(partial(_are_in, waiting), what="everybody to be let in")
        place.until(lambda some=waiting: all(one.ids for one in some), what="the first events")
        rss.append(_memory_of(place.web.pid))
        trial.accepted.append(str(pk))
    place.marks.go()
    for audience in held:
        audience.leave(seconds=60)
    # Of the second half alone: with the first, code and threads have come in that stay.
    trial.measure(kb_per_reader=(rss[-1] - rss[-2]) / 1024 / max(1, trial.size // 2))


def _are_in(readers: Iterable[Reader]) -> bool:
    return all(one.connections for one in readers)


def _memory_of(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


def _note_lag(trial: Trial, readers: Iterable[Reader]) -> None:
    """Measure how late steady readers were told of what happened while they were there."""
    late: list[float] = []
    for one in readers:
        if one.kind != "steady":
            continue
        rows = Event.objects.filter(execution_id=one.execution_id).order_by("seq")
        happened = [at.timestamp() for at in rows.values_list("at", flat=True)]
        for at, (let_in_at, came_at) in zip(happened, one.times, strict=False):
            if at > let_in_at:
                late.append(came_at - at)
    trial.measure(
        events=len(late),
        lag_p50=percentile(late, 0.5),
        lag_p95=percentile(late, 0.95),
        lag_max=max(late, default=0.0),
    )


def _come_late(trial: Trial, sample: Reader) -> None:
    """Come back to what has ended, with ids of long ago, of elsewhere, and of nowhere."""
    execution = Execution.objects.get(pk=sample.execution_id)
    late = [Reader(execution.pk, sample.token, last_id=text) for text in STRANGE_IDS]
    known = [Reader(execution.pk, sample.token, last_id=str(seq)) for seq in (1, 5)]
    audience = Audience(trial.place.web_url, [*late, *known], trial.seed)
    audience.start()
    audience.leave(seconds=30)
    every = list(range(1, execution.last_seq + 1))
    for one, text in zip(late, STRANGE_IDS, strict=True):
        trial.check(one.ids == every and one.has_ended, f"{text[:9]!r}: got {one.ids[:3]}...")
        trial.check(one.resets == 1, f"{text[:9]!r}: {one.resets} resets")
    for one, seq in zip(known, (1, 5), strict=True):
        trial.check(one.ids == every[seq:] and not one.resets, f"{seq}: got {one.ids[:3]}...")
    trial.tried += len(late) + len(known)


FAULTS = [
    Fault(
        id="F47",
        name="Redis dies three times for 15 s and the web process twice, while people watch",
        target="every reader, slow and fickle ones too, ends with exactly the recorded events",
        inject=watched_through_outages,
        needs=Needs(workers=3, web=True),
        smoke=20,
        full=200,
        limits={"lag_max": 10.0, "kb_per_reader": 100.0},
        seconds=1_200.0,
    ),
]
