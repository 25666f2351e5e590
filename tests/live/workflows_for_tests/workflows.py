"""The steps, and one workflow from the Python builder with everything it can say."""

from __future__ import annotations

from tests.live.workflows_for_tests.steps import (
    asynchronous,
    breaks_its_transaction,
    echo,
    fails,
    fails_late,
    fails_with_nul,
    flaky,
    key,
    kills_worker,
    large,
    no_json,
    polite,
    refuses,
    same,
    slow,
    unstorable,
    writes_rows,
)
from workflows_app.authoring import create_step, create_workflow, map_variable

__all__ = [
    "asynchronous",
    "breaks_its_transaction",
    "echo",
    "fails",
    "fails_late",
    "fails_with_nul",
    "flaky",
    "key",
    "kills_worker",
    "large",
    "no_json",
    "polite",
    "refuses",
    "same",
    "slow",
    "unstorable",
    "writes_rows",
]

double = create_step(id="live-double", execute=lambda value: {"n": value["n"] * 2})
square = create_step(id="live-square", execute=lambda value: {"n": value["n"] ** 2})
total = create_step(id="live-total", execute=lambda value: {"n": sum(value.values())})

#: 3 -> {double: 6, square: 9} -> 15 -> 16
arithmetic = (
    create_workflow(id="live-arithmetic")
    .parallel([double, square])
    .map({name: map_variable(step=name, path="n") for name in ("live-double", "live-square")})
    .then(total)
    .map(lambda ctx: {"n": ctx.input_data["n"] + 1, "from": ctx.get_init_data()["n"]}, id="more")
    .commit()
)
