"""The workflows and steps that Python code has put into this process.  Knows no database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from workflows_app.authoring.errors import WorkflowInvalid
from workflows_app.authoring.step import Step
from workflows_app.authoring.workflow import Workflow
from workflows_app.language.catalogue import (
    AmbiguousStep,
    Catalogue,
    StepInfo,
    ToolInfo,
    WorkflowInfo,
)
from workflows_app.language.compile import Compiled, compile_definition
from workflows_app.language.limits import DEFINITION, DefinitionLimits

logger = logging.getLogger("celeriac.registry")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryProblem:
    """Why something in code could not be registered; the rest goes on without it."""

    code: str
    """``module.broken`` or ``workflow.duplicate_id``."""
    module: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStep:
    """A step under a name that any definition may use."""

    ref: str
    """Its id, or ``workflow/id`` where several steps have the same."""
    step: Step
    workflows: tuple[str, ...]
    """The workflows that are made of it, in order."""

    @property
    def title(self) -> str:
        """The name people see."""
        return self.step.name or self.step.id


@dataclass(slots=True)
class Registry:
    """Workflows by id, steps by id, and what went wrong."""

    workflows: dict[str, Workflow] = field(default_factory=dict)
    compiled: dict[str, Compiled] = field(default_factory=dict)
    problems: list[RegistryProblem] = field(default_factory=list)
    find_tool: Callable[[str], ToolInfo | None] = field(default=lambda _: None)
    queues: frozenset[str] = frozenset()
    limits: DefinitionLimits = DEFINITION
    _steps: dict[str, list[Step]] = field(default_factory=dict)
    _origins: dict[str, str] = field(default_factory=dict)
    _module: str | None = None

    def register(self, workflow: Workflow) -> Compiled:
        """Add ``workflow``, replacing one of the same id and module.

        Raises:
            WorkflowInvalid: if it does not compile.
        """
        compiled = compile_definition(
            workflow.to_definition(),
            catalogue=RegistryCatalogue(self, workflow),
            limits=self.limits,
        )
        if compiled.plan is None:
            raise WorkflowInvalid(workflow.id, compiled.diagnostics)
        origin = self._origins.get(workflow.id)
        if self._module and origin and origin != self._module:
            self.problems.append(
                RegistryProblem(
                    code="workflow.duplicate_id",
                    module=self._module,
                    message=f"workflow {workflow.id!r} is already defined in {origin}; "
                    "the first one stays",
                )
            )
            return compiled
        if self.workflows.get(workflow.id, workflow) is not workflow:
            logger.warning("workflow %r is defined again; the later one counts", workflow.id)
        self.workflows[workflow.id] = workflow
        self.compiled[workflow.id] = compiled
        if self._module:
            self._origins[workflow.id] = self._module
        for step in workflow.steps.values():
            self.add_step(step)
        return compiled

    def add_step(self, step: Step) -> None:
        """Make ``step`` known by its id, so that drawn workflows can name it."""
        known = self._steps.setdefault(step.id, [])
        if not any(step is other for other in known):
            known.append(step)

    def add_module(self, module: ModuleType) -> None:
        """Register the steps that stand in ``module`` and belong to no workflow."""
        for value in vars(module).values():
            if isinstance(value, Step):
                self.add_step(value)

    @contextmanager
    def loading(self, module: str) -> Iterator[None]:
        """Remember that what is registered inside comes from ``module``."""
        self._module, before = module, self._module
        try:
            yield
        finally:
            self._module = before

    def step(self, ref: str, *, workflow_id: str | None = None) -> Step | None:
        """Return the step that ``ref`` names, as seen from workflow ``workflow_id``.

        ``ref`` is an id, or ``workflow/id`` where several workflows use the same.

        Raises:
            AmbiguousStep: if several different steps have the id.
        """
        own = self.workflows.get(workflow_id) if workflow_id else None
        if own and ref in own.steps:
            return own.steps[ref]
        owner, _, step_id = ref.rpartition("/")
        if owner and owner in self.workflows:
            return self.workflows[owner].steps.get(step_id)
        known = self._steps.get(ref, [])
        if len(known) > 1:
            users = sorted(
                f"{workflow.id}/{ref}"
                for workflow in self.workflows.values()
                if workflow.steps.get(ref) in known
            )
            raise AmbiguousStep(
                f"several steps have the id {ref!r}; write one of {', '.join(users)}"
            )
        return known[0] if known else None

    def named_steps(self) -> list[NamedStep]:
        """Return the steps with a body that a definition may name, ordered by that name."""
        users: dict[int, list[str]] = {}
        for workflow in self.workflows.values():
            for step in workflow.steps.values():
                users.setdefault(id(step), []).append(workflow.id)
        found = []
        for step_id, known in self._steps.items():
            for step in known:
                workflows = tuple(sorted(users.get(id(step), ())))
                owners = [
                    one for one in workflows if self.workflows[one].steps.get(step_id) is step
                ]
                # One that shares its id with others and stands in no workflow cannot be named.
                ref = step_id if len(known) == 1 else next((f"{o}/{step_id}" for o in owners), "")
                if ref and step.body is not None:
                    found.append(NamedStep(ref=ref, step=step, workflows=workflows))
        return sorted(found, key=lambda one: one.ref)

    def callable_at(self, ref: str) -> Callable[..., Any] | None:
        """Return the mapping callable at ``workflow/node`` or ``workflow/node/field``."""
        for workflow_id, place in _splits(ref):
            workflow = self.workflows.get(workflow_id)
            if workflow and place in workflow.callables:
                return workflow.callables[place]
        return None

    def clear(self) -> None:
        """Forget everything; for tests."""
        for known in (self.workflows, self.compiled, self.problems, self._steps, self._origins):
            known.clear()


def _splits(ref: str) -> Iterator[tuple[str, str]]:
    parts = ref.split("/")
    for cut in range(1, len(parts)):
        yield "/".join(parts[:cut]), "/".join(parts[cut:])


@dataclass(frozen=True, slots=True)
class RegistryCatalogue(Catalogue):
    """What a definition may name in this process."""

    registry: Registry
    own: Workflow | None = None
    """The Python workflow being compiled; its own steps and callables come first."""
    find_workflow: Callable[[str], WorkflowInfo | None] = field(default=lambda _: None)
    """Finds a workflow that code does not define."""

    @property
    def queues(self) -> frozenset[str]:
        return self.registry.queues

    def tool(self, name: str) -> ToolInfo | None:
        return self.registry.find_tool(name)

    def step(self, ref: str) -> StepInfo | None:
        own: Mapping[str, Step] = self.own.steps if self.own else {}
        step = own.get(ref) or self.registry.step(ref)
        if step is None:
            return None
        return StepInfo(
            id=step.id,
            input_schema=step.input_type.json_schema,
            output_schema=step.output_type.json_schema,
            retries=step.retries,
            timeout_seconds=step.timeout_seconds,
            queue=step.queue,
        )

    def workflow(self, ref: str) -> WorkflowInfo | None:
        is_own = self.own is not None and self.own.id == ref
        found = self.own if is_own else self.registry.workflows.get(ref)
        if found is None:
            return self.find_workflow(ref)
        return WorkflowInfo(
            id=found.id,
            input_schema=found.input_type.json_schema,
            output_schema=found.output_type.json_schema,
        )

    def has_callable(self, ref: str) -> bool:
        if self.own and ref.removeprefix(f"{self.own.id}/") in self.own.callables:
            return True
        return self.registry.callable_at(ref) is not None


#: The registry of this process.
registry = Registry()
