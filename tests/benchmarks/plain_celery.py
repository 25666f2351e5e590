"""Celery as its manual shows it: chains and chords over a Redis result backend.  Not durable.

The yardstick.  Refuses every setting that is not Celery's own default, except JSON.
"""

from __future__ import annotations

import os

from celery import Celery

from tests.benchmarks import first_lines

app = Celery(
    "plain",
    broker=os.environ["BENCH_PLAIN_BROKER"],
    backend=os.environ["BENCH_PLAIN_BACKEND"],
    set_as_current=False,  # the process that measures sends our own messages through the other
)
app.conf.update(worker_hijack_root_logger=False, broker_connection_retry_on_startup=True)


@app.task
def add_one(x: int) -> int:
    """The same as the step ``bench-add-one``."""
    return x + 1


@app.task
def add_up(xs: list[int]) -> int:
    """The same as the step ``bench-sum``."""
    return sum(xs)


@app.task
def stamp(x: int) -> int:
    """The same as the step ``bench-stamp``."""
    first_lines.write()
    return x + 1
