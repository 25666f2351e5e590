"""The two contestants and the one shape in which both are given work.  Reads no clock itself.

Each method starts something, returns once it has ended, and checks what came out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from celery import chain, chord

END_SECONDS = 120.0


class Contestant(Protocol):
    """Whoever runs steps."""

    def chain(self, length: int) -> None:
        """Run ``length`` steps in a row."""

    def many(self, executions: int, length: int) -> None:
        """Start many rows of ``length`` steps at once."""

    def fan(self, width: int) -> None:
        """Run ``width`` steps side by side, and one that adds up."""

    def start_first_line(self) -> None:
        """Start one step that says when it began, and return when that is asked for."""

    def after_first_line(self) -> None:
        """Return when what :meth:`start_first_line` started has ended."""


class PlainCelery:
    """Chains and chords, waited for through the result backend."""

    def __init__(self) -> None:
        from tests.benchmarks import plain_celery

        self._tasks = plain_celery
        self._last = None

    def chain(self, length: int) -> None:
        assert self._chain(length).get(timeout=END_SECONDS) == length

    def many(self, executions: int, length: int) -> None:
        results = [self._chain(length) for _ in range(executions)]
        assert {result.get(timeout=END_SECONDS) for result in results} == {length}

    def fan(self, width: int) -> None:
        arms = [self._tasks.add_one.s(0) for _ in range(width)]
        assert chord(arms)(self._tasks.add_up.s()).get(timeout=END_SECONDS) == width

    def start_first_line(self) -> None:
        self._last = self._tasks.stamp.delay(0)

    def after_first_line(self) -> None:
        self._last.get(timeout=END_SECONDS)

    def _chain(self, length: int):
        add_one = self._tasks.add_one
        return chain(add_one.s(0), *[add_one.s() for _ in range(length - 1)]).apply_async()


class Celeriac:
    """Workflows, started as code does it, and waited for as a browser does: by hints."""

    def __init__(self) -> None:
        from tests.benchmarks.app import workflows
        from tests.benchmarks.endings import Endings

        self._workflows = workflows
        self._endings = Endings()
        self._last = ""

    def chain(self, length: int) -> str:
        execution_id = self._start(self._workflows.chains[length])
        self._ended([execution_id], hints=length, output=length)
        return execution_id

    def many(self, executions: int, length: int) -> None:
        workflow = self._workflows.chains[length]
        ids = [self._start(workflow) for _ in range(executions)]
        self._ended(ids, hints=executions * length, output=length)

    def fan(self, width: int) -> str:
        execution_id = self._start(self._workflows.fans[width])
        self._ended([execution_id], hints=width + 1, output=width)
        return execution_id

    def start_first_line(self) -> None:
        self._last = self._start(self._workflows.first_line)

    def after_first_line(self) -> None:
        self._ended([self._last], hints=1, output=1)

    def close(self) -> None:
        """Give the connection for hints back."""
        self._endings.close()

    @staticmethod
    def _start(workflow) -> str:
        return workflow.create_run().start_async(input_data=0)

    def _ended(self, ids: Sequence[str], *, hints: int, output: int) -> None:
        self._endings.wait(ids, hints=hints, until=time.monotonic() + END_SECONDS)
        assert self._endings.outputs(ids) == {output}
