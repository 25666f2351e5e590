"""What a step says while it runs, for those who follow the execution.  Keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflows_app.authoring.datatypes import to_json

#: The kind of what :meth:`StepWriter.write` says.
OUTPUT = "output"
MAX_KIND_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWriter:
    """Writes values into the stream of the execution, in order, before the step's outcome."""

    write_kind: Callable[[str, Any], None]

    def write(self, value: Any) -> None:
        """Say ``value``.

        Raises:
            NotJson: if it has no JSON form.
        """
        self.write_kind(OUTPUT, to_json(value))

    def custom(self, type: str, data: Any) -> None:
        """Say ``data`` under a ``type`` of your own, such as ``"data-progress"``.

        Raises:
            ValueError: if ``type`` is no text of 1 to 200 characters.
            NotJson: if ``data`` has no JSON form.
        """
        if not isinstance(type, str) or not 0 < len(type) <= MAX_KIND_CHARS:
            raise ValueError(f"{type!r} is no type; write a text such as 'data-progress'")
        self.write_kind(type, to_json(data))
