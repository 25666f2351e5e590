"""Running a management command in this process, as a shell would see it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command wrote, and its exit status."""

    status: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def manage(*arguments: str, out: io.StringIO | None = None) -> Answer:
    """Run ``manage.py`` with ``arguments``, writing to ``out`` if it is given."""
    out = out or io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return Answer(error.returncode, out.getvalue(), str(error))
    except SystemExit as ended:
        return Answer(int(ended.code or 0), out.getvalue(), "")
    return Answer(0, out.getvalue(), "")
