"""A body that takes all memory fails by that name; a large value costs a worker a few times itself.

``LIMITS_PAYLOAD_BYTES`` makes the value larger, for which it is kept in files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from executions_app.testing import Engine
from workflows_app.authoring import StepContext, create_step, create_workflow

PAYLOAD_BYTES = int(os.environ.get("LIMITS_PAYLOAD_BYTES", "900000"))
#: Of the value's own size, while a step receives it and puts it out: from files, and from SQLite,
#: which copies what it is given.  Caches and the allocator take what does not grow with it.
MOST_TIMES = {"in-files": 5, "in-rows": 10}
SLACK_BYTES = 3_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["", "Unable to allocate 7.45 GiB"])
def test_a_body_without_memory_is_tried_again_and_then_its_error_branch_runs(
    engine: Engine, said: str
) -> None:
    tries = []

    def hungry(ctx: StepContext) -> Any:
        tries.append(1)
        raise MemoryError(said) if said else MemoryError

    step = create_step(id="hungry", execute=hungry, on_error="continue", retries=2)
    after = create_step(id="after", execute=lambda value: "went on")
    run = create_workflow(id="hungry").then(step).then(after).commit().create_run()

    result = run.start(input_data=None)

    error = result.steps["hungry"].error
    assert (error["code"], error["name"]) == ("step.out_of_memory", "MemoryError")
    assert "memory" in error["message"]
    assert said in error["message"]
    assert (len(tries), result.result) == (3, "went on")


#: Run in a process of its own, on a database of its own.
_PROGRAM = """
import json, resource, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from executions_app.testing import in_memory
from workflows_app.authoring import create_step, create_workflow

def pages():
    with open("/proc/self/statm") as file:
        return [int(number) * resource.getpagesize() for number in file.read().split()[:2]]

def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

"""

_OUT_OF_MEMORY = """
def hungry(value):
    resource.setrlimit(resource.RLIMIT_AS, (pages()[0] + 100_000_000, -1))
    return len(b"x" * 10**10)

after = create_step(id="after", execute=lambda value: "went on")
hungry = create_step(id="hungry", execute=hungry, on_error="continue")
with in_memory():
    run = create_workflow(id="hungry").then(hungry).then(after).commit().create_run()
    result = run.start(input_data=None)
print(json.dumps([result.steps["hungry"].error["code"], result.status, result.result]))
"""

_LARGE = """
def make(value):
    return {"text": "x" * value["bytes"]}

echo = create_step(id="echo", execute=lambda value: value)
workflow = create_workflow(id="large").then(create_step(id="make", execute=make)).then(echo)
workflow = workflow.commit()

def run(size):
    run = workflow.create_run()
    run.start_async(input_data={"bytes": size})
    engine.run_until_idle()
    return run.status

with in_memory() as engine:
    for _ in range(3):
        run(10_000)
    before = pages()[1]
    open("/proc/self/clear_refs", "w").write("5")
    status = run(int(sys.argv[1]))
print(json.dumps([status, peak() - before]))
"""


def ran(program: str, tmp_path: Path, *arguments: str, **environment: str) -> list[Any]:
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM + textwrap.dedent(program), *arguments],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "STATE_DIR": str(tmp_path),
            # Glibc keeps what is freed in arenas of every thread; one is enough to measure by.
            "MALLOC_ARENA_MAX": "1",
            **environment,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_a_process_that_runs_into_its_limit_of_memory_says_so(tmp_path: Path) -> None:
    assert ran(_OUT_OF_MEMORY, tmp_path) == ["step.out_of_memory", "completed", "went on"]


@pytest.mark.parametrize("kept", ["in-rows", "in-files"])
def test_a_large_value_costs_its_worker_a_few_times_itself(tmp_path: Path, kept: str) -> None:
    size = PAYLOAD_BYTES
    environment = {
        "MAX_VALUE_BYTES": str(max(1_000_000, size + 1_000)),
        "MAX_EXECUTION_BYTES": "1000000000",
        "VALUE_STORAGE_ABOVE_BYTES": "100000" if kept == "in-files" or size > 9_000_000 else "0",
    }

    status, rise_bytes = ran(_LARGE, tmp_path, str(size), **environment)

    assert status == "completed"
    assert rise_bytes <= MOST_TIMES[kept] * size + SLACK_BYTES
