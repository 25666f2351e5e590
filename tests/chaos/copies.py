"""Messages that are sent more than once, in every process of an installation.

The file named by ``CHAOS_COPIES`` says how often; without the variable nothing is touched.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

FILE = "CHAOS_COPIES"


def order(number: int) -> None:
    """Have each message sent so many times from now on."""
    path = Path(os.environ[FILE])
    if number == 1:
        path.unlink(missing_ok=True)
    else:
        path.write_text(str(number))


def install() -> None:
    """Wrap this process's sending, if the environment names a file."""
    if not (name := os.environ.get(FILE)):
        return
    from celery import current_app

    send_once = current_app.send_task

    def send(*args: Any, **options: Any) -> Any:
        for _ in range(_number(Path(name)) - 1):
            send_once(*args, **options)
        return send_once(*args, **options)

    current_app.send_task = send


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 1
