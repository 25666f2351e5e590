"""Telling the races as often as their figures ask, on a database made for it::

    python -m tests.races --database postgres
    python -m tests.races --only F28,F31 --times 100 --seed 7

Prints one line of JSON for each; its status says whether all came out right.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.services import Services


def main() -> int:
    """Tell them; return 0 if none came out wrong."""
    parser = argparse.ArgumentParser(prog="tests.races", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--only", default="", help="faults or stories, with commas between")
    parser.add_argument("--times", type=int, help="how often, instead of what the figure asks")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    services = Services(Path(tempfile.gettempdir()))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    if given.database == "postgres":
        os.environ["DATABASE_URL"] = services.postgres_url
    try:
        return _tell(only=given.only, times=given.times, seed=given.seed)
    finally:
        services.stop()


def _tell(*, only: str, times: int | None, seed: int) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.races.stories import tally
    from tests.races.told import STORIES

    setup_test_environment()
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    wanted = set(filter(None, only.split(",")))
    wrong = 0
    try:
        for name, story in STORIES.items():
            if story.can_happen and (not wanted or wanted & {name, story.fault}):
                begun = time.monotonic()
                found = tally(name, times=times, seed=seed)
                seconds = round(time.monotonic() - begun, 1)
                line = {"database": connection.vendor, **found.to_json(), "seconds": seconds}
                print(json.dumps(line), flush=True)
                wrong += found.failed
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
