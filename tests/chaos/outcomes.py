"""What faults have in common: starts that were accepted, ends that come, and what it all cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from executions_app.models import Execution, StepRun
from executions_app.operations.rescue import MAX_DEATHS
from tests.chaos import marks
from tests.chaos.faults import Trial
from tests.chaos.workload import insistently, start_many, wait_for_ends, wait_for_room

#: Leases and rounds of the rescuer in the profile of these runs, in seconds.
LEASE, RESCUE = 4.0, 1.0
#: A step that began so long after it came due was not told of, or not heard.
LATE_SECONDS = 0.7
#: Messages for a step.  One that stands in line for a minute is sent for seven times.
STORM = 8


def accept(trial: Trial, started: Sequence[str | None]) -> list[str]:
    """Note which starts were accepted; return their ids."""
    accepted = [pk for pk in started if pk is not None]
    trial.accepted += accepted
    trial.tried += len(started)
    if len(accepted) < len(started):
        trial.fail(f"{len(started) - len(accepted)} starts were never accepted")
    return accepted


def start_steadily(
    trial: Trial, start: Callable[[], str | None], *, in_flight: int = 20
) -> list[str]:
    """Start ``trial.size`` executions, no more at a time than workers can run; return their ids.

    Otherwise what a crash delays would wait behind everything else, and the wait in that line be
    taken for the time that recovering takes.
    """
    ids: list[str] = []
    while len(ids) < trial.size and not trial.failures:
        part = min(5, trial.size - len(ids))
        ids += accept(trial, start_many(part, start))
        wait_for_room(ids, less_than=in_flight)
    return ids


def all_complete(trial: Trial, ids: Sequence[str], *, seconds: float) -> None:
    """Wait for every end, and note which do not come, or are failures.

    A step that lost three workers by bad luck is given up as one that kills them would be; how many
    did is measured, and is no failure.
    """
    all_end(trial, ids, seconds=seconds)
    wanted, given_up = set(ids), 0
    rows = insistently(lambda: list(Execution.objects.values_list("pk", "status", "error")))
    for pk, status, error in rows:
        if pk not in wanted or status == "completed":
            continue
        deadly = StepRun.objects.filter(root_id=pk, deaths__gte=MAX_DEATHS).exists()
        if deadly and (error or {}).get("code") == "step.worker_lost":
            given_up += 1
        elif status in ("failed", "cancelled"):
            trial.fail(f"{pk} is {status}: {error}")
    if given_up:
        trial.measure(given_up=given_up)


def all_end(trial: Trial, ids: Sequence[str], *, seconds: float) -> None:
    """Wait for every end, and note which do not come."""
    left = wait_for_ends(ids, seconds=seconds)
    for pk in left[:10]:
        trial.fail(f"{pk} has not ended after {seconds:g} s: {_where(pk)}")
    if len(left) > 10:
        trial.fail(f"... and {len(left) - 10} more")


def _where(pk: str) -> object:
    rows = StepRun.objects.filter(root_id=pk, ended_at=None)
    names = (
        "node_id",
        "status",
        "claimed_by",
        "claimed_at",
        "wake_at",
        "due_at",
        "sends",
        "deaths",
    )
    return insistently(lambda: list(rows.values(*names)[:3]))


def note_recovery(trial: Trial, more_deaths: Mapping[int, float] | None = None) -> None:
    """Measure how long bodies whose process died stood still, and how many ran again.

    ``more_deaths`` says by process when others died than our own children (seconds since 1970).
    """
    starts, effects = trial.place.marks.starts(), trial.place.marks.effects()
    deaths = {**trial.place.nursery.deaths(), **(more_deaths or {})}
    seconds = marks.recoveries(starts, deaths)
    again = marks.repeats(starts)
    trial.measure(
        recovered=len(seconds),
        recovery_p95=marks.percentile(seconds, 0.95),
        recovery_max=max(seconds, default=0.0),
        bodies=len(starts),
        repeated_percent=100 * again.total() / max(1, len(starts)),
    )
    # A worker too slow to keep its lease looks dead: both bodies run, one of them counts.
    trial.measure(side_by_side=len(marks.overlaps(starts, effects, deaths)))


def note_delays(trial: Trial) -> None:
    """Measure how long steps stood due before they first began, and how many were late."""
    due = {
        f"{pk}:{node_id}": at.timestamp()
        for pk, node_id, at in StepRun.objects.filter(scheduled_at__isnull=False).values_list(
            "execution_id", "node_id", "scheduled_at"
        )
    }
    first: dict[str, float] = {}
    for mark in trial.place.marks.starts():
        first.setdefault(mark.idempotency_key, mark.at)
    seconds = [at - due[key] for key, at in first.items() if key in due]
    late = [delay for delay in seconds if delay > LATE_SECONDS]
    trial.measure(
        sent_again=StepRun.objects.filter(sends__gt=1).count(),
        late=len(late),
        delay_p95=marks.percentile(seconds, 0.95),
        delay_max=max(seconds, default=0),
    )


@contextmanager
def counted_messages(trial: Trial, *, copies: int = 1) -> Iterator[None]:
    """Measure how many messages a step are sent in the block, of ``copies`` each.

    Who sends again what nobody has taken yet makes the line longer in which it waits; so many that
    only this explains them are a failure.
    """
    before = trial.place.broker.pushes()
    yield
    sent = (trial.place.broker.pushes() - before) / copies
    steps = StepRun.objects.filter(scheduled_at__isnull=False).count()
    trial.measure(messages_for_a_step=sent / max(1, steps))
    trial.check(sent <= STORM * steps, f"{sent:g} messages were sent for {steps} steps")


def same_keys(trial: Trial) -> None:
    """Note bodies that began again under another idempotency key than the first time."""
    keys: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for mark in trial.place.marks.starts():
        keys[mark.execution_id, mark.step_id].add(mark.idempotency_key)
    for (pk, step_id), found in keys.items():
        trial.check(len(found) == 1, f"{step_id} of {pk} began under the keys {sorted(found)}")
