"""Finding ``workflows.py`` modules: a broken one is reported and takes no other down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflows_app.authoring.registry import registry
from workflows_app.checks import check_registry
from workflows_app.startup import discover


@pytest.fixture(autouse=True)
def _same_problems_afterwards() -> Iterator[None]:
    before = list(registry.problems)
    yield
    registry.problems[:] = before


def test_an_installed_apps_workflows_are_found() -> None:
    assert "sample-hello" in registry.workflows
    assert check_registry() == []


def test_a_broken_module_is_reported_by_name_and_the_others_stay() -> None:
    discover("tests.authoring.broken_app.workflows")

    (problem,) = registry.problems
    assert (problem.code, problem.module) == (
        "module.broken",
        "tests.authoring.broken_app.workflows",
    )
    assert "half a deploy" in problem.message
    assert "sample-hello" in registry.workflows


def test_the_system_check_names_what_is_broken() -> None:
    discover("tests.authoring.broken_app.workflows")

    (warning,) = check_registry()

    assert warning.id == "workflows_app.W001"
    assert "tests.authoring.broken_app.workflows" in warning.msg


def test_an_app_without_workflows_is_no_problem() -> None:
    discover("django.contrib.auth.workflows")

    assert registry.problems == []
