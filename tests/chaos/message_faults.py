"""F16 to F18: messages that come three times, in any order, or were never ours."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import redis
from django.db import DatabaseError, connection

from config import app
from executions_app.dispatch import EXECUTE_STEP
from executions_app.models import StepRun
from tests.chaos import copies, marks
from tests.chaos.faults import Fault, Trial
from tests.chaos.installation import Needs
from tests.chaos.outcomes import accept, all_complete, counted_messages, note_recovery
from tests.chaos.programs import wait_until
from tests.chaos.tables import ten_steps
from tests.chaos.workload import start_here, start_many, unfinished

#: Where the workers of these runs listen, with the prefix that every key of ours has.
QUEUE = "celeriac:celeriac"
UNACKED = "celeriac:unacked"


def tripled(trial: Trial) -> None:
    """Each message is sent three times, by everybody."""
    copies.order(3)
    try:
        with counted_messages(trial, copies=3):
            ids = accept(trial, start_many(trial.size, partial(start_here, ten_steps())))
            all_complete(trial, ids, seconds=60 + trial.size)
    finally:
        copies.order(1)
    starts = trial.place.marks.starts()
    again = marks.repeats(starts).total()
    for sentence in marks.overlaps(starts, trial.place.marks.effects(), {})[:10]:
        trial.fail(sentence)
    trial.measure(bodies=len(starts), repeated_bodies=again)


def without_constraints(trial: Trial) -> None:
    """Three messages each, workers that are killed, and no constraint that would catch a double."""
    place = trial.place
    for table, constraint, _ in _CONSTRAINTS:
        _say(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    copies.order(3)
    try:
        with place.kept(), trial.every(2.0, partial(place.kill_a_worker, trial.rng)) as kills:
            ids = accept(trial, start_many(trial.size, partial(start_here, ten_steps())))
            all_complete(trial, ids, seconds=120 + trial.size)
            trial.measure(kills=kills())
    finally:
        copies.order(1)
        for table, constraint, columns in _CONSTRAINTS:
            try:
                _say(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {columns}")
            except DatabaseError as error:
                trial.fail(f"{constraint} does not hold any more: {error}")
    note_recovery(trial)


_CONSTRAINTS = (
    ("executions_app_steprun", "step_run_once", "UNIQUE (execution_id, node_id)"),
    ("executions_app_event", "executions_app_event_pkey", "PRIMARY KEY (execution_id, seq)"),
)


def _say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def shuffled(trial: Trial) -> None:
    """What waits in the queue is put into another order, first all of it, then again and again."""
    place = trial.place
    for worker in place.workers:
        worker.pause()
    try:
        ids = accept(trial, start_many(trial.size, partial(start_here, ten_steps())))
        waiting = _shuffle(place.broker.client(), trial.rng)
    finally:
        for worker in place.workers:
            worker.resume()
    with (
        place.broker.client() as broker,
        counted_messages(trial),
        trial.every(0.2, partial(_shuffle, broker, trial.rng)) as shuffles,
    ):
        all_complete(trial, ids, seconds=60 + trial.size)
        trial.measure(shuffles=shuffles() + 1, waiting=waiting)


def _shuffle(broker: redis.Redis, rng: random.Random) -> int:
    """Put the messages of the queue into another order; return how many there were."""

    def exchange(pipe: Any) -> None:
        messages = pipe.lrange(QUEUE, 0, -1)
        pipe.multi()
        if messages:
            rng.shuffle(messages)
            pipe.delete(QUEUE)
            pipe.rpush(QUEUE, *messages)
        counts.append(len(messages))

    counts: list[int] = []
    broker.transaction(exchange, QUEUE)
    return counts[-1]


def senseless(trial: Trial) -> None:
    """Messages for nobody, of earlier attempts, with other shapes, names and contents."""
    place = trial.place
    first = accept(trial, [start_here(ten_steps())])
    all_complete(trial, first, seconds=60)
    row = StepRun.objects.filter(execution_id=first[0]).order_by("pk")[0]
    canary = f"canary-{uuid4().hex}"
    sent = 0
    while sent < trial.size:
        for shape in _shapes(row.pk, canary):
            shape(place.broker.client())
            sent += 1
    trial.tried += sent
    after = accept(trial, start_many(10, partial(start_here, ten_steps())))
    wait_until(
        lambda: not unfinished(after) or not any(worker.is_alive for worker in place.workers),
        what="executions to end, or every worker",
        seconds=60,
    )
    for worker in place.workers:
        trial.check(worker.is_alive, f"{worker.name} ended: {worker.text()[-500:]}")
    with place.kept(), place.broker.client() as broker:
        all_complete(trial, after, seconds=60)
        wait_until(lambda: _are_gone(broker), what="every message to be taken away", seconds=20)
    begun = sum(mark.execution_id == first[0] for mark in place.marks.starts())
    trial.check(begun == 10, f"a senseless message began a body: {begun} of 10")
    # Celery's own words about a message it cannot use quote it; ours hold nothing but ids.
    trial.measure(messages=sent, quoted_in_logs=place.logs().count(canary))


def _are_gone(broker: redis.Redis) -> bool:
    return not broker.hlen(UNACKED) and not broker.llen(QUEUE)


def _shapes(row_id: int, canary: str) -> Iterator[Any]:
    """Yield what sends one message that makes no sense."""
    arguments: list[tuple[Any, ...]] = [
        (10**9, 1),
        (row_id, 0),
        (row_id, 7),
        (2**70, 1),
        (canary, canary),
        ({"a": canary}, [2]),
        (),
        (1, 2, 3, canary),
        (None, None),
    ]
    for given in arguments:
        yield partial(_send, name=EXECUTE_STEP, args=given)
    yield partial(_send, name=f"unknown.{canary}", args=(1,))
    yield partial(_send, name="celery.backend_cleanup", args=())
    pickled, yaml = "application/x-python-serialize", "application/x-yaml"
    for content_type in (pickled, yaml, "application/data", "text/plain"):
        yield partial(_push, body=canary, content_type=content_type, name=EXECUTE_STEP)
    yield partial(_push, body="{", content_type="application/json", name=EXECUTE_STEP)
    yield partial(_push, body="[]", content_type="application/json", name=EXECUTE_STEP)
    yield partial(_push, body="7", content_type="application/json", name=EXECUTE_STEP)


def _send(broker: redis.Redis, *, name: str, args: tuple[Any, ...]) -> None:
    app.send_task(name, args=args, queue="celeriac", ignore_result=True)


def _push(broker: redis.Redis, *, body: str, content_type: str, name: str) -> None:
    """Put a message into the queue as kombu would, with a body that it never makes."""
    message = {
        "body": base64.b64encode(body.encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": content_type,
        "headers": {"lang": "py", "task": name, "id": str(uuid4()), "sent": time.time()},
        "properties": {
            "correlation_id": str(uuid4()),
            "reply_to": "",
            "delivery_mode": 2,
            "delivery_info": {"exchange": "celeriac", "routing_key": "celeriac"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }
    with broker:
        broker.lpush(QUEUE, json.dumps(message))


def forged(trial: Trial) -> None:
    """Envelopes that kombu never makes: it lets a worker end over one, so somebody restarts it."""
    place = trial.place
    envelopes = (b"\x80garbage", b"{}", b"[]", b"7", b'{"body": "x", "properties": {}}')
    ended_before = len(place.nursery.deaths())
    with place.kept():
        while trial.tried < trial.size:
            with place.broker.client() as broker:
                for envelope in envelopes:
                    broker.lpush(QUEUE, envelope)
                    trial.tried += 1
            ids = accept(trial, start_many(5, partial(start_here, ten_steps())))
            all_complete(trial, ids, seconds=120)
    trial.measure(workers_ended=len(place.nursery.deaths()) - ended_before)


NEEDS = Needs(workers=3, concurrency=4)

FAULTS = [
    Fault(
        id="F16",
        name="every message comes three times",
        target="all finish, none twice, no two bodies at once",
        inject=tripled,
        needs=NEEDS,
        smoke=30,
        full=1_000,
        seconds=1_800,
    ),
    Fault(
        id="F16b",
        name="the same, workers killed every 2 s, and no unique constraint on steps and events",
        target="all finish, none twice, and the constraints can be put back",
        inject=without_constraints,
        needs=NEEDS,
        smoke=20,
        full=500,
        databases=("postgres",),
        seconds=1_800,
    ),
    Fault(
        id="F17",
        name="messages come in any order",
        target="all finish, none twice, no orphan",
        inject=shuffled,
        needs=NEEDS,
        smoke=30,
        full=1_000,
        seconds=1_800,
    ),
    Fault(
        id="F18",
        name="messages that make no sense",
        target="all are taken away, no worker ends, no body begins",
        inject=senseless,
        needs=NEEDS,
        smoke=18,
        full=360,
    ),
    Fault(
        id="F18b",
        name="envelopes that no library makes",
        target="all finish; a worker that ends over one is back, and none runs what was in it",
        inject=forged,
        needs=NEEDS,
        smoke=5,
        full=50,
    ),
]
