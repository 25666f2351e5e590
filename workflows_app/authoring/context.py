"""What a step body sees of its execution.  A plain object; everything that acts comes in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from workflows_app.authoring.datatypes import ANYTHING, DataInvalid, DataType, to_json
from workflows_app.authoring.errors import (
    NotSupported,
    StateInvalid,
    SuspendDataInvalid,
    WorkflowUnknown,
)
from workflows_app.authoring.requests import BailRequest, Requests, SuspendRequest
from workflows_app.authoring.sources import HasId
from workflows_app.authoring.writer import StepWriter
from workflows_app.language.paths import PathError, parse_path

if TYPE_CHECKING:
    from workflows_app.authoring.workflow import Workflow


def _registered(workflow_id: str) -> Workflow | None:
    from workflows_app.authoring.registry import registry

    return registry.workflows.get(workflow_id)


@dataclass(slots=True, kw_only=True)
class StepContext:
    """One attempt of one step, or one evaluation of a condition or a mapping."""

    input_data: Any
    """The input as plain JSON."""
    run_id: str
    workflow_id: str
    step_id: str
    resource_id: str | None = None
    runtime_context: dict[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    """The shared state as it was when the step began; :meth:`set_state` does not change it."""
    retry_count: int = 0
    """0 in the first attempt."""
    idempotency_key: str = ""
    """The same for every repetition of this attempt, so that the outside can tell."""
    resume_data: Any = None
    """What the step was resumed with; ``None`` before."""
    suspend_data: Any = None
    """What the step had suspended with."""
    index: int | None = None
    iteration_count: int | None = None
    restart: bool = False
    """Whether this attempt was begun before and its worker was lost, or stopped."""
    logger: logging.Logger | logging.LoggerAdapter[Any] = field(
        default_factory=lambda: logging.getLogger("celeriac.step")
    )
    requests: Requests = field(default_factory=Requests)
    """What the body asked for."""
    suspend_type: DataType = field(default=ANYTHING, repr=False)
    state_type: DataType = field(default=ANYTHING, repr=False)
    read_output: Callable[[str], Any] = field(default=lambda _: None, repr=False)
    read_init_data: Callable[[], Any] = field(default=lambda: None, repr=False)
    is_cancelled: Callable[[], bool] = field(default=lambda: False, repr=False)
    find_connection: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
    find_workflow: Callable[[str], Workflow | None] = field(default=_registered, repr=False)
    write: Callable[[str, Any], None] = field(default=lambda kind, value: None, repr=False)
    """Tells those who follow the execution: kind and value, as JSON."""

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

    @property
    def writer(self) -> StepWriter:
        """Tells those who follow the execution what the body has to say while it runs."""
        return StepWriter(write_kind=self.write)

    def connection(self, toolkit: str) -> str | None:
        """Return the id of the owner's connection to ``toolkit``, or ``None``."""
        return self.find_connection(toolkit)

    def get_workflow(self, workflow_id: str) -> Workflow:
        """Return the workflow that code defines under ``workflow_id``.

        Raises:
            WorkflowUnknown: if there is none.
        """
        found = self.find_workflow(workflow_id)
        if found is None:
            raise WorkflowUnknown(workflow_id)
        return found

    def get_agent(self, agent_id: str) -> NoReturn:
        raise NotSupported("get_agent()")

    def suspend(self, payload: Any = None, *, label: str | Sequence[str] | None = None) -> None:
        """Ask to stop here until somebody resumes; the body goes on to its end first.

        On resume it runs again from its beginning, with ``resume_data`` and ``suspend_data``.

        Raises:
            SuspendDataInvalid: if ``payload`` does not fit the step's suspend schema.
            NotJson: if it has no JSON form.
        """
        given = {} if payload is None else payload
        try:
            fitting = self.suspend_type.normalise(given)
        except DataInvalid as error:
            raise SuspendDataInvalid(self.step_id, str(error)) from None
        labels = (label,) if isinstance(label, str) else tuple(label or ())
        self.requests.suspended = SuspendRequest(payload=fitting, labels=labels)

    def bail(self, result: Any = None) -> None:
        """Ask to end the workflow with ``result`` when the body ends.

        Raises:
            NotJson: if ``result`` has no JSON form.
        """
        self.requests.bailed = BailRequest(result=to_json(result))

    def abort(self) -> None:
        """Ask to cancel the whole execution when the body ends."""
        self.requests.aborted = True

    def set_state(self, changes: Mapping[str, Any]) -> None:
        """Ask to merge ``changes`` into the shared state when the step ends.

        Called twice, the last counts.  Keys cannot be taken away; set them to ``None``.

        Raises:
            StateInvalid: if what changes does not fit the step's state schema.
            NotJson: if it has no JSON form.
        """
        if not isinstance(changes, Mapping) or not all(isinstance(key, str) for key in changes):
            raise StateInvalid(self.step_id, f"- .: write a mapping by name, not {changes!r}")
        written = to_json(dict(changes))
        try:
            fitting = self.state_type.normalise({**self.state, **written})
        except DataInvalid as error:
            # Other keys are others' business: they may be set later.
            ours = [
                (path, message) for path, message in error.problems if _root(path) in {"", *written}
            ]
            if ours:
                raise StateInvalid(self.step_id, str(DataInvalid(ours))) from None
            fitting = {}
        self.requests.state_changes = {
            key: fitting.get(key, value) for key, value in written.items()
        }


def _root(path: str) -> str:
    """Return the key of the state that ``path``, as a problem names it, lies below."""
    try:
        return str(next(iter(parse_path(path)), ""))
    except PathError:
        return path.partition(".")[0]
