"""Fixtures every test may use: the running stores, and the choice of tests that use a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests import flush, scheduling
from tests.semantics import summary
from tests.services import Services

flush.install()

#: Said here, because with several processes the one that says it loads no other file of hooks.
pytest_terminal_summary = summary.pytest_terminal_summary

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out tests that use no database, as on a second run with another one",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        left_out = [item for item in items if not _uses_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _uses_database(item)]
    if hasattr(config, "workerinput"):
        items[:] = scheduling.in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> scheduling.LongestFirst:
    config.option.loadscopereorder = False
    return scheduling.LongestFirst(config, log)


def _uses_database(item: pytest.Item) -> bool:
    asked = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(asked) or any(True for _ in item.iter_markers("django_db"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database; what is in it now is what every test will find."""
    with django_db_blocker.unblock():
        flush.remember()


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """The stores of this test run: ``services.redis_url``, ``services.postgres_url``."""
    running = Services(settings.STATE_DIR, given_redis_url=settings.REDIS_URL_GIVEN)
    yield running
    running.stop()


@pytest.fixture
def redis_url(services: Services) -> str:
    """The address of a running Redis-compatible server; it is ``settings.REDIS_URL`` too."""
    return services.redis_url


@pytest.fixture
def postgres_url(services: Services) -> str:
    """The address of a running PostgreSQL server, whichever database this run uses."""
    return services.postgres_url
