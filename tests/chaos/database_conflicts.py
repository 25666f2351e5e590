"""Bodies of F23 to F25: a database in conflict, without a connection left, or locked."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from functools import partial

import psycopg
from django.db import connection
from django.utils import timezone

from executions_app.models import StepRun
from tests.chaos.faults import Trial
from tests.chaos.loading import (
    let_pass,
    loading,
    loading_on,
    note_repeats,
    owned,
    several,
    until_a_step_ends,
)
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.tables import ten_steps
from tests.chaos.workload import client, start_here, start_many


def deadlocks(trial: Trial) -> None:
    """Lock what our transactions lock, in the other order, so that they are what must give up."""
    place, workflow = trial.place, ten_steps()
    assert place.postgres is not None
    url, before = place.postgres.url, _deadlocks()
    ids = accept(trial, start_many(20, partial(start_here, workflow)))
    all_complete(trial, ids, seconds=120)
    trial.check(_deadlocks() == before, "our own transactions lock each other out")

    def collide() -> None:
        held = StepRun.objects.filter(claimed_at__isnull=False, ended_at=None).order_by("?")
        row = held.values_list("pk", "root_id").first()
        if row is None:
            return
        with psycopg.connect(url) as session, suppress(psycopg.OperationalError):
            # Whoever waits for a second looks for a deadlock, and gives up if there is one.
            session.execute("SET deadlock_timeout = '20s'; SET lock_timeout = '3s'")
            session.execute("SELECT FROM executions_app_steprun WHERE id = %s FOR UPDATE", row[:1])
            let_pass(0.05)
            session.execute(
                "SELECT FROM executions_app_execution WHERE id = %s FOR UPDATE", row[1:]
            )
            session.rollback()

    with (
        loading_on(trial, partial(start_here, workflow, work_seconds=0.1)),
        several(trial, collide, at_once=8),
    ):
        place.until(
            lambda: _deadlocks() - before >= trial.size,
            what=f"{trial.size} deadlocks",
            seconds=60 + trial.size * 3,
        )
    trial.measure(deadlocks=_deadlocks() - before)
    note_repeats(trial)


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(deadlocks) FROM pg_stat_database")
        return int(cursor.fetchone()[0])


def no_connection_left(trial: Trial) -> None:
    """Take every connection there is, workers' too, and hold them for ten seconds."""
    place, hold_seconds = trial.place, 3.0 if trial.is_smoke else 10.0
    assert place.postgres is not None
    url = place.postgres.url
    user, ada = client(place.web_url)
    held: list[psycopg.Connection] = []
    answers: dict[int, float] = {}
    with loading(trial, partial(ada.start, owned(ten_steps(), user))) as share:
        place.until(lambda: share() >= 0.2, what="the load to run")
        connection.close()
        until = time.monotonic() + hold_seconds
        while time.monotonic() < until:
            _take_all(url, held)
            begun = time.monotonic()
            answer = ada.ask("GET", "/api/executions/")
            status = answer.status_code if answer is not None else 0
            answers[status] = max(answers.get(status, 0), time.monotonic() - begun)
            if answer is not None and status == 503:
                trial.check(answer.headers.get("Retry-After"), "a 503 without Retry-After")
        for one in held:
            one.close()
    trial.check(503 in answers, f"the API never said that it is busy: {sorted(answers)}")
    trial.check(set(answers) <= {200, 503}, f"the API answered {sorted(answers)}")
    trial.measure(held=len(held), busy_after=answers.get(503, 0))
    note_repeats(trial)


def _take_all(url: str, held: list[psycopg.Connection]) -> None:
    """Take what is free, have everybody else's ended, and take what that has freed."""
    for _ in range(3):
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(url, autocommit=True, connect_timeout=5))
        held[0].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> ALL(%s) AND backend_type = 'client backend'",
            [[one.info.backend_pid for one in held]],
        )


def locked_file(trial: Trial, *, seconds: float) -> None:
    """Hold SQLite's lock, as another program that writes would, under load."""
    place = trial.place
    with loading(trial, partial(start_here, ten_steps(step="same"))) as share:
        place.until(lambda: share() >= 0.2, what="the load to run")
        writer = sqlite3.connect(place.directory / "celeriac.sqlite3", timeout=60)
        writer.isolation_level = None
        writer.execute("BEGIN IMMEDIATE")
        let_pass(2.0 if trial.is_smoke else seconds)
        writer.execute("ROLLBACK")
        writer.close()
        first_step = until_a_step_ends(timezone.now())
    trial.measure(workers=place.needs.workers, first_step=first_step)
    note_repeats(trial)
