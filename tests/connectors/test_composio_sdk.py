"""What loading the vendor's library must not do.  Each test runs in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.composio_stub import API_KEY, ComposioStub

ROOT = Path(__file__).resolve().parents[2]

# Reports at exit, after every exit handler registered later: an exit handler of the library
# that reaches out is seen as well.
WATCH = """
import atexit, json, logging, os, sys, threading
from pathlib import Path
reached, report = [], {}
def hook(event, args):
    if event == "socket.connect":
        reached.append(list(args[1])[:2])
    elif event == "socket.getaddrinfo":
        reached.append([args[0], args[1]])
sys.addaudithook(hook)
atexit.register(lambda: print(json.dumps(report | {"reached": reached})))
"""

RUN = """
from workflows_app.connectors.base import ToolCall
from workflows_app.connectors.composio import ComposioSettings, ComposioTools
def tools(**changes):
    return ComposioTools(ComposioSettings(**{
        "api_key": os.environ["STUB_KEY"], "base_url": os.environ["STUB_URL"],
        "state_dir": Path(os.environ["STATE_DIR"]),
    } | changes))
def run(tools, action="GITHUB_CREATE_AN_ISSUE"):
    call = ToolCall(
        input={}, idempotency_key="k", timeout_seconds=20.0, entity_id="user-7",
        connection_id="ca_1", log=lambda *line: None,
    )
    return tools.resolve("composio." + action).run(call)
"""


@pytest.fixture
def stub() -> Iterator[ComposioStub]:
    with ComposioStub() as running:
        running.account("ca_1")
        yield running


def report_of(script: str, stub: ComposioStub, tmp_path: Path) -> dict[str, Any]:
    home = tmp_path / "home"
    home.mkdir()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("COMPOSIO", "DJANGO"))}
    finished = subprocess.run(
        [sys.executable, "-c", WATCH + RUN + script],
        env=inherited
        | {
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "STATE_DIR": str(tmp_path / "state"),
            "STUB_KEY": API_KEY,
            "STUB_URL": stub.base_url,
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    report = json.loads(finished.stdout)
    assert isinstance(report, dict)
    return report | {"stderr": finished.stderr, "home": sorted(p.name for p in home.iterdir())}


def test_the_library_is_not_loaded_before_an_action_of_v2_runs(
    stub: ComposioStub, tmp_path: Path
) -> None:
    script = """
def loaded(): return "composio" in sys.modules or "sentry_sdk" in sys.modules
v2, v3 = tools(), tools(api="v3")
report["built"] = loaded()
run(v3)
report["v3 ran"] = loaded()
run(v2)
report["v2 ran"] = loaded()
"""

    report = report_of(script, stub, tmp_path)

    assert (report["built"], report["v3 ran"], report["v2 ran"]) == (False, False, True)


def test_running_an_action_reaches_the_service_and_nothing_else(
    stub: ComposioStub, tmp_path: Path
) -> None:
    # Taking the file away before the exit handlers run would make the library look up where to
    # report errors, had its handler been left in place.
    script = """
before = list(logging.getLogger().handlers)
run(tools())
import sentry_sdk
report["sentry"] = sentry_sdk.get_client().is_active()
report["handlers"] = logging.getLogger().handlers == before
state = Path(os.environ["STATE_DIR"])
report["state"] = {p.name: p.read_text() for p in state.iterdir()}
report["key in environment"] = "COMPOSIO_API_KEY" in os.environ
(state / "user_data.json").unlink()
"""

    report = report_of(script, stub, tmp_path)

    port = int(stub.base_url.split(":")[2].split("/")[0])
    assert {tuple(place) for place in report["reached"]} == {("127.0.0.1", port)}
    assert report["state"] == {"user_data.json": '{"sentry":{"dsn":""}}'}
    assert (report["sentry"], report["handlers"]) == (False, True)
    assert report["key in environment"] is False
    assert (report["home"], report["stderr"]) == ([], "")
    assert len(stub.requests) == 2


def test_clients_are_kept_one_for_each_thread_and_nowhere_else(
    stub: ComposioStub, tmp_path: Path
) -> None:
    script = """
mine = tools()
made = []
from workflows_app.connectors.composio import sdk
original = sdk.Sdk.new_client
def counting(self, **given):
    made.append(threading.get_ident())
    return original(self, **given)
sdk.Sdk.new_client = counting
for _ in range(3):
    run(mine)
threads = [threading.Thread(target=lambda: (run(mine), run(mine))) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
import composio.client
report["made"] = len(made)
report["kept"] = len(composio.client._clients)
report["keys kept"] = len(composio.client._valid_keys)
"""

    report = report_of(script, stub, tmp_path)

    assert (report["made"], report["kept"], report["keys kept"]) == (4, 0, 0)
    assert len(stub.executions()) == 9


def test_an_action_somebody_registered_to_run_here_is_refused(
    stub: ComposioStub, tmp_path: Path
) -> None:
    script = """
run(tools())
from composio.tools.base.abs import action_registry
action_registry["runtime"]["GITHUB_LOCAL_TRICK"] = object()
from workflows_app.connectors.base import ToolError
try:
    run(tools(), "GITHUB_LOCAL_TRICK")
except ToolError as error:
    report["code"] = error.code
"""

    report = report_of(script, stub, tmp_path)

    assert report["code"] == "composio.local_tool_refused"
    assert len(stub.executions()) == 1


def test_every_local_toolkit_of_the_library_is_known(stub: ComposioStub, tmp_path: Path) -> None:
    script = """
run(tools())
from composio.tools.local import load_local_tools
from workflows_app.connectors.composio.catalogue import LOCAL_TOOLKITS
report["local"] = sorted(name.lower() for name in load_local_tools()["local"])
report["known"] = sorted(LOCAL_TOOLKITS)
"""

    report = report_of(script, stub, tmp_path)

    # The hosted toolkit of that name is the one that actions are sent to.
    assert set(report["local"]) - set(report["known"]) == {"browser_tool"}


def test_a_state_directory_that_cannot_be_made_is_told_before_anything_is_sent(
    stub: ComposioStub, tmp_path: Path
) -> None:
    script = """
from workflows_app.connectors.base import ToolError
blocked = Path(os.environ["STATE_DIR"])
blocked.write_text("a file")
try:
    run(tools(state_dir=blocked))
except ToolError as error:
    report["code"] = error.code
"""

    report = report_of(script, stub, tmp_path)

    assert report["code"] == "composio.not_configured"
    assert stub.executions() == []
