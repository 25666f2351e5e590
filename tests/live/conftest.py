"""Fixtures of the live tests: workers that stay between tests, and a stage to run workflows on."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from executions_app import dispatch
from tests import flush
from tests.live.running import Stage, no_orphans
from tests.live.workers import Crew, wait_until
from tests.services import Services
from workflows_app.authoring.registry import registry
from workflows_app.startup import discover

WORKERS = 2


# Not for the whole session: workers that stay would take up the steps of other tests.
@pytest.fixture(scope="package")
def crew(
    services: Services, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crew]:
    """The workers of these tests, on their database and their broker."""
    environment = services.environment(connection.settings_dict)
    environment["DJANGO_SETTINGS_MODULE"] = "tests.live.settings"
    environment["UNKNOWN_STEP_GRACE_SECONDS"] = "2"
    crew = Crew(environment, tmp_path_factory.mktemp("workers"))
    yield crew
    crew.dismiss()


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the ``django_db`` marker gives these tests: the database as other processes see it."""
    with django_db_blocker.unblock():
        yield
        flush.restore()
        connection.close()


@pytest.fixture
def live_steps(_django_db_helper: None) -> Iterator[None]:
    """The steps of the live tests, known to this process for one test.

    They leave the registry before the tables are put in order, so that no other test meets them.
    """
    before = {item.name: copy(getattr(registry, item.name)) for item in fields(registry)}
    if _loaded:
        _put(_loaded)
    else:
        discover("tests.live.workflows_for_tests.workflows")
        assert not registry.problems
        _loaded.update({item.name: copy(getattr(registry, item.name)) for item in fields(registry)})
    yield
    _put(before)


_loaded: dict[str, Any] = {}


def _put(state: dict[str, Any]) -> None:
    for name, value in state.items():
        setattr(registry, name, copy(value))


@pytest.fixture
def bare_stage(live_steps: None, services: Services, tmp_path: Path) -> Iterator[Stage]:
    """A stage without any promise about workers; afterwards nothing may be forgotten."""
    assert services.redis_url
    dispatch._breaker = dispatch._Breaker()
    yield Stage(tmp_path)
    wait_until(no_orphans, what="no execution that nothing moves on", seconds=1.0)


@pytest.fixture
def stage(bare_stage: Stage, crew: Crew) -> Stage:
    """A stage with two workers."""
    crew.hire(WORKERS)
    return bare_stage
