"""Celery tasks, unchanged, as step bodies.  Knows their shape and does not import Celery.

The task's ``run`` is called in the worker that runs the step; no message is sent.  ``self.request``
of a bound task says how often the step was tried before (``retries``) and names the step (``id``).
What the task says by raising becomes what a step says:

* ``self.retry(exc=error)`` fails the attempt with ``error``, ``Retry`` fails it too.  Whether and
  when another attempt follows, the step's own ``retries`` and its workflow's ``Retry`` decide;
  a countdown is not looked at, ``max_retries`` neither.
* ``Ignore`` completes the step without an output.
* ``Reject`` fails it for good; ``Reject(requeue=True)`` only fails the attempt.

Handlers of the task (``on_failure`` and its like) are not called: they tell of messages.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from pydantic import BaseModel

from workflows_app.authoring.errors import NonRetryableError

if TYPE_CHECKING:
    from workflows_app.authoring.context import StepContext

_CELERY_ERRORS = "celery.exceptions"


class CeleryTask(Protocol):
    """A task, as far as a step needs it."""

    name: str

    def run(self, *args: Any, **kwargs: Any) -> Any: ...
    def push_request(self, *args: Any, **kwargs: Any) -> None: ...
    def pop_request(self) -> None: ...


class TaskRetry(Exception):
    """The task asks to be tried again."""


class TaskRejected(Exception):
    """The task hands its message back, to be taken up again."""


def is_celery_task(value: Any) -> TypeGuard[CeleryTask]:
    """Return whether ``value`` has the shape of a Celery task."""
    return callable(value) and all(
        hasattr(value, part) for part in ("run", "name", "delay", "push_request", "pop_request")
    )


def task_step_id(task: CeleryTask) -> str:
    """Return the id of a step made of ``task``: its function's name."""
    return task.name.rpartition(".")[2]


def task_body(task: CeleryTask) -> Callable[[Any, StepContext], Any]:
    """Return a step body that runs ``task``.

    An object becomes keyword arguments if the task takes arguments of those names.  Otherwise it is
    the argument of a task that has only one; what is no object, of one that can be called with one.
    """

    def run_task(value: Any, ctx: StepContext) -> Any:
        args, kwargs = _arguments(task, value)
        task.push_request(
            id=ctx.idempotency_key or None,
            retries=ctx.retry_count,
            args=args,
            kwargs=kwargs,
            called_directly=True,  # so that self.retry() raises and sends nothing
        )
        try:
            return task.run(*args, **kwargs)
        except Exception as error:
            return _outcome(error)  # raises, unless the task asked to be ignored
        finally:
            task.pop_request()

    return run_task


def _arguments(task: CeleryTask, value: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    signature = inspect.signature(task.run)
    if not signature.parameters:
        return (), {}
    named = dict(value) if isinstance(value, Mapping | BaseModel) else None
    if named is not None and _binds(signature, **named):
        return (), named
    if (named is None or len(signature.parameters) == 1) and _binds(signature, value):
        return (value,), {}
    raise NonRetryableError(
        f"the task {task.name!r} takes {signature}; hand it an object with these names"
    )


def _binds(signature: inspect.Signature, *args: Any, **kwargs: Any) -> bool:
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _outcome(error: Exception) -> Any:
    """Return what a step puts out whose task raised ``error``, or raise what it fails with."""
    kinds = {kind.__name__ for kind in type(error).__mro__ if kind.__module__ == _CELERY_ERRORS}
    if "Ignore" in kinds:
        return None
    if "Retry" in kinds:
        raise TaskRetry(str(error)) from getattr(error, "exc", None)
    if "Reject" in kinds:
        reason = getattr(error, "reason", None) or "the task rejected its message"
        if getattr(error, "requeue", False):
            raise TaskRejected(str(reason))
        raise NonRetryableError(str(reason))
    raise error
