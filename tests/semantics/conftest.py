"""Fixtures of the scenarios: the workflows, the two drivers, and the stage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from executions_app import dispatch
from executions_app.testing import in_memory
from tests import flush
from tests.live.workers import Crew
from tests.semantics import diary, loading, summary
from tests.semantics.catalogue import DRIVERS
from tests.semantics.stage import Stage
from tests.services import Services
from workflows_app.startup import sync

WORKERS = 2
SCENARIOS = loading.with_scenarios()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scenario(number, sentence): tells a numbered scenario")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each telling its number and driver, and drop those that would say nothing."""
    dropped = []
    for item in items:
        mark = item.get_closest_marker("scenario")
        if mark is None:
            continue
        driver = item.callspec.params.get("driver", "")  # type: ignore[attr-defined]
        if driver not in mark.kwargs["drivers"]:
            dropped.append(item)
        item.user_properties.append((summary.PROPERTY, [mark.args[0], driver]))
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in set(dropped)]


@pytest.fixture(scope="package")
def told_workflows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The scenarios' workflows, known to this process and its tables until no scenario is left."""
    before = loading.known()
    loading.put(SCENARIOS)
    assert not SCENARIOS["problems"]
    with django_db_blocker.unblock():
        sync()
        connection.close()
    yield
    loading.put(before)
    with django_db_blocker.unblock():
        flush.restore()
        connection.close()


# One after the other: workers that are there would take up what is due in memory.
@pytest.fixture(scope="package", params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="package")
def crew(
    services: Services, told_workflows: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crew]:
    """The workers of the scenarios, on their database and their broker."""
    environment = services.environment(connection.settings_dict)
    environment["DJANGO_SETTINGS_MODULE"] = "tests.semantics.settings"
    crew = Crew(environment, tmp_path_factory.mktemp("workers"))
    yield crew
    crew.dismiss()


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the ``django_db`` marker gives these tests: the database as other processes see it.

    Deleting the rows a test wrote takes milliseconds where flushing all tables takes seconds.
    """
    with django_db_blocker.unblock():
        yield
        _delete_executions()
        connection.close()


@pytest.fixture
def stage(
    driver: str,
    told_workflows: None,
    _django_db_helper: None,
    services: Services,
    request: pytest.FixtureRequest,
) -> Iterator[Stage]:
    """A stage under either driver; afterwards rows equal the log, and nothing is forgotten."""
    diary.clear()
    assert services.redis_url
    if driver == "memory":
        stage = Stage(engine=None)
        with in_memory(choose=lambda count: stage.choose(count)) as engine:
            stage.engine = engine
            yield stage
            stage.check_laws()
        return
    dispatch._breaker = dispatch._Breaker()
    request.getfixturevalue("crew").hire(WORKERS)
    stage = Stage(engine=None)
    yield stage
    stage.check_laws()


def _delete_executions() -> None:
    with transaction.atomic():  # constraints are looked at when it ends, so any order will do
        _delete("executions_app")
        User.objects.all().delete()


def _delete(app: str) -> None:
    for model in apps.get_app_config(app).get_models():
        rows = model._default_manager.all()
        rows._raw_delete(rows.db)
