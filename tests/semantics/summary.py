"""Counting the scenarios that hold, at the end of a test run."""

from __future__ import annotations

from typing import Any

from tests.semantics.catalogue import DRIVERS, LEFT_OUT, LEFT_OUT_UNDER, NUMBERS, left_out

PROPERTY = "scenario"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many scenarios hold under each driver, which do not, and what is left out."""
    told: dict[tuple[str, int], bool] = {}
    for category, reports in terminalreporter.stats.items():
        if category == "deselected":
            continue
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY:
                    number, driver = value
                    held = category in ("passed", "")
                    told[driver, number] = told.get((driver, number), True) and held
    if not told:
        return
    terminalreporter.section("scenarios")
    counts = [
        f"{driver} {sum(held for (by, _), held in told.items() if by == driver)}/{len(NUMBERS)}"
        for driver in DRIVERS
    ]
    terminalreporter.write_line(f"scenarios: {', '.join(counts)}")
    for driver in DRIVERS:
        failed = sorted(number for (by, number), held in told.items() if by == driver and not held)
        if failed:
            terminalreporter.write_line(f"  not as written ({driver}): {_listed(failed)}")
    for driver in DRIVERS:
        missing = [n for n in NUMBERS if (driver, n) not in told and n not in left_out(driver)]
        if missing:
            terminalreporter.write_line(f"  not told in this run ({driver}): {len(missing)}")
    for reason, numbers in _reasons().items():
        terminalreporter.write_line(f"  left out: {numbers}: {reason}")


def _reasons() -> dict[str, str]:
    """Return which scenarios are left out, by the reason."""
    reasons: dict[str, list[str]] = {}
    for number, reason in LEFT_OUT.items():
        reasons.setdefault(reason, []).append(str(number))
    for driver, numbers in LEFT_OUT_UNDER.items():
        for number, reason in numbers.items():
            reasons.setdefault(reason, []).append(f"{number} ({driver})")
    return {reason: ", ".join(numbers) for reason, numbers in reasons.items()}


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
