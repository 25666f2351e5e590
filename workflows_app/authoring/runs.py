"""The door to the engine: authoring knows that workflows can run, not how."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workflows_app.authoring.errors import EngineMissing

if TYPE_CHECKING:
    from workflows_app.authoring.workflow import Workflow

#: A handle to an execution; its class comes from the engine.
Run = Any
RunFactory = Callable[["Workflow", str | None, str | None], Run]

_factory: RunFactory | None = None


def install_run_factory(factory: RunFactory) -> None:
    """Let ``workflow.create_run()`` make its handles with ``factory``."""
    global _factory
    _factory = factory


def run_factory() -> RunFactory:
    """Return the installed factory.

    Raises:
        EngineMissing: if no engine has installed one.
    """
    if _factory is None:
        raise EngineMissing
    return _factory
