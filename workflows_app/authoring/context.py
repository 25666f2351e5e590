"""What a step body sees of its execution.  A plain object; everything that acts comes in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from workflows_app.authoring.errors import NotSupported
from workflows_app.authoring.sources import HasId


@dataclass(slots=True, kw_only=True)
class StepContext:
    """One attempt of one step, or one evaluation of a mapping."""

    input_data: Any
    """The input as plain JSON."""
    run_id: str
    workflow_id: str
    step_id: str
    resource_id: str | None = None
    runtime_context: dict[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    retry_count: int = 0
    """0 in the first attempt."""
    idempotency_key: str = ""
    """The same for every repetition of this attempt, so that the outside can tell."""
    resume_data: Any = None
    suspend_data: Any = None
    index: int | None = None
    iteration_count: int | None = None
    restart: bool = False
    """Whether this attempt was begun before and its worker was lost."""
    logger: logging.Logger | logging.LoggerAdapter[Any] = field(
        default_factory=lambda: logging.getLogger("celeriac.step")
    )
    read_output: Callable[[str], Any] = field(default=lambda _: None, repr=False)
    read_init_data: Callable[[], Any] = field(default=lambda: None, repr=False)
    is_cancelled: Callable[[], bool] = field(default=lambda: False, repr=False)
    find_connection: Callable[[str], str | None] = field(default=lambda _: None, repr=False)

    def get_step_result(self, step: HasId | str) -> Any:
        """Return the output of ``step`` as JSON, or ``None`` if it has not completed."""
        return self.read_output(step if isinstance(step, str) else step.id)

    def get_init_data(self) -> Any:
        """Return the workflow's own input as JSON."""
        return self.read_init_data()

    @property
    def cancelled(self) -> bool:
        """Whether the execution is being cancelled; a long body should look now and then."""
        return self.is_cancelled()

    def connection(self, toolkit: str) -> str | None:
        """Return the id of the owner's connection to ``toolkit``, or ``None``."""
        return self.find_connection(toolkit)

    @property
    def writer(self) -> NoReturn:
        raise NotSupported("writer")

    def get_agent(self, agent_id: str) -> NoReturn:
        raise NotSupported("get_agent()")

    def get_workflow(self, workflow_id: str) -> NoReturn:
        raise NotSupported("get_workflow()")

    def suspend(self, payload: Any = None, *, label: str | None = None) -> NoReturn:
        raise NotSupported("suspend()")

    def bail(self, result: Any) -> NoReturn:
        raise NotSupported("bail()")

    def set_state(self, changes: Mapping[str, Any]) -> NoReturn:
        raise NotSupported("set_state()")

    def abort(self) -> NoReturn:
        raise NotSupported("abort()")
