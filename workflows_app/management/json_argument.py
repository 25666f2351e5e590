"""JSON given on the command line, in a file or on standard input.  Refuses what the API refuses."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from workflows_app.api.json_rules import JsonRefused, read_json
from workflows_app.management.terminal_command import Refused

MAX_FILE_BYTES = 2_500_000
STANDARD_INPUT = "-"


def json_text(text: str, *, option: str) -> Any:
    """Return the value of ``text``, as given with ``option``.

    Raises:
        Refused: if it is no JSON that is taken here.
    """
    return _read(text.encode("utf-8", "surrogateescape"), source=option)


def json_file(path: str) -> Any:
    """Return the value in the file ``path``; ``-`` is standard input.

    Raises:
        Refused: if it cannot be read, is larger than 2.5 MB, or holds no JSON that is taken here.
    """
    try:
        if path == STANDARD_INPUT:
            body = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                body = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Refused(
            f"{path!r} cannot be read: {error.strerror}", code="file.unreadable"
        ) from None
    if len(body) > MAX_FILE_BYTES:
        raise Refused(f"{path!r} is larger than {MAX_FILE_BYTES:,} bytes", code="request.too_large")
    return _read(body, source=repr(path))


def _read(body: bytes, *, source: str) -> Any:
    try:
        return read_json(body, limits=settings.JSON_LIMITS)
    except JsonRefused as error:
        raise Refused(f"{source}: {error}", code=error.code, details=error.details) from None
