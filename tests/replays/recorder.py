"""Running one execution step by step, and writing down what clients are told of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User

from executions_app.api.record_shape import record_of
from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from executions_app.queries import snapshot
from executions_app.testing import Engine, in_memory
from tests.semantics import loading
from workflows_app.authoring import Workflow
from workflows_app.operations.sync_registry import ensure_published


class Recorder:
    """One story: what runs, whose log is kept, and the records in between."""

    def __init__(self, engine: Engine, reader: User) -> None:
        self.engine = engine
        self.id = ""
        """Of the outermost execution that is recorded."""
        self.records: dict[str, list[dict[str, Any]]] = {}
        """By execution, in the order of their ``last_seq``."""
        self._reader = reader
        self._known = loading.known()

    def start(
        self, workflow: Workflow, input_data: Any, *, id: str = "execution-1", **options: Any
    ) -> None:
        """Start ``workflow``; what is recorded is the one that is started last."""
        version = ensure_published(workflow)
        begun = start_execution(
            version.workflow,
            version=version,
            input_data=input_data,
            execution_id=id,
            trigger="python",
            **options,
        )
        self.follow(begun)

    def follow(self, execution: Execution) -> None:
        """Record ``execution`` from here on."""
        self.id, self.records = execution.pk, {}
        self._capture()

    def play(self, *, captured: bool = True) -> None:
        """Let everything happen that happens by itself."""
        while self.engine.work():
            if captured:
                self._capture()

    def play_now(self) -> None:
        """Let everything happen that is due, without time passing."""
        while self.engine.work_now():
            self._capture()

    def command(self, operation: Callable[..., Any], **options: Any) -> None:
        """Do something to the execution."""
        operation(self.id, **options)
        self._capture()

    def forget_workflows(self) -> None:
        """Let workflows be defined anew."""
        loading.put(self._known)

    def publish(self, workflow: Workflow) -> None:
        ensure_published(workflow)

    def _capture(self) -> None:
        for key in (self.id, *inside(self.id)):
            record = record_of(snapshot(self._reader, key, runs="live"))
            kept = self.records.setdefault(key, [])
            if not kept or kept[-1]["last_seq"] < record["last_seq"]:
                kept.append(record)


def inside(execution_id: str) -> list[str]:
    """Return what is nested in an execution, however deep, the earliest first."""
    rows = Execution.objects.filter(root_id=execution_id).order_by("created_at", "pk")
    return list(rows.values_list("pk", flat=True))


@contextmanager
def recorder() -> Iterator[Recorder]:
    """Yield a recorder for one story, whose workflows nobody knows afterwards."""
    before = loading.known()
    reader = User.objects.create_user("reader", is_superuser=True)
    try:
        with in_memory() as engine:
            yield Recorder(engine, reader)
    finally:
        loading.put(before)
