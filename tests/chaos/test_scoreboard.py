"""Keeping results: what was not run stays, and the table is written between its marks."""

from __future__ import annotations

from typing import Any

from tests.chaos import scoreboard
from tests.chaos.faults import Result


def _result(fault: str, **changes: Any) -> Result:
    given = {
        "name": "it rains",
        "database": "sqlite",
        "target": "dry",
        "value": "3 drops",
        "tried": 1_000,
        "failed": 0,
        "seed": 7,
        "seconds": 1.5,
        "date": "2026-01-02",
        "commit": "abc",
        "versions": {"python": "3.11"},
    }
    return Result(fault=fault, **{**given, **changes})


def test_a_result_takes_the_place_of_the_earlier_one_and_others_stay() -> None:
    earlier = [_result("F10").to_json(), _result("F2", value="old").to_json()]

    rows = scoreboard.merged(earlier, [_result("F2", value="new"), _result("F2", database="pg")])

    assert [(row["fault"], row["database"], row["value"]) for row in rows] == [
        ("F2", "pg", "3 drops"),
        ("F2", "sqlite", "new"),
        ("F10", "sqlite", "3 drops"),
    ]


def test_the_table_stands_between_its_marks_and_says_what_was_missed() -> None:
    document = f"before\n{scoreboard.BEGIN}\nold\n{scoreboard.END}\nafter"
    missed = _result("F1", missed=("p95 9 > 7",), size="0.1").to_json()

    written = scoreboard.with_table(document, [missed])

    assert "old" not in written
    assert written.startswith("before\n")
    assert written.endswith("\nafter")
    row = "| F1 it rains | sqlite | dry | 3 drops; at 0.1 of the size; **missed**: p95 9 > 7 |"
    assert row in written


def test_what_failed_or_missed_its_target_is_no_good() -> None:
    assert _result("F1").is_good
    assert not _result("F1", failed=1).is_good
    assert not _result("F1", missed=("slow",)).is_good
