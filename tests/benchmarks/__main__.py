"""Celeriac against plain Celery, in the same run, on both databases.  Brings all it needs.

python -m tests.benchmarks --quick --databases postgres --only w1
python -m tests.benchmarks --write          # and put the figures into docs/benchmarks.md
python -m tests.benchmarks --profile        # where the time of a step goes
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.settings.addresses import broker_url
from tests.benchmarks import table
from tests.services import Services

DATABASES = ("postgres", "sqlite")
#: The same server, but a commit does not wait for the disk: only to tell the disk's part.
ASYNCHRONOUS = "postgres-async"
_LAYOUTS = ("solo", "threads", "one-threads", "prefork")
_STOP_SECONDS = 40.0


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Directly under the temporary directory: paths of sockets are short.
    directory = Path(tempfile.mkdtemp(prefix="celeriac-bench-"))
    services = Services(directory)
    try:
        found = {}
        for name in options.databases:
            print(f"{name}:", file=sys.stderr)
            environment = _environment(services, directory, name)
            if options.profile:
                print(_run("tests.benchmarks.profiling", ["--steps", "200"], environment))
                continue
            if options.constructs:
                print(f"\n### {name}\n\n{_run('tests.benchmarks.waiting', [], environment)}")
                continue
            output = _run("tests.benchmarks.measure", _arguments(options, name), environment)
            found[name] = json.loads(output)
            print(f"\n{table.section(name, found[name])}", flush=True)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    finally:
        services.stop()
        shutil.rmtree(directory, ignore_errors=True)
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1))
    elif found:
        print(json.dumps(found))
    if options.write:
        table.write_page(found)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--databases", type=_listed((*DATABASES, ASYNCHRONOUS)), default=list(DATABASES)
    )
    parser.add_argument("--rounds", type=int, help="5, or 1 with --quick")
    parser.add_argument(
        "--only", type=_listed(("w1", "w2", "w3", "w4")), default=["w1", "w2", "w3", "w4"]
    )
    parser.add_argument("--layout", choices=_LAYOUTS, default="solo", help="of our workers")
    parser.add_argument("--quick", action="store_true", help="one round, short chains")
    parser.add_argument("--write", action="store_true", help="update docs/benchmarks.md")
    parser.add_argument("--json", help="a file for the figures, instead of the terminal")
    parser.add_argument("--profile", action="store_true", help="show where a step's time goes")
    parser.add_argument(
        "--constructs", action="store_true", help="executions at rest, and long containers"
    )
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("--write needs a full run, without --quick")
    return options


def _listed(choices: tuple[str, ...]) -> Any:
    def parse(text: str) -> list[str]:
        names = text.split(",")
        if unknown := set(names) - set(choices):
            raise argparse.ArgumentTypeError(f"{sorted(unknown)} is not of {', '.join(choices)}")
        return names

    return parse


def _arguments(options: argparse.Namespace, database: str) -> list[str]:
    rounds = options.rounds or (1 if options.quick else 5)
    return [
        *("--rounds", str(rounds), "--only", ",".join(options.only), "--layout", options.layout),
        *(["--quick"] if options.quick else []),
        *(["--asynchronous-commit"] if database == ASYNCHRONOUS else []),
    ]


def _environment(services: Services, directory: Path, database: str) -> dict[str, str]:
    url = (
        f"sqlite:///{directory / 'benchmark.sqlite3'}"
        if database == "sqlite"
        else services.postgres_url
    )
    redis_url = services.redis_url
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "DATABASE_URL": url,
        "STATE_DIR": str(directory),
        "REDIS_URL": redis_url,
        "BROKER_URL": "",
        "LOG_LEVEL": "WARNING",
        "BENCH_PLAIN_BROKER": broker_url(_numbered(redis_url, 1)),
        "BENCH_PLAIN_BACKEND": broker_url(_numbered(redis_url, 2)),
        "BENCH_FIRST_LINES_URL": _numbered(redis_url, 3),
    }


def _numbered(redis_url: str, number: int) -> str:
    return redis_url.replace("db=0", f"db={number}")


def _run(module: str, arguments: list[str], environment: Mapping[str, str]) -> str:
    """Run ``module`` and return what it wrote; it ends before we do, whatever happens.

    Raises:
        SystemExit: if it fails; it has said why.
    """
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        output, _ = process.communicate()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=_STOP_SECONDS)
    if process.returncode:
        sys.exit(process.returncode)
    return output


if __name__ == "__main__":
    sys.exit(main())
