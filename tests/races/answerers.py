"""Two processes that answer one question (F30): they hear of it at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from executions_app.dispatch import Due
from tests.races.answers import check_went_on_once, suspended
from tests.races.stories import Stage, story
from tests.services import Services

COUNT = 2


@dataclass(slots=True)
class Answerer:
    """A process of its own."""

    process: subprocess.Popen[str]

    def ask(self, execution_id: str) -> None:
        """Tell it to answer; what came of it is read later."""
        assert self.process.stdin is not None
        self.process.stdin.write(execution_id + "\n")
        self.process.stdin.flush()

    def reply(self) -> dict[str, Any]:
        """Return whether it was the one (``won``, ``due``), or why not (``refused``)."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"it ended by itself, with {self.process.wait()}"
        return json.loads(line)


@contextmanager
def answerers() -> Iterator[list[Answerer]]:
    """Start them; they end with the block."""
    environment = Services(Path(), given_redis_url="redis://127.0.0.1:1").environment(
        connection.settings_dict
    )
    command = [sys.executable, "-m", "tests.races.one_answerer"]
    started = [
        Answerer(
            subprocess.Popen(
                command,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
        for _ in range(COUNT)
    ]
    try:
        for it in started:
            assert it.reply() == {"ready": True}
        yield started
    finally:
        for it in started:
            it.process.kill()
            it.process.wait()


@story("F30", times=500)
def two_processes_answer(stage: Stage) -> None:
    processes = stage.keep(answerers)
    execution = suspended(stage)

    for it in processes:
        it.ask(execution.pk)
    replies = [it.reply() for it in processes]

    refusals = [reply["refused"] for reply in replies if "refused" in reply]
    assert refusals in (["ResumeClaimed"], ["NotSuspended"]), replies
    stage.broker.waiting += [Due(**due) for reply in replies for due in reply.get("due", ())]
    check_went_on_once(stage, execution)
