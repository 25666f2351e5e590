"""A worker whose machine's clock is wrong, and is put right while it works.

A program: how wrong (seconds), for how long (seconds), then a worker's arguments.  Only what the
worker itself reads is wrong; the database keeps its own time.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta

import time_machine


def main(arguments: list[str]) -> None:
    """Be the worker."""
    wrong, lasts, command = float(arguments[0]), float(arguments[1]), arguments[2:]
    travel = time_machine.travel(datetime.now(UTC) + timedelta(seconds=wrong), tick=True)
    travel.start()
    timer = threading.Timer(lasts, travel.stop)
    timer.daemon = True
    timer.start()
    from config import app

    app.start(command)


if __name__ == "__main__":
    main(sys.argv[1:])
