"""``python -m config.browser.run check|test``: the web UI's own tools, with the Node.js that
builds it.  Refuses to be needed by anything that runs in production.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import django

#: What each word runs, one after the other, in ``editor/``; a command begins below node_modules.
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "check": (
        ("typescript/bin/tsc", "--noEmit"),
        ("@biomejs/biome/bin/biome", "ci", "--colors=off", "."),
    ),
    "test": (("vitest/vitest.mjs", "run"),),
}


def main(arguments: Sequence[str]) -> int:
    """Run what ``arguments`` name; return the first exit status that is not 0, after all ran."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    django.setup()
    from config.browser import budget
    from config.browser.building import BuildFailed, build, install_packages
    from config.browser.bundle import SOURCES
    from config.browser.node import NodeMissing

    try:
        node = install_packages(tell=print)
        statuses = [
            subprocess.run(
                [node.program, SOURCES / "node_modules" / command[0], *command[1:], *arguments[1:]],
                cwd=SOURCES,
            ).returncode
            for command in COMMANDS[arguments[0]]
        ]
        if arguments[0] == "check":
            build(tell=print)
            statuses.append(budget.report())
    except (BuildFailed, NodeMissing) as error:
        print(error, file=sys.stderr)
        return 1
    return next((status for status in statuses if status), 0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    sys.exit(main(sys.argv[1:]))
