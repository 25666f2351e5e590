"""Fixtures of the live tests: one web process for all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.streaming.web import Web


@pytest.fixture(scope="session")
def web(django_db_setup: None) -> Iterator[Web]:
    """A running web process on the test's database; use it with ``transactional_db``."""
    # Socket paths are short, and pytest's own directories are not.
    with tempfile.TemporaryDirectory(prefix="celeriac-web-") as directory:
        web = Web(Path(directory), connection.settings_dict)
        web.start()
        yield web
        web.stop()
        assert "Traceback" not in web.log(), web.log()
