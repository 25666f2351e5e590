"""``python -m tests.corpus.store 2026-11-20``: store executions as this format has them.

Refuses to change what another format has stored: a format's directory is written once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Write the directory that ``arguments`` names by its date."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import setup_databases, teardown_databases

    from tests.corpus import files

    directory = files.HERE / arguments[0]
    if directory.exists():
        print(f"{arguments[0]} is stored for good; name another day", file=sys.stderr)
        return 1
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _store(directory)
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


def _store(directory: Path) -> None:
    from executions_app.testing import in_memory
    from tests.corpus import files, stories
    from tests.corpus.finishing import ending_of, finish
    from tests.deploys.releases import a_fresh_registry
    from workflows_app.authoring.registry import registry

    with a_fresh_registry():
        registry.clear()
        flows = stories.workflows()
        for story in stories.every():
            files.forget_everything()
            with in_memory() as engine:
                flow = flows[story.flow]
                if story.name == "queued":
                    flow.create_run("queued-before").start_async(input_data=story.given)
                run = flow.create_run(story.name)
                run.start_async(input_data=story.given, **(story.options or {}))
                story.so_far(engine, run)
                content = {
                    "format": directory.name,
                    "execution": story.name,
                    "now": engine.now,
                    "stands": ending_of(story.name),
                    "finish": list(story.finish),
                    "tables": files.dump(),
                }
                content["ends"] = finish(engine, story.name, story.finish)
            files.write(directory / f"{story.name}.json", content)
            print(f"{story.name}: {content['stands']['status']} -> {content['ends']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
