"""What a compile has to know about the world outside the document, as values handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInfo:
    """A registered tool.  A schema of ``None`` is not known here."""

    name: str
    input_schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    toolkit: str | None = None
    needs_connection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    """A registered Python step; what its author set is the default of every node that uses it."""

    id: str
    input_schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    retries: int | None = None
    timeout_seconds: float | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowInfo:
    """A workflow that others can run."""

    id: str
    input_schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    versions: frozenset[int] | None = None
    """The numbers of its published versions; ``None`` when they are not known here."""


class AmbiguousStep(LookupError):
    """Several different steps carry the id; the message names where they are."""

    code = "step.ambiguous"
    retryable = False


class Catalogue(Protocol):
    """What may be named in a definition."""

    def tool(self, name: str) -> ToolInfo | None:
        """Return the tool called ``name``, or ``None``."""

    def step(self, ref: str) -> StepInfo | None:
        """Return the step that ``ref`` names, or ``None``.

        Raises:
            AmbiguousStep: if several different steps have that id.
        """

    def workflow(self, ref: str) -> WorkflowInfo | None:
        """Return the workflow that ``ref`` names, or ``None``."""

    def has_callable(self, ref: str) -> bool:
        """Return whether the callable at place ``ref`` of a registered workflow exists."""

    @property
    def queues(self) -> frozenset[str]:
        """The queues that workers of this installation serve; empty when that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticCatalogue:
    """A catalogue of given values, for tests and for checks without a project."""

    tools: Mapping[str, ToolInfo] = field(default_factory=dict)
    steps: Mapping[str, StepInfo] = field(default_factory=dict)
    workflows: Mapping[str, WorkflowInfo] = field(default_factory=dict)
    callables: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()

    def tool(self, name: str) -> ToolInfo | None:
        return self.tools.get(name)

    def step(self, ref: str) -> StepInfo | None:
        return self.steps.get(ref)

    def workflow(self, ref: str) -> WorkflowInfo | None:
        return self.workflows.get(ref)

    def has_callable(self, ref: str) -> bool:
        return ref in self.callables
