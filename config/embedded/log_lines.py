"""Lines of several programs on one terminal, and each program's in a file of its own.

Refuses to fail: where the terminal has gone, the files go on.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_BYTES = 5_000_000
KEPT_FILES = 3
NAME_WIDTH = 7
COLOURS = {"web": 36, "worker": 32, "beat": 35, "flower": 33, "redis": 34}


class LogLines:
    """Writes ``name | line`` to the terminal and ``line`` to ``<directory>/<name>.log``."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._colourful = sys.stdout.isatty()
        self._lock = threading.Lock()
        self._files: dict[str, RotatingFileHandler] = {}

    def teller(self, name: str) -> Callable[[str], None]:
        """Return the callable that takes the lines of the program ``name``."""
        if name not in self._files:
            self._files[name] = RotatingFileHandler(
                self._directory / f"{name}.log",
                maxBytes=FILE_BYTES,
                backupCount=KEPT_FILES,
                encoding="utf-8",
            )

        def tell(line: str) -> None:
            if line:
                self._files[name].emit(logging.makeLogRecord({"msg": line}))
                self._show(name, line)

        return tell

    def announce(self, text: str) -> None:
        """Show ``text`` on the terminal only: it may hold what must not be kept."""
        self._print(text)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    def _show(self, name: str, line: str) -> None:
        prefix = f"{name:<{NAME_WIDTH}}|"
        if self._colourful and (colour := COLOURS.get(name)):
            prefix = f"\033[{colour}m{prefix}\033[0m"
        self._print(f"{prefix} {line}")

    def _print(self, text: str) -> None:
        with self._lock:
            try:
                print(text, flush=True)
            except (OSError, ValueError):  # nobody reads it any more
                sys.stdout = open("/dev/null", "w")  # noqa: SIM115
