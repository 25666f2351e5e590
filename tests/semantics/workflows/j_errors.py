"""Section J: what goes wrong, how often it is tried, and what is told about it."""

from __future__ import annotations

from typing import Any

from tests.semantics import diary
from tests.semantics.bodies import recorded, wait_for_go
from workflows_app.authoring import Retry, StepContext, create_workflow

#: Seconds between attempts, where one waits.
DELAY_SECONDS = 0.1


def fail(_: object) -> None:
    raise ValueError("always broken")


def _works_after(failures: int) -> Any:
    def body(_: Any, ctx: StepContext) -> str:
        if ctx.retry_count < failures:
            raise ConnectionError(f"broken {ctx.retry_count}")
        return "works"

    return body


once = create_workflow(id="s159-once").then(recorded("A", fail)).then(recorded("B")).commit()

_five = Retry(attempts=5, delay=0.01)
always_failing = (
    create_workflow(id="s160-always-failing", retry=_five).then(recorded("A", fail)).commit()
)
failing_twice = (
    create_workflow(id="s160-failing-twice", retry=_five)
    .then(recorded("A", _works_after(2)))
    .commit()
)

step_says_five = (
    create_workflow(id="s161-five", retry=Retry(attempts=10))
    .then(recorded("A", fail, retries=5))
    .commit()
)
step_says_zero = (
    create_workflow(id="s161-zero", retry=Retry(attempts=10))
    .then(recorded("A", fail, retries=0))
    .commit()
)

delayed = (
    create_workflow(id="s163-delayed", retry=Retry(attempts=2, delay=DELAY_SECONDS))
    .then(recorded("A", fail))
    .commit()
)


class TeapotError(Exception):
    """Has fields of its own."""

    def __init__(self) -> None:
        super().__init__("I'm a teapot")
        self.status_code = 418
        self.response_headers = {"retry-after": "60"}
        self.is_retryable = False


def _teapot(_: object) -> None:
    raise TeapotError


fields = create_workflow(id="s166-fields").then(recorded("A", _teapot)).commit()


def _raise_chain(length: int) -> None:
    """Raise error 1, whose cause is error 2, and so on to ``length``."""
    try:
        if length > 1:
            _raise_chain(length - 1)
    except ValueError as cause:
        raise ValueError(f"level {length}") from cause
    raise ValueError(f"level {length}")


def _raise_circle() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


def _chained(value: Any) -> None:
    _raise_circle() if value == "circle" else _raise_chain(value)


chain = create_workflow(id="s167-chain").then(recorded("A", _chained)).commit()


def _fated(value: Any, ctx: StepContext) -> Any:
    match value:
        case "fail":
            raise ValueError("as it was told to")
        case "suspend":
            ctx.suspend({"why": "as it was told to"})
        case "cancel":
            wait_for_go(ctx)
    return value


def _told(name: str, *, broken: bool) -> Any:
    """Return a hook that writes down what it is told, and raises if it is ``broken``."""

    def hook(info: Any) -> None:
        diary.write(
            "asked",
            name,
            info.run_id,
            workflow=info.workflow_id,
            status=info.status,
            result=info.result,
            error=info.error,
            steps=sorted(info.steps),
            state=info.state,
            init=info.get_init_data(),
        )
        if broken:
            raise RuntimeError(f"{name} is broken")

    return hook


def _hooked(id: str, *, broken: bool) -> Any:
    return (
        create_workflow(
            id=id,
            on_start=_told("on_start", broken=False),
            on_finish=_told("on_finish", broken=broken),
            on_error=_told("on_error", broken=broken),
        )
        .then(recorded("A", _fated))
        .commit()
    )


hooked = _hooked("s174-hooked", broken=False)
badly_hooked = _hooked("s174-badly-hooked", broken=True)
refused = (
    create_workflow(id="s174-refused", on_start=_told("on_start", broken=True))
    .then(recorded("A"))
    .commit()
)
