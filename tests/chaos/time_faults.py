"""F35 to F38: sleeps whose workers die, clocks that jump, summer time, and any number of beats."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils import timezone

from executions_app.models import Event, Execution, Schedule, ScheduleFire, StepRun
from executions_app.operations.set_schedule import create_schedule, delete_schedule
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs, is_ready
from tests.chaos.loading import let_pass
from tests.chaos.marks import percentile
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.tables import node
from tests.chaos.worker_faults import KILL_SECONDS
from tests.chaos.workload import start_here, start_many
from tests.published import chain, published
from tests.schedules import oracle
from workflows_app.authoring.schedule import CatchUp
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.slots import slots
from workflows_app.models import Workflow

SHORTEST, LONGEST = 2, 10
HOUR = 3_600.0
#: Between two starts of one of four clients.
_PAUSE_SECONDS = 0.3
#: Recorded times may be off by so much: the database's clock is this machine's too.
_SLACK = timedelta(seconds=2)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
YEARS = (2026, 2027)
SILENCE = timedelta(minutes=10)


def killed_in_sleep(trial: Trial) -> None:
    """Let executions sleep for 2 to 10 seconds, while workers and beats are killed."""
    place = trial.place
    sleeps = [_sleep_of(seconds) for seconds in range(SHORTEST, LONGEST + 1)]

    def start() -> str:
        let_pass(_PAUSE_SECONDS)  # what is measured is timers, not how much goes on at once
        return start_here(trial.rng.choice(sleeps))

    with (
        place.kept(),
        trial.every(KILL_SECONDS, partial(place.kill_a_worker, trial.rng)) as kills,
        trial.every(KILL_SECONDS * 1.5, partial(_kill_a_beat, trial)) as beats,
    ):
        ids = accept(trial, start_many(trial.size, start))
        all_complete(trial, ids, seconds=120 + trial.size * 0.2)
        trial.measure(kills=kills(), beats_killed=beats())
    _note_lateness(trial)


def _kill_a_beat(trial: Trial) -> None:
    trial.place.beats.pop(0).kill()
    trial.place.start_beat()


def _sleep_of(seconds: int) -> Workflow:
    nap = {"id": "nap", "type": "sleep", "seconds": seconds}
    return published(*chain(nap, node("after", "same")))


def _note_lateness(trial: Trial) -> None:
    """Measure how late sleeps ended; an early one is wrong."""
    waits = Event.objects.filter(type="step_waiting")
    until = {
        pk: datetime.fromisoformat(data["until"])
        for pk, data in waits.values_list("execution", "data")
    }
    ends = Event.objects.filter(type="step_completed", data__node_id="nap")
    late = [(at - until[pk]).total_seconds() for pk, at in ends.values_list("execution", "at")]
    trial.check(len(late) == len(until), f"{len(late)} of {len(until)} sleeps have ended")
    early = sum(seconds < 0 for seconds in late)
    trial.check(not early, f"{early} sleeps ended early, by {-min(late, default=0):g} s at most")
    trial.measure(sleeps=len(late), late_p95=percentile(late, 0.95), late_max=max(late, default=0))


def wrong_clocks(trial: Trial) -> None:
    """Have one worker live an hour ahead and one an hour behind, and put them right meanwhile."""
    place = trial.place
    for sign in (1, -1):
        name = f"worker-{'ahead' if sign > 0 else 'behind'}"
        worker = place.nursery.spawn(
            name,
            [
                *("-m", "tests.chaos.shifted_clock", f"{sign * HOUR}", f"{5 + trial.size / 10}"),
                *("worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "info"),
                *("--without-gossip", "--without-mingle", "-n", f"{name}@%h"),
            ],
            {},
        )
        place.workers.append(worker)
        place.until(
            lambda worker=worker: worker.log.exists() and is_ready(worker),
            what=f"{name} to be ready",
        )
    begun = timezone.now()
    lasting = published(*chain(node("work"), node("after", "same")))
    works = [lasting, *(_sleep_of(seconds) for seconds in (2, 3, 5))]
    tried = iter(range(10**6))

    def start() -> str:
        number = next(tried)
        # Longer than a lease, so that keeping it is what is tried.
        return start_here(works[number % len(works)], work_seconds=6.0 if number % 40 == 0 else 0.1)

    ids = accept(trial, start_many(trial.size, start))
    all_complete(trial, ids, seconds=120 + trial.size * 0.5)
    bounds = (begun - _SLACK, timezone.now() + _SLACK)
    strange = Event.objects.exclude(at__range=bounds).count()
    for column in ("scheduled_at", "started_at", "ended_at", "claimed_at"):
        given = StepRun.objects.exclude(**{column: None})
        strange += given.exclude(**{f"{column}__range": bounds}).count()
    trial.check(not strange, f"{strange} recorded times are of a wrong clock")
    lost = StepRun.objects.filter(deaths__gt=0).count()
    trial.check(not lost, f"{lost} leases were thought lost")
    holders = StepRun.objects.values_list("claimed_by", flat=True)
    times = Execution.objects.values_list("created_at", "ended_at")
    trial.measure(
        workers=len({name.partition("/")[0] for name in holders if name}),
        slowest=max((end - start).total_seconds() for start, end in times if end is not None),
    )
    _note_lateness(trial)


def summer_time(trial: Trial) -> None:
    """Walk every minute of two years in each zone, and compare what is due with the slots."""
    day = timedelta(days=1)
    for zone in ZONES[: trial.size]:
        info = ZoneInfo(zone)
        for year in YEARS:
            begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
            if trial.is_smoke:
                jump = oracle.jumps(info, year=year)[0]
                begin, end = jump - day, jump + day
            minutes = list(oracle.clock(info, after=begin, before=end))
            for rule in oracle.RULES:
                schedule = Rule(cron=rule.cron, timezone=zone)
                found = slots(schedule, after=begin, before=end, limit=10**6)
                trial.tried += 1
                due = oracle.due(rule, minutes)
                trial.check(
                    found == due,
                    f"{rule.cron} in {zone} {year}: {len(set(due) - set(found))} missing, "
                    f"{len(found) - len(set(found))} double",
                )
    trial.note(f"{trial.tried} years of a rule in a zone")


def many_beats(trial: Trial) -> None:
    """Run three beats, kill one every five seconds; then none for ten minutes, and one again."""
    place = trial.place
    workflow = published([node("tick", "same")])
    every = create_schedule(Rule(interval=2, overlap="allow"), workflow=workflow, owner=None)

    with trial.every(5.0, partial(_kill_a_beat, trial)) as kills:
        let_pass(trial.size)
    told = ScheduleFire.objects.filter(schedule=every)
    now = timezone.now()
    place.until(
        lambda: told.filter(slot__gte=now).exists(), what="the next tick of a beat", seconds=40
    )
    found = list(told.order_by("slot").values_list("slot", flat=True))
    expected = slots(
        every.rule, after=found[0] - timedelta(seconds=1), before=found[-1], limit=10**5
    )
    trial.tried += len(expected)
    trial.check(found == expected, f"{len(found)} slots were fired, {len(expected)} were due")
    unstarted = told.exclude(outcome="started").count()
    trial.check(not unstarted, f"{unstarted} slots started nothing")
    trial.measure(slots=len(found), beats_killed=kills())
    delete_schedule(every.pk)
    _be_silent(trial, workflow)
    ids = Execution.objects.filter(trigger="schedule").values_list("pk", flat=True)
    trial.accepted += ids
    all_complete(trial, list(ids), seconds=60)


def _be_silent(trial: Trial, workflow: Workflow) -> None:
    """Have no clock tick for ten minutes, as the schedules see it, and compare what is made up."""
    place = trial.place
    while place.beats:
        place.beats.pop().kill()
    place.broker.flush()
    policies: tuple[CatchUp, ...] = ("none", "last", 4, 100)
    rows: list[Schedule] = []
    for policy in policies:
        # Far from now on both sides, so that no slot is only just on time.
        begin = timezone.now() - SILENCE - timedelta(seconds=45)
        rule = Rule(interval=60, catch_up=policy, overlap="allow", starts_at=begin)
        row = create_schedule(rule, workflow=workflow, owner=None)
        row.next_slot_at = row.next_fire_at = begin
        row.save(update_fields=["next_slot_at", "next_fire_at"])
        rows.append(row)
    place.start_beat()
    for row, made_up in zip(rows, (0, 1, 4, 11), strict=True):
        fires = ScheduleFire.objects.filter(schedule=row)
        place.until(fires.exists, what="a tick after the silence", seconds=40)
        counted = Counter(fires.values_list("outcome", flat=True))
        began = row.rule.starts_at
        assert began is not None
        missed = slots(
            row.rule, after=began - timedelta(seconds=1), before=timezone.now(), limit=99
        )
        trial.tried += len(missed)
        trial.check(
            (counted["started"], counted["skipped"]) == (made_up, len(missed) - made_up),
            f"catch_up={row.catch_up_word!r}: {dict(counted)} of {len(missed)} missed slots",
        )
        delete_schedule(row.pk)


FAULTS = [
    Fault(
        id="F35",
        name="workers and beats are killed while executions sleep",
        target="none early; late by ≤ 1 s at the 95th percentile, ≤ 5 s at most",
        inject=killed_in_sleep,
        needs=Needs(workers=3, beats=1),
        smoke=30,
        full=500,
        limits={"late_p95": 1.0, "late_max": 5.0},
    ),
    Fault(
        id="F36",
        name="one worker's clock is an hour ahead, another's behind, then both are put right",
        target="no timer early, no lease thought lost, no recorded time of a wrong clock",
        inject=wrong_clocks,
        needs=Needs(workers=1),
        smoke=40,
        full=400,
        databases=("postgres",),
    ),
    Fault(
        id="F37",
        name="summer time begins and ends, in eight zones over two years",
        target="fired slots = due slots: none missing, none double",
        inject=summer_time,
        needs=Needs(workers=0),
        smoke=2,
        full=len(ZONES),
        databases=("sqlite",),
    ),
    Fault(
        id="F38",
        name="three beats, one killed every 5 s; then none for ten minutes",
        target="one execution for each slot; made up for exactly as the policy says",
        inject=many_beats,
        needs=Needs(workers=2, beats=3),
        smoke=6,
        full=60,
    ),
]
