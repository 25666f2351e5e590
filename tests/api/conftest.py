"""People of the API's tests, and the clients they speak through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.api.definitions import greeting
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _no_tries_to_log_in() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada(db: None) -> Any:
    """The owner of what the tests look at."""
    return get_user_model().objects.create_user("ada", password=PASSWORD)


@pytest.fixture
def bob(db: None) -> Any:
    """Somebody else."""
    return get_user_model().objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def root(db: None) -> Any:
    """A superuser."""
    return get_user_model().objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def client_of() -> Callable[[Any], APIClient]:
    """Return the client of a user, who sends a token; of nobody for ``None``."""

    def make(user: Any) -> APIClient:
        client = APIClient()
        if user is not None:
            _, token = AuthToken.objects.create(user=user)
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return make


@pytest.fixture
def api(client_of: Callable[[Any], APIClient], ada: Any) -> APIClient:
    """Ada's client."""
    return client_of(ada)


@pytest.fixture
def workflow(ada: Any) -> Workflow:
    """A workflow of Ada's that can run."""
    return create_draft(definition=greeting(), owner=ada)


@pytest.fixture
def python_workflow(db: None, ada: Any) -> Workflow:
    """A workflow that code defines, as it stands in the tables."""
    row = create_draft(definition=greeting(), owner=None, workflow_id="from-code")
    Workflow.objects.filter(pk=row.pk).update(source=Workflow.Source.PYTHON, module="an_app")
    row.refresh_from_db()
    return row
