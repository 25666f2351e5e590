"""What queueing costs: nothing without limits; with them the same however many wait or ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app import database
from executions_app.engine.outcomes import Succeeded
from executions_app.models import Execution
from executions_app.operations.admit_waiting import admit_waiting
from executions_app.operations.record_attempt import record_outcome
from executions_app.operations.start_execution import start_execution
from executions_app.place_in_line import MOST_COUNTED, place_in_line
from executions_app.runner.execute import Attempt
from tests.journal.histories import ListBroker, publish
from tests.queueing.lanes import ONE_STEP, claimed, limited, statuses
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 10_000
#: An end that lets the next one begin, a start that waits, and a look at one that does.
MOST_STATEMENTS = {"end": 21, "start": 9, "place": 3}
INDEXES = {"execution_in_line", "execution_in_place", "execution_starts"}


def _texts(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured]


def _multiply(execution: Execution, count: int) -> None:
    """Put ``count`` executions like ``execution`` into its lane, behind it, as rows only."""
    table = Execution._meta.db_table
    columns = [field.column for field in Execution._meta.concrete_fields]
    others = [
        connection.ops.quote_name(name) for name in columns if name not in ("id", "created_at")
    ]
    later = database.exact_now() + timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
            f"INSERT INTO {table} (id, created_at, {', '.join(others)}) "
            f"SELECT id || '-' || n, %s, {', '.join(others)} FROM {table}, numbers WHERE id = %s",
            [count, connection.ops.adapt_datetimefield_value(later), execution.pk],
        )
        cursor.execute("ANALYZE")


def _end(workflow: Workflow) -> list[str]:
    """Return the statements of the end of what goes on."""
    mine = claimed(Execution.objects.get(workflow=workflow, status="running"))
    return _texts(lambda: record_outcome(mine, Attempt(outcome=Succeeded(output=None))))


def test_a_workflow_without_limits_pays_nothing(broker: ListBroker) -> None:
    workflow = publish(ONE_STEP)
    start_execution(workflow)

    texts = _end(workflow) + _texts(lambda: start_execution(workflow))

    assert not [text for text in texts if "'pending' AND" in text or "advisory" in text]


def test_starting_and_ending_cost_the_same_however_many_wait_or_have_ended(
    broker: ListBroker,
) -> None:
    workflow = limited(1, start_rate={"limit": 20, "per": 0.001})
    start, look = partial(start_execution, workflow), partial(_end, workflow)
    for _ in range(4):
        start()

    def round_() -> dict[str, int]:
        waiting = Execution.objects.filter(workflow=workflow, status="pending").first()
        assert waiting is not None
        return {
            "end": len(look()),
            "start": len(_texts(start)),
            "place": len(_texts(lambda: place_in_line(waiting))),
        }

    before = round_()
    _multiply(Execution.objects.filter(status="pending").first(), MANY)
    _multiply(Execution.objects.filter(status="completed").first(), MANY)
    after = round_()

    assert after == before
    assert all(count <= MOST_STATEMENTS[name] for name, count in after.items())
    assert _indexes_used(look()) == INDEXES
    last = Execution.objects.filter(status="pending").first()
    assert last is not None
    place = place_in_line(last)
    assert place is not None
    assert place.ahead == MOST_COUNTED


def _indexes_used(texts: list[str]) -> set[str]:
    """Return which of our indexes the queries among ``texts`` are answered with."""
    found = [row for text in texts if text.startswith("SELECT") for row in _plan_of(text)]
    return {name for name in INDEXES if any(name in row for row in found)}


def _plan_of(text: str) -> list[str]:
    """Return how the database answers the query ``text``."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {text}")
        return [str(row) for row in cursor.fetchall()]


def test_a_rescuer_looks_at_each_lane_once_however_many_wait_in_it(broker: ListBroker) -> None:
    workflow = limited(1, key="inputs.who")
    executions = [
        start_execution(workflow, input_data={"who": who}) for who in ("a", "a", "b", "b", "c")
    ]
    before = len(_texts(admit_waiting))
    _multiply(executions[1], MANY)

    assert len(_texts(admit_waiting)) == before
    if connection.vendor == "sqlite":
        (text,) = _texts(admit_waiting)
        steps = [row for row in _plan_of(text) if "execution_in_line" in row]
        assert [row for row in steps if "lane>?" not in row and "workflow_id>?" not in row] == []
    assert admit_waiting() == 0
    assert statuses(executions) == ["running", "pending", "running", "pending", "running"]
