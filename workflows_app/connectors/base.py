"""What every connector offers the engine: tools by name, one call shape, one error shape.

Refuses to do work itself: no network, no database, no settings.  A tool is plain data plus one
function, so the editor can list it, the compiler can check against its schemas and a worker can
run it, all without knowing which service stands behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows_app.authoring.context import StepContext


class ToolError(Exception):
    """A tool could not do what was asked.

    ``retryable`` says that trying again may help.  ``unknown_outcome`` says that nobody can tell
    whether the effect happened (the request went out, the answer never came back): only someone
    who knows the other side may decide to repeat it, so the two never hold together.
    """

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        *,
        retryable: bool = False,
        unknown_outcome: bool = False,
    ) -> None:
        if retryable and unknown_outcome:
            raise ValueError(f"{code!r}: an unknown outcome must not be retried by itself")
        # All positional arguments go to ``args`` so that the error survives pickling.
        super().__init__(code, message, dict(details or {}))
        self.code = code
        self.message = message
        self.details: dict[str, Any] = dict(details or {})
        self.retryable = retryable
        self.unknown_outcome = unknown_outcome

    def __str__(self) -> str:
        return self.message


class RegistryError(Exception):
    """The registry was asked for, or given, something it cannot keep."""

    code = "tool.registry"


class DuplicateTool(RegistryError):
    """Two different tools, or two families, claim the same name."""

    code = "tool.duplicate"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is taken; give the second tool another name")


class UnknownTool(RegistryError):
    """No tool and no family answers to this name."""

    code = "tool.unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"no tool is called {name!r}; install the app that brings it or rename it")


Log = Callable[[str, str, Mapping[str, Any]], None]
"""``log(level, message, data)``; ``level`` is one of ``debug info warning error``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """Everything a tool may know about one attempt."""

    input: Mapping[str, Any]
    """Plain JSON, already validated against the tool's ``input_schema``."""

    idempotency_key: str
    """The same for every attempt of the same step, so the other side can drop repeats."""

    timeout_seconds: float
    """How long the attempt may still take in all; greater than zero."""

    entity_id: str | None
    """Who the step acts for, as the third party knows them.  ``None``: nobody."""

    connection_id: str | None
    """The third party's account id, already checked against its owner.  ``None``: no account."""

    log: Log

    context: StepContext | None = None
    """The step's own view of its execution: state, runtime context, cancelling, and suspending.
    ``None`` where a tool is called outside of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One thing a step can do."""

    name: str
    """Dotted and stable: definitions store it, e.g. ``http.request``."""

    description: str
    input_schema: dict[str, Any]
    """JSON Schema of the input; every property has a description, the editor draws from it."""

    output_schema: dict[str, Any]
    run: Callable[[ToolCall], Any]
    """Returns plain JSON.  Raises ``ToolError``; anything else is a bug in the tool."""

    toolkit: str | None = None
    """The third party service behind it, if any, e.g. ``gmail``."""

    needs_connection: bool = False
    idempotent: bool = False
    """True when running it twice with the same input does no more than running it once."""

    title: str = ""
    """What people call it; empty where the name says it well enough."""

    group: str = ""
    """Under which heading people look for it; empty: that of its toolkit, or of its name."""

    @property
    def shown_title(self) -> str:
        """What people call it."""
        return self.title or _in_words(self.name.rpartition(".")[2])

    @property
    def shown_group(self) -> str:
        """The heading under which people look for it."""
        return self.group or _in_words(self.toolkit or self.name.partition(".")[0])


def _in_words(name: str) -> str:
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    words = words.lower() if words.isupper() else words
    return words[:1].upper() + words[1:]


FamilyResolver = Callable[[str], Tool | None]
"""Builds the tool of a full name, or returns ``None`` when the family has no such member."""


class ToolRegistry:
    """Tools by name, and families of tools that are made on demand from a prefix."""

    def __init__(self) -> None:
        self._tools: dict[str, Tool] = {}
        self._families: dict[str, FamilyResolver] = {}
        self._lock = Lock()

    def register(self, tool: Tool) -> Tool:
        """Add ``tool`` and return it; adding the very same object again changes nothing.

        Raises:
            DuplicateTool: if another tool has that name.
        """
        with self._lock:
            if self._tools.setdefault(tool.name, tool) is not tool:
                raise DuplicateTool(tool.name)
        return tool

    def register_family(self, prefix: str, resolver: FamilyResolver) -> None:
        """Let ``resolver`` answer for every unregistered name that starts with ``prefix``.

        Raises:
            DuplicateTool: if another resolver has that prefix.
        """
        with self._lock:
            if self._families.setdefault(prefix, resolver) is not resolver:
                raise DuplicateTool(prefix)

    def has_family(self, prefix: str) -> bool:
        """Return whether some resolver answers for ``prefix``."""
        return prefix in self._families

    def get(self, name: str) -> Tool:
        """Return the tool called ``name``; a registered one wins over a family's, and of
        families the longest matching prefix.

        Raises:
            UnknownTool: if there is none.
        """
        tool = self._tools.get(name)
        if tool is not None:
            return tool
        for prefix in sorted(self._families, key=len, reverse=True):
            if name.startswith(prefix):
                tool = self._families[prefix](name)
                break
        if tool is None:
            raise UnknownTool(name)
        return tool

    def names(self) -> list[str]:
        """Return the registered names in order; members of families are not listed."""
        return sorted(self._tools)

    def all(self) -> list[Tool]:
        """Return the registered tools, ordered by name; members of families are not listed."""
        return [self._tools[name] for name in self.names()]


#: The one the application uses.  Tests that register something make their own.
registry = ToolRegistry()
