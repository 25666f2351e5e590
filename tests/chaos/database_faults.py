"""F19 to F25: a database that is restarted, cut off, slow, in conflict, full, or locked."""

from __future__ import annotations

import itertools
import time
from functools import partial

from django.utils import timezone

from executions_app.models import Event, Execution, ScheduleFire, StepRun
from executions_app.operations.set_schedule import create_schedule, delete_schedule
from executions_app.runner.claim import claim_attempt
from tests.chaos.database_conflicts import deadlocks, locked_file, no_connection_left
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.loading import (
    ended_steps,
    let_pass,
    loading,
    loading_on,
    note_repeats,
    owned,
    until_a_step_ends,
    until_it_answers,
)
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.programs import Process
from tests.chaos.proxy import UPDATED, Loss
from tests.chaos.stream_readers import Audience, Reader, compare_with_logs
from tests.chaos.tables import node, ten_steps
from tests.chaos.workload import client, insistently, start_here, start_many
from tests.published import published
from workflows_app.authoring.schedule import Schedule as Rule

#: Beat ticks every ten seconds; a tick that fell into a restart is made up for by the next.
_TICKS_SECONDS = 40.0
#: People who watch meanwhile.
_READERS = 10
#: What a client says in the transactions whose answers are lost, and what it is not told.
LOSSES = {
    "claim": Loss(answered=UPDATED, asked=b"SET epoch = epoch + 1"),
    "start": Loss(asked=b"execution_started"),
    "record": Loss(asked=b"step_completed"),
    "advance": Loss(asked=b"step_scheduled"),
    "rescue": Loss(asked=b"SKIP LOCKED"),
    "any": Loss(),
}


def restarts(trial: Trial) -> None:
    """Crash the server three times under load, and start nothing else again."""
    place = trial.place
    assert place.postgres is not None
    user, ada = client(place.web_url)
    workflow = owned(ten_steps(), user)
    tick = published([node("tick", "same")])
    schedule = create_schedule(Rule(interval=1, overlap="allow"), workflow=tick, owner=None)
    before, steps, answers = _ours(trial), [], []
    held = ada.start(owned(published([node("only", "hold")]), user))
    watching = [Reader(str(held), ada.token) for _ in range(_READERS)]
    audience = Audience(place.web_url, watching, trial.seed)
    audience.start()
    with loading(trial, partial(ada.start, workflow)) as share:
        for part in (0.15, 0.4, 0.65):
            place.until(lambda part=part: share() >= part, what=f"{part:.0%} of all ends")
            place.postgres.restart()
            ready_at = timezone.now()
            steps.append(until_a_step_ends(ready_at))
            answers.append(until_it_answers(ada))
    place.marks.go()
    all_complete(trial, accept(trial, [held]), seconds=60)
    audience.leave(seconds=60)
    compare_with_logs(trial, watching)
    fires = ScheduleFire.objects.filter(schedule=schedule, fired_at__gt=ready_at)
    place.until(
        lambda: insistently(fires.exists), what="the schedule to fire again", seconds=_TICKS_SECONDS
    )
    delete_schedule(schedule.pk)
    ticked = list(Execution.objects.filter(trigger="schedule").values_list("pk", flat=True))
    all_complete(trial, ticked, seconds=60)
    trial.check(before == _ours(trial), "a process of ours ended")
    trial.measure(restarts=len(steps), first_step=max(steps), first_answer=max(answers))
    note_repeats(trial)


def _ours(trial: Trial) -> list[int]:
    place = trial.place
    found: list[Process] = [*place.workers, *place.beats, *([place.web] if place.web else [])]
    return [process.pid for process in found if process.is_alive]


def restart_in_a_rescue(trial: Trial) -> None:
    """Have many steps in dead hands, and crash the server while they are taken out of them."""
    place = trial.place
    assert place.postgres is not None
    place.hire(0)
    ids = accept(trial, start_many(trial.size, partial(start_here, published([node("only")]))))
    for pk, attempt in StepRun.objects.values_list("pk", "attempt"):
        assert claim_attempt(pk, attempt) is not None
    StepRun.objects.update(wake_at=timezone.now(), claimed_by="nobody:1")
    for _ in range(place.needs.workers):
        place.start_worker()
    noted = Event.objects.filter(type="log")
    place.until(lambda: noted.count() > trial.size // 20, what="the rescue to begin")
    place.postgres.restart()
    ready = time.monotonic()
    all_complete(trial, ids, seconds=120 + trial.size * 0.2)
    trial.measure(all_ended=time.monotonic() - ready)
    note_repeats(trial)


def lost_replies(trial: Trial) -> None:
    """Lose answers to commits, one kind after another, and cut connections in between."""
    place, proxy = trial.place, trial.place.proxies["database"]
    user, ada = client(place.web_url)
    workflow = owned(ten_steps(), user)
    lost, kinds = dict.fromkeys(LOSSES, 0), itertools.cycle(LOSSES.items())
    current: list[tuple[str, Loss]] = []

    def lose_more() -> None:
        if current:
            kind, loss = current.pop()
            lost[kind] += loss.lost
        if sum(lost.values()) < trial.size:
            kind, meant = next(kinds)
            loss = Loss(answered=meant.answered, asked=meant.asked, at_most=3)
            current.append((kind, proxy.lose(loss)))
            if kind == "any":
                proxy.cut()
        else:
            proxy.heal()

    ids: list[str] = []
    until = time.monotonic() + 60 + trial.size * 2
    with trial.every(0.25, lose_more):
        while sum(lost.values()) < trial.size and time.monotonic() < until:
            ids += accept(trial, start_many(8, partial(ada.start, workflow)))
    proxy.heal()
    all_complete(trial, ids, seconds=180)
    total, existing = sum(lost.values()), Execution.objects.count()
    trial.check(total >= trial.size, f"only {total} answers could be lost")
    trial.check(existing == len(ids), f"{len(ids)} starts were accepted and {existing} exist")
    trial.note(", ".join(f"{kind} {count}" for kind, count in lost.items()))
    trial.measure(lost=total, cut=proxy.counts["cut"])
    note_repeats(trial)


def slow_network(trial: Trial) -> None:
    """Have each way to the database take 200 ms longer, for ``size`` seconds."""
    place, proxy = trial.place, trial.place.proxies["database"]

    def rate(seconds: float) -> float:
        first = ended_steps()
        let_pass(seconds)
        return (ended_steps() - first) / seconds

    with loading_on(trial, partial(start_here, ten_steps(step="same"))):
        place.until(lambda: ended_steps() > 50, what="the load to run")
        before = rate(4)
        proxy.delay(0.2)
        during = rate(trial.size)
        proxy.heal()
        healed = time.monotonic()
        while rate(1) < before / 2 and time.monotonic() < healed + 60:
            pass
        back_after = time.monotonic() - healed
    mistaken = StepRun.objects.filter(deaths__gt=0).count()
    trial.check(mistaken == 0, f"{mistaken} leases were thought lost")
    trial.check("an outcome came too late" not in place.logs(), "an outcome was fenced off")
    trial.measure(steps_per_second=before, steps_per_second_slow=during, back_after=back_after)
    note_repeats(trial)


_BEHIND_A_PROXY = Needs(workers=3, web=True, proxies=frozenset({"database"}))
#: A slow network is judged by the leases that people get.
_DEFAULT_LEASES = (("LEASE_SECONDS", "15"), ("RESCUE_SECONDS", "5"))
_POSTGRES = ("postgres",)

FAULTS = [
    Fault(
        id="F19",
        name="PostgreSQL crashes three times",
        target="all finish, none twice, no orphan, no process ends; first step after ≤ 5 s",
        inject=restarts,
        needs=Needs(workers=3, web=True, beats=1),
        smoke=30,
        full=1_000,
        limits={"first_step": 5.0, "first_answer": 5.0},
        databases=_POSTGRES,
        seconds=1_800.0,
    ),
    Fault(
        id="F20",
        name="PostgreSQL crashes while lost steps are rescued",
        target="all finish, none twice, no orphan",
        inject=restart_in_a_rescue,
        smoke=40,
        full=250,
        databases=_POSTGRES,
    ),
    Fault(
        id="F21",
        name="answers of the database are lost, connections cut",
        target="nothing recorded twice, nothing started twice",
        inject=lost_replies,
        needs=_BEHIND_A_PROXY,
        smoke=12,
        full=500,
        databases=_POSTGRES,
        seconds=1_800.0,
    ),
    Fault(
        id="F22",
        name="the database is 200 ms further away each way",
        target="no lease is thought lost; half the speed again after ≤ 10 s",
        inject=slow_network,
        needs=Needs(workers=3, proxies=frozenset({"database"}), environment=_DEFAULT_LEASES),
        smoke=4,
        full=60,
        limits={"back_after": 10.0},
        databases=_POSTGRES,
    ),
    Fault(
        id="F23",
        name="transactions of ours lose deadlocks",
        target="nobody hears of it; none without somebody else's locks",
        inject=deadlocks,
        smoke=3,
        full=100,
        databases=_POSTGRES,
    ),
    Fault(
        id="F24",
        name="the database has no connection left",
        target="503 within 2 s; all finish, none twice",
        inject=no_connection_left,
        needs=Needs(workers=3, web=True),
        smoke=20,
        full=200,
        limits={"busy_after": 2.0},
        databases=_POSTGRES,
    ),
    Fault(
        id="F25",
        name="another program holds SQLite's lock for 10 s",
        target="all finish, none twice",
        inject=partial(locked_file, seconds=10.0),
        smoke=20,
        full=200,
        databases=("sqlite",),
    ),
    Fault(
        id="F25b",
        name="another program holds SQLite's lock for 25 s, longer than anybody waits",
        target="all finish, none twice",
        inject=partial(locked_file, seconds=25.0),
        smoke=20,
        full=200,
        databases=("sqlite",),
    ),
]
