"""Reading logs from their beginning: what may not follow what.  For :mod:`.invariants`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from executions_app.engine.events import ExecutionReopened
from executions_app.models import Event, Execution
from tests.chaos.marks import Mark
from workflows_app.interface import get_plan
from workflows_app.language.plan import node_of

_SETTLED_WELL = ("step_completed", "step_skipped")
#: Clocks of the database and of bodies are one machine's, but read at different moments.
_SLACK_SECONDS = 0.005

Fact = tuple[str, str, dict[str, Any], datetime]
"""Type, source, data, time."""


def logs(*types: str) -> Iterator[tuple[str, list[Fact]]]:
    """Yield each log: the root's id, and its facts of these types (of all) in order.

    Logs that somebody reopened are left out: in them much may happen twice.
    """
    opened = Event.objects.filter(type=ExecutionReopened.type).values("execution_id")
    facts = Event.objects.exclude(execution_id__in=opened).order_by("execution_id", "seq")
    if types:
        facts = facts.filter(type__in=types)
    gathered: list[Fact] = []
    current = ""
    for pk, *fact in facts.values_list("execution_id", "type", "source", "data", "at").iterator():
        if pk != current and gathered:
            yield current, gathered
            gathered = []
        current = pk
        gathered.append((fact[0], fact[1], fact[2], fact[3]))
    if gathered:
        yield current, gathered


def begun(starts: Iterable[Mark]) -> Counter[str]:
    """Return how often the body of each run, by its idempotency key, began."""
    return Counter(mark.idempotency_key for mark in starts)


def early_starts() -> Iterator[str]:
    """Yield what was scheduled before enough of what it needs had settled well."""
    versions = dict(Execution.objects.values_list("pk", "version_id"))
    for root, facts in logs("step_scheduled", "step_failed", *_SETTLED_WELL):
        settled: set[tuple[str, str]] = set()
        for kind, source, data, _ in facts:
            key = data["node_id"]
            if kind in _SETTLED_WELL or (kind == "step_failed" and data.get("handled")):
                settled.add((source, key))
            elif kind == "step_scheduled":
                node = get_plan(versions[source or root]).by_id[node_of(key)]
                rounds = key[len(node.id) :]
                met = sum((source, need + rounds) in settled for need in node.needs)
                if met < node.required:
                    yield f"{key} of {root} began with {met} of {node.required} needs met"


def answered_too_often() -> Iterator[str]:
    """Yield runs that were resumed more often than they had asked, or waited for an event."""
    kinds = ("step_suspended", "step_waiting", "step_resumed")
    for root, facts in logs(*kinds):
        asked: Counter[tuple[str, str]] = Counter()
        for kind, source, data, _ in facts:
            asked[source, data["node_id"]] += -1 if kind == "step_resumed" else 1
        for (_, key), left in asked.items():
            if left < 0:
                yield f"{key} of {root} was resumed {-left} times too often"


def begun_after_stopping() -> Iterator[str]:
    """Yield what was scheduled, or begun, after somebody had stopped the execution."""
    for root, facts in logs("execution_stopping", "step_scheduled", "step_started"):
        stopped: dict[str, datetime] = {}
        for kind, source, data, at in facts:
            if kind == "execution_stopping":
                stopped.setdefault(source, at)
                continue
            since = stopped.get(source)
            if since is None:
                continue
            started = data.get("started_at")
            when = datetime.fromisoformat(started) if started else at
            if kind == "step_scheduled" or when > since:
                yield f"{data['node_id']} of {root} began at {when} though stopped at {since}"


def early_timers(starts: Iterable[Mark]) -> Iterator[str]:
    """Yield waits that ended, and tries that began, before their time."""
    tries: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in starts:
        tries[mark.idempotency_key].append(mark)
    kinds = ("step_waiting", "step_resumed", "step_completed", "step_retrying", "step_failed")
    for root, facts in logs(*kinds):
        until: dict[tuple[str, str], datetime] = {}
        for kind, source, data, at in facts:
            run = source, data["node_id"]
            if kind == "step_waiting":
                if data.get("until") and not data.get("event"):
                    until[run] = datetime.fromisoformat(data["until"])
            elif kind == "step_retrying":
                yield from _early_tries(root, source, data, tries)
            elif run in until and at < (due := until.pop(run)):
                yield f"{run[1]} of {root} waited until {at}, not until {due}"


def _early_tries(
    root: str, source: str, data: dict[str, Any], tries: dict[str, list[Mark]]
) -> Iterator[str]:
    due = datetime.fromisoformat(data["retry_at"]).timestamp()
    key = f"{source or root}:{data['node_id']}"
    for mark in tries.get(key, ()):
        if mark.retry_count == data["attempt"] and mark.at < due - _SLACK_SECONDS:
            yield f"try {mark.retry_count} of {key} began {due - mark.at:.3f} s early"
