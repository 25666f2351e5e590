"""A measurement as text: for the terminal, and between the markers of ``docs/benchmarks.md``."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.targets import HEAD, rows_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN = "<!-- measured: begin (written by `python -m tests.benchmarks --write`, do not edit) -->"
END = "<!-- measured: end -->"


class MarkersMissing(ValueError):
    """The page has no place for the figures."""

    def __init__(self) -> None:
        super().__init__(f"put the lines {BEGIN!r} and {END!r} into {PAGE.name}")


def table(measured: Mapping[str, Any]) -> str:
    """Return the Markdown table of one database's measurement."""
    lines = [HEAD, *(row.cells() for row in rows_of(measured))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (lines[0], rule, *lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def section(name: str, measured: Mapping[str, Any]) -> str:
    """Return heading, circumstances and table of one database's measurement."""
    loads = [load for item in measured["workloads"].values() for load in item["load"]]
    rounds = max((len(item["us"]["rounds"]) for item in measured["workloads"].values()), default=0)
    layouts, trips = measured["layouts"], measured["round_trips"]
    return (
        f"### {name}\n\n"
        f"{measured['database']}. Workers: Celeriac {layouts['us']}, plain Celery "
        f"{layouts['celery']}. {rounds} rounds, medians. Load average "
        f"{min(loads):.1f} to {max(loads):.1f} while measuring; a round trip to Redis "
        f"took {trips['redis_ms']:.2f} ms, a query {trips['query_ms']:.2f} ms, a commit "
        f"{trips['commit_ms']:.2f} ms.\n\n"
        f"{table(measured)}\n"
    )


def circumstances() -> str:
    """Return when, on what and with which versions this process measures."""
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("celery", "kombu", "redis", "django", "psycopg")
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"{psutil.cpu_count()} processors, {memory:.0f} GB; "
        f"Python {platform.python_version()}, {versions}."
    )


def write_page(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Put the figures between the markers of the page.

    Raises:
        MarkersMissing: if they are not there.
    """
    text = PAGE.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise MarkersMissing
    sections = "\n".join(section(name, measured) for name, measured in found.items())
    PAGE.write_text(f"{before}{BEGIN}\n{circumstances()}\n\n{sections}{END}{after}")
