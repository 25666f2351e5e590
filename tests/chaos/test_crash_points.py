"""Processes that die at a point: at the right one, and not more often than told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.crash_points import EXIT_STATUS, Crash, CrashPlan
from tests.chaos.programs import ROOT

REACH = """
import os, sys
os.environ["CHAOS_CRASHES"] = sys.argv[1]
from executions_app.sync_points import Point, reach
from tests.chaos import crash_points
crash_points.install()
reach(Point(sys.argv[2]))
"""


def _status_after(plan: CrashPlan, point: str) -> int:
    command = [sys.executable, "-c", REACH, str(plan.path), point]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode


@pytest.fixture
def plan(tmp_path: Path) -> CrashPlan:
    return CrashPlan(tmp_path / "crashes.json")


def test_a_process_dies_at_the_point_and_no_other(plan: CrashPlan) -> None:
    plan.order(Crash(point="done", at_most=5))

    assert _status_after(plan, "claimed") == 0
    assert _status_after(plan, "done") == EXIT_STATUS
    assert plan.count == 1


def test_no_more_processes_die_than_were_told_to(plan: CrashPlan) -> None:
    plan.order(Crash(point="done", at_most=1))

    assert [_status_after(plan, "done") for _ in range(2)] == [EXIT_STATUS, 0]
    assert plan.count == 1


def test_nobody_dies_of_an_order_that_was_withdrawn(plan: CrashPlan) -> None:
    plan.order(Crash(point="done"))
    plan.withdraw()

    assert _status_after(plan, "done") == 0
