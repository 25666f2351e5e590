"""Every scenario is told under every driver, or says why not."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.semantics.catalogue import DRIVERS, LEFT_OUT, LEFT_OUT_UNDER, NUMBERS, left_out


def test_every_scenario_has_a_test_or_a_reason() -> None:
    told = _told()

    for driver in DRIVERS:
        assert sorted({*told[driver], *left_out(driver)}) == sorted(NUMBERS)


def test_what_is_left_out_has_no_test() -> None:
    told = _told()

    for driver in DRIVERS:
        assert not told[driver] & set(left_out(driver))
        assert set(LEFT_OUT_UNDER[driver]) | set(LEFT_OUT) <= set(NUMBERS)


def _told() -> dict[str, set[int]]:
    """Return the numbers of the scenarios that have a test, by driver."""
    told: dict[str, set[int]] = {driver: set() for driver in DRIVERS}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for value in vars(import_module(f"{__package__}.{path.stem}")).values():
            for mark in getattr(value, "pytestmark", ()):
                if mark.name == "scenario":
                    for driver in mark.kwargs["drivers"]:
                        told[driver].add(mark.args[0])
    return told
