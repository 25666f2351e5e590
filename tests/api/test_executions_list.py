"""``GET /api/executions/``."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app.api import execution_csv
from tests.api.execution_clients import client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


def found(user: User, **query: Any) -> list[str]:
    answer = client_of(user).get("/api/executions/", query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_the_newest_comes_first(ada: User) -> None:
    for hour in (1, 3, 2):
        an_execution(ada, id=f"e-{hour}", created_at=NOON + timedelta(hours=hour))

    assert found(ada) == ["e-3", "e-2", "e-1"]


def test_pages_hold_everything_once_also_what_was_made_at_the_same_time(ada: User) -> None:
    for number in range(7):
        an_execution(ada, id=f"e-{number}", created_at=NOON)
    client, url, seen, sizes = client_of(ada), "/api/executions/?page_size=3", [], []

    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        sizes.append(len(page["results"]))
        url = page["next"]

    assert sorted(seen) == [f"e-{number}" for number in range(7)]
    assert sizes == [3, 3, 1]


def test_each_filter_narrows(ada: User) -> None:
    one = an_execution(
        ada, id="aa-1", status="failed", trigger="cli", created_at=NOON, workflow_name="Ship it"
    )
    other = an_execution(
        ada, id="bb-2", status="completed", trigger="api", created_at=NOON + timedelta(hours=2)
    )
    later = "2026-05-04T13:00:00Z"

    assert found(ada, workflow=one.workflow_id) == [one.pk]
    assert found(ada, status="completed") == [other.pk]
    assert found(ada, status="completed,failed") == [other.pk, one.pk]
    assert found(ada, status="failed,failed,running") == [one.pk]
    assert found(ada, trigger="cli") == [one.pk]
    assert found(ada, trigger="cli,api", status="failed,cancelled") == [one.pk]
    assert found(ada, version="1") == [other.pk, one.pk]
    assert found(ada, version="2") == []
    assert found(ada, created_after=later) == [other.pk]
    assert found(ada, created_before=later) == [one.pk]
    assert found(ada, q="ship") == [one.pk]
    assert found(ada, q="bb-") == [other.pk]
    assert found(ada, q="b-2") == []
    assert found(ada, q="%") == []
    assert found(ada, q="ship", status="completed") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "query.unknown_filter"),
        ("owner=1", "query.unknown_filter"),
        ("status=done", "query.invalid"),
        ("status=failed,done", "query.invalid"),
        ("status=failed,", "query.invalid"),
        ("trigger=api, cli", "query.invalid"),
        ("status=failed&status=completed", "query.invalid"),
        ("version=x", "query.invalid"),
        ("version=0", "query.invalid"),
        ("version=99999999999999", "query.invalid"),
        ("created_after=yesterday", "query.invalid"),
        ("q=%00", "query.invalid"),
        ("workflow=%00", "query.invalid"),
        ("page_size=0", "query.invalid"),
        ("page_size=201", "query.invalid"),
        ("cursor=garbage", "query.invalid"),
        ("format=xml", "query.invalid"),
    ],
)
def test_other_questions_are_refused(ada: User, query: str, code: str) -> None:
    answer = client_of(ada).get(f"/api/executions/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def table(user: User, **query: Any) -> list[list[str]]:
    answer = client_of(user).get("/api/executions/", {"format": "csv", **query})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="executions.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_a_table_has_what_the_list_has(ada: User) -> None:
    later = NOON + timedelta(hours=1)
    one = an_execution(ada, id="e-1", status="failed", created_at=NOON, workflow_name='A, "b"\nc')
    ended = later + timedelta(seconds=2.5)
    an_execution(
        ada, id="e-2", status="completed", created_at=later, started_at=later, ended_at=ended
    )
    an_execution(a_user(), status="failed")

    head, second, first = table(ada)

    assert dict(zip(head, first, strict=True)) == {
        "id": "e-1",
        "workflow": one.workflow_id,
        "workflow_name": 'A, "b"\nc',
        "version": "1",
        "status": "failed",
        "trigger": "api",
        "owner": ada.username,
        "resource_id": "",
        "created_at": "2026-05-04T12:00:00Z",
        "started_at": "",
        "ended_at": "",
        "seconds": "",
    }
    assert second[-3:] == ["2026-05-04T13:00:00Z", "2026-05-04T13:00:02.500000Z", "2.5"]
    assert [row[0] for row in table(ada, status="failed,cancelled")] == ["id", "e-1"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_becomes_a_formula(ada: User, name: str) -> None:
    an_execution(ada, workflow_name=name, resource_id=name)

    row = table(ada)[1]

    assert (row[2], row[7]) == (f"'{name}", f"'{name}")


def test_a_table_that_is_cut_says_so(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution_csv, "MAX_ROWS", 2)
    for hour in range(3):
        an_execution(ada, id=f"e-{hour}", created_at=NOON + timedelta(hours=hour))

    cut, whole = table(ada), table(ada, created_after="2026-05-04T12:30:00Z")

    assert [row[0] for row in cut[:3]] == ["id", "e-2", "e-1"]
    assert cut[3][0].startswith("... there is more")
    assert [row[0] for row in whole] == ["id", "e-2", "e-1"]


def test_a_page_costs_the_same_however_many_there_are(ada: User) -> None:
    client = client_of(ada)
    statements = []
    for count in (1, 20):
        for _ in range(count):
            an_execution(ada, input={"big": "x" * 1000})
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/api/executions/?page_size=5")
        statements.append([query["sql"] for query in captured])

    assert len(statements[0]) == len(statements[1])
    [page] = [sql for sql in statements[1] if 'FROM "executions_app_execution"' in sql]
    assert "COUNT(" not in page
    for column in ("input", "output", "error", "state", "runtime_context", "plan", "definition"):
        assert f'"{column}"' not in page


def test_a_page_is_read_along_an_index(ada: User) -> None:
    for _ in range(3):
        an_execution(ada)
    with CaptureQueriesContext(connection) as captured:
        client_of(ada).get("/api/executions/")
    [page] = [q["sql"] for q in captured if 'FROM "executions_app_execution"' in q["sql"]]
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL scans a table of three rows, rightly")

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {page}")
        steps = " ".join(row[3] for row in cursor.fetchall())

    assert "execution_by_owner" in steps
    assert "TEMP B-TREE" not in steps
