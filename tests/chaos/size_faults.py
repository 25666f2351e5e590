"""F39 to F41 and F45: large payloads, large graphs, many items, and a deploy under what waits."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psutil
import redis
from django.conf import settings

from executions_app.models import Event, Execution, StepRun
from executions_app.operations.resume import resume_execution
from tests.chaos.faults import Fault, Trial
from tests.chaos.graphs import deep_graph, large_graph, wide_graph
from tests.chaos.installation import Needs, is_ready
from tests.chaos.loading import owned
from tests.chaos.marks import percentile
from tests.chaos.outcomes import accept, all_complete, all_end
from tests.chaos.tables import Node, node
from tests.chaos.worker_faults import KILL_SECONDS
from tests.chaos.workload import client, insistently, start_here, start_many, wait_for_ends
from tests.published import chain, published
from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

#: A value of this many bytes is let in, and one more byte is not.
LIMIT_BYTES: int = settings.LIMITS.value_bytes
MESSAGE_BYTES = 2_048
WIDE, DEEP = 2_000, 1_000
OPEN_ITEMS = 10


# -- F39: payloads -----------------------------------------------------------------------------


def large_values(trial: Trial) -> None:
    """Hand in, on and out what is as large as it may be, and what is larger."""
    place = trial.place
    user, ada = client(place.web_url)
    hands_on = owned(published(*chain(node("in", "same"), node("out", "same"))), user)
    doubles = owned(published([_doubling(), node("never", "same")], [["twice", "never"]]), user)
    text = "x" * (LIMIT_BYTES - 2)
    ids: list[str | None] = []
    with _widest_message(place.broker.port) as widest:
        ids += [ada.start(hands_on, input="warm") for _ in range(10)]
        trial.check(not wait_for_ends(filter(None, ids), seconds=60), "small values do not pass")
        before = {worker.pid: _memory_of(worker.pid) for worker in place.workers}
        begun = len(ada.seconds)
        ids += [ada.start(hands_on, input=text) for _ in range(trial.size)]
        start_p95 = percentile(ada.seconds[begun:], 0.95)
        all_complete(trial, accept(trial, ids), seconds=60 + trial.size)
        grown = max(_memory_of(pid) - rss for pid, rss in before.items())
    for size in (LIMIT_BYTES + 1, 10 * LIMIT_BYTES, 50 * LIMIT_BYTES):
        path = f"/api/workflows/{hands_on.pk}/execute/"
        answer = ada.ask("POST", path, json={"input": "x" * (size - 2)})
        trial.tried += 1
        status = answer.status_code if answer is not None else 0
        trial.check(status in (400, 413), f"{size} bytes are answered with {status}")
        trial.check(answer is not None and "code" in answer.json(), f"{size} bytes: no named error")
    failing = accept(trial, [ada.start(doubles, input=text)])
    all_end(trial, failing, seconds=60)
    for pk, status, error in Execution.objects.filter(pk__in=failing).values_list(
        "pk", "status", "error"
    ):
        code = (error or {}).get("code", "")
        trial.check(
            status == "failed" and code.endswith("too_large"), f"{pk} is {status}: {code!r}"
        )
    trial.measure(
        start_p95=start_p95,
        widest_message_bytes=widest.get("bytes", 0),
        worker_growth_per_payload=grown / LIMIT_BYTES / min(trial.size, 8),
    )


def _doubling() -> Node:
    given = {"from": "inputs"}
    return {"id": "twice", "type": "map", "fields": {"one": given, "two": given}}


def _memory_of(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


@contextmanager
def _widest_message(port: int) -> Iterator[dict[str, int]]:
    """Yield, under ``bytes``, how large the largest message to a worker was by now."""
    found: dict[str, int] = {"bytes": 0}
    listener = redis.Redis(port=port)

    def listen() -> None:
        try:
            with listener.monitor() as monitor:
                for said in monitor.listen():
                    if said["command"].upper().startswith("LPUSH"):
                        found["bytes"] = max(found["bytes"], len(said["command"]))
        except (redis.RedisError, OSError, ValueError):
            return

    threading.Thread(target=listen, name="monitor", daemon=True).start()
    try:
        yield found
    finally:
        listener.close()


# -- F41: items --------------------------------------------------------------------------------


def many_items(trial: Trial) -> None:
    """Run a body for each of many items, ten at a time, while workers are killed."""
    place = trial.place
    each = {
        "id": "each",
        "type": "foreach",
        "concurrency": OPEN_ITEMS,
        "body": {"nodes": [node("body", "same")]},
    }
    inputs = {"type": "array", "items": {"type": "integer"}}
    workflow = published([each], inputs=inputs)
    items = list(range(trial.size))
    begun = time.monotonic()
    with place.kept(), trial.every(KILL_SECONDS, partial(place.kill_a_worker, trial.rng)) as kills:
        ids = accept(trial, [insistently(partial(_start_with, workflow, items))])
        all_complete(trial, ids, seconds=120 + trial.size * 0.3)
        trial.measure(kills=kills())
    trial.tried = trial.size
    output = Execution.objects.get(pk=ids[0]).output
    trial.check(output == items, "the results are not those of the items, in their order")
    trial.measure(whole_run=time.monotonic() - begun, most_open=_most_open(ids[0]))
    trial.check(_most_open(ids[0]) <= OPEN_ITEMS, "more items were open than may be")


def _start_with(workflow: Workflow, items: list[int]) -> str:
    from executions_app.operations.start_execution import start_execution

    return start_execution(workflow, input_data=items, idempotency_key="items").pk


def _most_open(execution_id: str) -> int:
    """Return how many items were open at once at most, as the log has it."""
    kinds = ("step_scheduled", "step_completed", "step_failed")
    facts = Event.objects.filter(execution_id=execution_id, type__in=kinds).order_by("seq")
    open_now: set[str] = set()
    most = 0
    for kind, data in facts.values_list("type", "data"):
        key = data["node_id"]
        if not key.startswith("body["):
            continue
        if kind == "step_scheduled":
            open_now.add(key)
            most = max(most, len(open_now))
        else:
            open_now.discard(key)
    return most


# -- F45: deploys ------------------------------------------------------------------------------


def deployed_meanwhile(trial: Trial) -> None:
    """Publish other versions and replace all workers, one after another, while executions are
    suspended, asleep, and half way; then have them go on."""
    place = trial.place
    nap = {"id": "nap", "type": "sleep", "seconds": 6}
    kinds = {
        "suspended": chain(node("before"), node("ask", "ask"), node("old")),
        "asleep": chain(node("before"), nap, node("old")),
        "half way": chain(*(node(f"old{number}") for number in range(30))),
    }
    workflows = {kind: published(*parts) for kind, parts in kinds.items()}
    names = list(workflows)
    started = iter(range(10**6))
    ids = accept(
        trial,
        start_many(
            trial.size,
            lambda: start_here(workflows[names[next(started) % len(names)]], work_seconds=0.2),
        ),
    )
    asking = Execution.objects.filter(workflow=workflows["suspended"], status="suspended")
    place.until(lambda: asking.count() >= len(ids) // len(names), what="the questions to be asked")
    versions = dict(Execution.objects.values_list("pk", "version_id"))
    for kind, workflow in workflows.items():
        nodes, edges = chain(node("new"), node(f"newer-{kind[:4]}"))
        _publish(workflow, nodes, edges)
    replaced = 0
    for worker in list(place.workers):
        fresh = place.start_worker()
        place.until(
            lambda fresh=fresh: fresh.log.exists() and is_ready(fresh), what="a worker to be ready"
        )
        worker.stop()
        place.workers.remove(worker)
        replaced += 1
    for pk in list(asking.values_list("pk", flat=True)):
        resume_execution(pk, data={"go": True})
    newer = accept(
        trial, start_many(len(names), lambda: start_here(workflows[names[next(started) % 3]]))
    )
    all_complete(trial, [*ids, *newer], seconds=120 + trial.size)
    now = dict(Execution.objects.values_list("pk", "version_id"))
    moved = sum(now[pk] != version for pk, version in versions.items())
    trial.check(not moved, f"{moved} executions changed their version")
    strange = StepRun.objects.filter(execution__in=ids, node_id__startswith="new").count()
    trial.check(not strange, f"{strange} steps of a later version ran")
    trial.measure(replaced=replaced, versions=len(set(now.values())))


def _publish(workflow: Workflow, nodes: list[Node], edges: list[list[str]]) -> None:
    document: dict[str, Any] = {
        "schema_version": 1,
        "name": "chaos",
        "nodes": nodes,
        "edges": edges,
    }
    compiled = compile_document(json.loads(json.dumps(document)))
    publish_version(workflow, compiled=compiled, definition=document)


_THREE = Needs(workers=3)
FAULTS = [
    Fault(
        id="F39",
        name="values as large as they may be, and larger",
        target="1 MB works, within 1 s; more is refused by name; messages ≤ 2 KB",
        inject=large_values,
        needs=Needs(workers=2, web=True),
        smoke=5,
        full=50,
        limits={
            "start_p95": 1.0,
            "widest_message_bytes": MESSAGE_BYTES,
            "worker_growth_per_payload": 3.0,
        },
    ),
    Fault(
        id="F40",
        name="a graph of 10,000 steps",
        target="compiled ≤ 2 s, done ≤ 180 s, its last steps ≤ 1.5 × as dear as its first",
        inject=large_graph,
        needs=_THREE,
        smoke=300,
        full=10_000,
        limits={"compile_cpu": 2.0, "whole_run": 180.0, "late_to_early": 1.5},
        seconds=2_400.0,
    ),
    Fault(
        id="F40b",
        name="2,000 steps side by side and one after all",
        target="each once, the last when all have ended",
        inject=wide_graph,
        needs=_THREE,
        smoke=200,
        full=WIDE,
        limits={"compile_cpu": 2.0, "repeated": 0.0},
    ),
    Fault(
        id="F40c",
        name="1,000 steps in a row",
        target="each once; the last as cheap as the first",
        inject=deep_graph,
        needs=_THREE,
        smoke=100,
        full=DEEP,
        limits={"compile_cpu": 2.0, "late_to_early": 1.5, "repeated": 0.0},
    ),
    Fault(
        id="F41",
        name="a foreach over 10,000 items, ten open, while a worker is killed every 2 s",
        target="results in order, never more than ten open, none twice",
        inject=many_items,
        needs=_THREE,
        smoke=200,
        full=10_000,
        limits={"most_open": OPEN_ITEMS},
        seconds=3_600.0,
    ),
    Fault(
        id="F45",
        name="new versions and new workers while executions wait, sleep and work",
        target="all finish as they began",
        inject=deployed_meanwhile,
        needs=_THREE,
        smoke=12,
        full=50,
    ),
]
