"""A small part of the faults, on the database of this test run: seconds instead of hours.

Times are not judged here.  All of it: ``python -m tests.chaos``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.chaos.programs import ROOT

pytestmark = pytest.mark.live

#: Those that say most in little time, shared out; all of a database's run on one installation.
FAULTS = {"sqlite": ("F0", "F3", "F16", "F18"), "postgres": ("F0", "F6", "F7", "F9")}
#: Far more than it takes: a machine may have other things to do.
SECONDS = 500
#: What an installation chooses for itself, and must not have from this test run.
_OURS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "BROKER_URL", "STATE_DIR")


@pytest.mark.timeout(SECONDS + 10)
@pytest.mark.django_db
def test_a_broken_installation_keeps_every_law(tmp_path: Path) -> None:
    database = "sqlite" if connection.vendor == "sqlite" else "postgres"
    faults = FAULTS[database]
    results = tmp_path / "results.json"
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    command = [
        *(sys.executable, "-m", "tests.chaos", "--smoke", "--only", ",".join(faults)),
        *("--database", database, "--json", str(results)),
    ]

    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(results.read_text())
    assert {row["fault"] for row in found} == set(faults)
    assert all(row["tried"] > 0 for row in found)
