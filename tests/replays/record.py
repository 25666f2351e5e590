"""Writes the stories down.

python -m tests.replays.record            says which are stale
python -m tests.replays.record --write    writes them
"""

from __future__ import annotations

import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Tell every story in a database of its own; return the exit status."""
    if "--write" in arguments:
        os.environ["REPLAYS_WRITE"] = "1"
    return int(pytest.main(["tests/replays", "-q", "-p", "no:cacheprovider"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
