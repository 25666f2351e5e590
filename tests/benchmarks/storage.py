"""What the stores say of themselves: their size, how often they were written to, how fast they are.

Refuses to touch the tables of executions, except for reading.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from redis import Redis

from executions_app.models import Event, Execution, StepRun

_TRIES = 300


def used_bytes() -> int:
    """Return the size of all tables and indexes (SQLite) or of those of executions."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT (page_count - freelist_count) * page_size "
                "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
            )
            return int(cursor.fetchone()[0])
        tables = [model._meta.db_table for model in (Execution, StepRun, Event)]
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name",
            [tables],
        )
        return int(cursor.fetchone()[0])


def commits_and_log_bytes() -> tuple[int, int] | None:
    """Return how many transactions have written so far, and how much they wrote to the log.

    PostgreSQL only: both are counters of the whole server.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, "
            "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        )
        commits, log_bytes = cursor.fetchone()
        return int(commits), int(log_bytes)


def server_version() -> str:
    """Return what the database calls itself, and what a commit promises there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}, WAL, synchronous NORMAL"
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('synchronous_commit'), "
            "current_setting('fsync')"
        )
        version, commit, fsync = cursor.fetchone()
        return f"PostgreSQL {version}, synchronous_commit {commit}, fsync {fsync}"


def round_trips() -> dict[str, float]:
    """Return what the machine lets a round trip take just now, in milliseconds (medians).

    A step makes many of them, so this says how far times of two runs can be compared.
    """
    insert = "INSERT INTO benchmark_commits VALUES (1)"
    with Redis.from_url(settings.REDIS_URL) as client, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_commits (n integer)")
        found = {
            "redis_ms": _median(client.ping),
            "query_ms": _median(lambda: cursor.execute("SELECT 1")),
            "commit_ms": _median(lambda: cursor.execute(insert)),
        }
        cursor.execute("DROP TABLE benchmark_commits")
    return found


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(_TRIES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 3)
