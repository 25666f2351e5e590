"""Runs a command that ends when its parent does, however that ends (Linux; elsewhere plainly).

A program of its own, run between fork and exec, because code run there inside a process that has
threads may deadlock.  Imports as little as it can: it delays the start of every child.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the command ``arguments[2:]``; parent's id and signal number come before it."""
    parent, signal_number, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we could ask
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
