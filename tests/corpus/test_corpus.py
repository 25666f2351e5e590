"""Executions stored by this format and by earlier ones fold, say why they wait, and finish."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from executions_app.engine.events import EVENT_TYPES
from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus
from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.testing import Engine, in_memory
from executions_app.waiting_reasons import Code, waiting_reasons
from tests.corpus import files, stories
from tests.corpus.finishing import ending_of, finish
from tests.deploys.releases import a_fresh_registry
from workflows_app.authoring.registry import registry
from workflows_app.language.plan import NodeKind

FILES = files.every_file()
FORMATS = sorted({path.parent.name for path in FILES})


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


# After the tables are made: with them the workflows that are known are written for good.
@pytest.fixture(scope="module")
def bodies(django_db_setup: None) -> Iterator[None]:
    """The steps that stored executions call, and nothing else."""
    with a_fresh_registry():
        registry.clear()
        stories.workflows()
        logging.getLogger("celeriac").setLevel(logging.ERROR)
        yield
        logging.getLogger("celeriac").setLevel(logging.NOTSET)


def loaded(path: Path) -> tuple[dict[str, Any], Engine]:
    """Return what ``path`` holds, with its rows in the tables and its clock."""
    stored = files.read(path)
    files.load(stored["tables"])
    now = parse_datetime(stored["now"])
    assert now is not None
    return stored, Engine(now)


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_stored_execution_folds_and_finishes(bodies: None, path: Path) -> None:
    stored, clock = loaded(path)
    execution_id = stored["execution"]
    ids = list(Execution.objects.values_list("pk", flat=True))

    with in_memory(clock.now) as engine:
        assert ending_of(execution_id) == stored["stands"]
        assert [it for pk in ids for it in differences(pk)] == []
        assert list(orphans()) == []
        reasons = {it.code for it in waiting_reasons(Execution.objects.get(pk=execution_id))}
        assert bool(reasons) == (stored["stands"]["status"] not in FINAL)
        assert not reasons & {Code.NOTHING, Code.PLAN_UNREADABLE}

        ends = finish(engine, execution_id, stored["finish"])

        assert ends == stored["ends"]
        assert [it for pk in ids for it in differences(pk)] == []
        assert list(orphans()) == []


def _all(format: str) -> list[dict[str, Any]]:
    return [files.read(path) for path in FILES if path.parent.name == format]


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_stored_all_that_there_was(format: str) -> None:
    stored = _all(format)
    rows = [row for it in stored for row in it["tables"]["StepRun"]]
    executions = [row for it in stored for row in it["tables"]["Execution"]]

    assert len(stored) >= 50
    assert {it["ends"]["status"] for it in stored} <= {status.value for status in FINAL}
    if format == FORMATS[-1]:  # the newest: this release's own
        # A map, a branch, a bail or a tool is over as soon as it has begun.
        assert {row["kind"] for row in rows} == {kind.value for kind in NodeKind}
        assert {row["status"] for row in executions} == {it.value for it in ExecutionStatus}
        assert {row["status"] for row in rows} >= {status.value for status in UNSETTLED}
        assert any(row["claimed_at"] for row in rows)


def test_the_newest_format_has_every_kind_of_event() -> None:
    seen = {row["type"] for it in _all(FORMATS[-1]) for row in it["tables"]["Event"]}

    assert set(EVENT_TYPES) - seen == set()
