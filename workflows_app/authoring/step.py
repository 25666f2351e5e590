"""Steps: Python functions with an id, schemas and a policy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, Protocol, get_type_hints, overload

from workflows_app.authoring.context import StepContext
from workflows_app.authoring.datatypes import ANYTHING, DataType, data_type
from workflows_app.authoring.task_body import is_celery_task, task_body, task_step_id

Join = Literal["all", "any"] | int
OnError = Literal["fail", "continue", "skip"]


class ToolLike(Protocol):
    """A registered tool, as far as a step needs it."""

    name: str
    description: str
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One unit of work.  Two steps are the same only if they are the same object."""

    id: str
    body: Callable[..., Any] | None
    """``None`` for a step that calls a registered tool."""
    tool: str | None = None
    input_type: DataType = ANYTHING
    output_type: DataType = ANYTHING
    resume_type: DataType = ANYTHING
    suspend_type: DataType = ANYTHING
    state_type: DataType = ANYTHING
    retries: int | None = None
    timeout_seconds: float | None = None
    queue: str | None = None
    description: str = ""
    name: str | None = None
    join: Join = "all"
    on_error: OnError = "fail"
    atomic: bool = False
    """Whether what the body writes to the database and its outcome are one transaction."""
    takes_input: bool = field(default=True, repr=False)
    takes_context: bool = field(default=True, repr=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the body directly, as a plain function."""
        if self.body is None:
            raise TypeError(f"step {self.id!r} calls the tool {self.tool!r} and has no body")
        return self.body(*args, **kwargs)

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.body)

    def arguments(self, value: Any, context: StepContext) -> tuple[Any, ...]:
        """Return what the body is called with."""
        return (
            *((value,) if self.takes_input else ()),
            *((context,) if self.takes_context else ()),
        )


def create_step(
    source: Callable[..., Any] | ToolLike | None = None,
    /,
    *,
    id: str | None = None,
    execute: Callable[..., Any] | None = None,
    input_schema: Any = None,
    output_schema: Any = None,
    resume_schema: Any = None,
    suspend_schema: Any = None,
    state_schema: Any = None,
    retries: int | None = None,
    timeout: float | timedelta | None = None,
    queue: str | None = None,
    description: str = "",
    name: str | None = None,
    join: Join = "all",
    on_error: OnError = "fail",
    atomic: bool = False,
) -> Step:
    """Return a step.

    ``execute`` (or the first argument) is called with the parsed input and a
    :class:`StepContext`; it may take either alone, or nothing, and may be ``async``.  Schemas
    that are not given are read from its annotations.  A registered tool as first argument gives
    a step that calls the tool; a Celery task, one that runs the task's own body.

    ``atomic`` makes what the body writes to the database and its outcome one transaction.

    Raises:
        TypeError: if there is nothing to execute, or a schema is none.
        ValueError: if the step has no id.
    """
    common: dict[str, Any] = {
        "retries": retries,
        "timeout_seconds": _seconds(timeout),
        "queue": queue,
        "name": name,
        "join": join,
        "on_error": on_error,
        "atomic": atomic,
    }
    task = execute if source is None else source
    if is_celery_task(task):
        id = id or task_step_id(task)
        description = description or inspect.getdoc(task.run) or ""
        execute, source = task_body(task), None
    if source is not None and not callable(source):
        return Step(
            id=id or source.name.replace(" ", "_"),
            body=None,
            tool=source.name,
            input_type=data_type(input_schema or source.input_schema),
            output_type=data_type(output_schema or source.output_schema),
            description=description or source.description,
            **common,
        )
    body = execute or source
    if not callable(body):
        raise TypeError("create_step() needs execute=, a callable")
    step_id = id or getattr(body, "__name__", "")
    if not step_id or step_id == "<lambda>":
        raise ValueError("create_step() needs id=, because a lambda has no name")
    shape = _shape(body)
    return Step(
        id=step_id,
        body=body,
        input_type=data_type(input_schema if input_schema is not None else shape.input_hint),
        output_type=data_type(output_schema if output_schema is not None else shape.output_hint),
        resume_type=data_type(resume_schema),
        suspend_type=data_type(suspend_schema),
        state_type=data_type(state_schema),
        description=description or inspect.getdoc(body) or "",
        takes_input=shape.takes_input,
        takes_context=shape.takes_context,
        **common,
    )


@overload
def step(function: Callable[..., Any], /) -> Step: ...
@overload
def step(function: None = None, /, **options: Any) -> Callable[[Callable[..., Any]], Step]: ...
def step(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Turn a function into a step; takes the options of :func:`create_step`."""
    if function is not None:
        return create_step(execute=function, **options)
    return lambda function: create_step(execute=function, **options)


def clone_step(original: Step, *, id: str) -> Step:
    """Return a copy of ``original`` under another id."""
    return replace(original, id=id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    takes_input: bool
    takes_context: bool
    input_hint: Any
    output_hint: Any


def _shape(body: Callable[..., Any]) -> _Shape:
    """Return which arguments ``body`` takes, and what its annotations say of data."""
    try:
        parameters = [
            parameter
            for parameter in inspect.signature(body).parameters.values()
            if (
                parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
                and parameter.default is parameter.empty
            )
            or parameter.name in ("ctx", "context")
        ]
    except ValueError:  # builtins without a signature
        return _Shape(takes_input=True, takes_context=False, input_hint=None, output_hint=None)
    hints = _hints(body)
    contexts = [p for p in parameters if _is_context(p, hints)]
    inputs = [p for p in parameters if p not in contexts]
    if len(inputs) == 2 and not contexts:
        contexts, inputs = inputs[1:], inputs[:1]
    if len(inputs) > 1:
        raise TypeError(
            f"{body!r} takes {len(inputs)} inputs; a step takes one input and one context"
        )
    output_hint = hints.get("return")
    return _Shape(
        takes_input=bool(inputs),
        takes_context=bool(contexts),
        input_hint=hints.get(inputs[0].name) if inputs else None,
        output_hint=None if output_hint is type(None) else output_hint,
    )


def _hints(body: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(body, include_extras=True)
    except (NameError, TypeError):  # annotations of names that exist only for type checkers
        return {}


def _is_context(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> bool:
    if parameter.name in hints:
        return hints[parameter.name] is StepContext
    return parameter.name in ("ctx", "context", "_ctx", "_context")


def _seconds(value: float | timedelta | None) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else value
