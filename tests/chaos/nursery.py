"""The parent of everything in an installation: starts servers, and forks programs of ours after it
has imported them, so that a worker that was killed is back in a tenth of a second.

What it forks is a whole process of its own: a session, a log, connections made after the fork.
Speaks JSON lines: orders come on standard input, answers and deaths go to standard output.  It ends
when nobody is left to give orders, and its children with it.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.02


def preload(kinds: list[str]) -> None:
    """Import what programs of ``kinds`` need, of all if there is none; connect to nothing."""
    import celery.apps.beat
    import celery.apps.worker
    import celery.bin.celery  # noqa: F401
    import django

    django.setup()
    import executions_app.rescuer
    import executions_app.tasks  # noqa: F401

    if kinds == ["celery"]:
        return
    import uvicorn  # noqa: F401
    from django.urls import get_resolver

    import config.asgi  # noqa: F401

    get_resolver().url_patterns  # noqa: B018 - imports the views


def run(kind: str, arguments: list[str]) -> None:
    """Be the program ``kind`` until it ends: ``celery``, ``uvicorn`` or any other, by its path."""
    if kind == "exec":
        os.execvp(arguments[0], arguments)
    elif kind == "celery":
        from config import app

        app.start(arguments)
    else:
        import uvicorn.main

        from executions_app import sync_points

        sync_points.listen(None)  # only workers die at points
        uvicorn.main.main(arguments)


def fork(order: dict[str, Any]) -> int:
    """Start what ``order`` says and return its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        if user := order.get("user"):  # who may not be able to open the log
            _become(user)
        _die_with_the_nursery(order.get("orphan_signal", int(signal.SIGKILL)))
        os.environ.update(order.get("environment", {}))
        run(order["kind"], order["arguments"])
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _become(user: str) -> None:
    import pwd

    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _die_with_the_nursery(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def main() -> None:
    """Serve until standard input ends."""
    pending = b""
    while True:
        if select.select([0], [], [], LOOK_SECONDS)[0]:
            piece = os.read(0, 65536)
            if not piece:
                return
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                order = json.loads(line)
                if order["kind"] == "preload":
                    preload(order["arguments"])
                _tell(order=order["order"], pid=0 if order["kind"] == "preload" else fork(order))
        _tell_deaths()


def _tell_deaths() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell(ended=pid, status=os.waitstatus_to_exitcode(status))


def _tell(**facts: Any) -> None:
    os.write(1, (json.dumps(facts) + "\n").encode())


if __name__ == "__main__":
    main()
