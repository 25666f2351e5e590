"""Expensive expressions: refused by a named limit before they cost memory or time.

The hostile ones run in a child process that may not take more memory than it has at the start plus
a little, so that a failure ends the child and not the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from workflows_app.language import expression_bounds as bounds
from workflows_app.language.expressions import ExpressionError, evaluate

ROOM_BYTES = 100 * 1024 * 1024
GROWTH_BYTES = 20 * 1024 * 1024
#: Process time, not the clock: a busy machine changes it little.  The aim is 50 ms; the margin is
#: for slower machines, and small against the seconds that each of these takes when unbounded.
CPU_SECONDS = 0.5

CHILD = """
import json, resource, sys, time
from workflows_app.language.expressions import ExpressionError, evaluate

case = json.load(sys.stdin)
variables = {"inputs": eval(case["inputs"])}
try:
    evaluate("inputs.warm == 'up' || ['a'].exists(x, x.matches('a'))", {"inputs": {"warm": "up"}})
    with open("/proc/self/statm") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + case["room"], used + case["room"]))
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    evaluate(case["text"], variables)
    code = "answered"
except ExpressionError as error:
    code = error.code
print(json.dumps({
    "code": code,
    "seconds": time.process_time() - started,
    "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024,
}))
"""

TEXT = "{'s': 'x' * 1_000_000, 'l': list(range(100_000)), 'e': 'x' * 50}"
DOUBLING = "['x']" + ".map(a, a + a + a + a + a + a + a + a)" * 3
HOSTILE = {
    "many plusses": (" + ".join(["1"] * 5_000), "{}"),
    "many plusses, short": ("+".join(["1"] * 2_000), "{}"),
    "many brackets": ("(" * 3_000 + "1" + ")" * 3_000, "{}"),
    "33 brackets": ("(" * 33 + "1" + ")" * 33, "{}"),
    "many nots": ("!" * 2_000 + "true", "{}"),
    "many minuses": ("-" * 2_000 + "1", "{}"),
    "many lists": ("[" * 1_000 + "]" * 1_000, "{}"),
    "many maps": ("{'a':" * 500 + "1" + "}" * 500, "{}"),
    "many choices": ("true ? 1 : " * 300 + "2", "{}"),
    "open brackets": ("(" * 4_000, "{}"),
    "six maps in one another": (
        "[1,2].map(a, " * 6 + "1" + ")" * 6,
        "{}",
    ),
    "product of two lists": ("inputs.l.map(a, inputs.l.map(b, a))", TEXT),
    "product of two lists, absorbed": (
        "inputs.l.all(a, inputs.l.all(b, inputs.nope || true))",
        TEXT,
    ),
    "absorbed limits": ("inputs.l.exists(a, inputs.l.all(b, true)) || true", TEXT),
    "product into texts": ("inputs.l.map(a, inputs.s + 'x')", TEXT),
    "doubling a text": (" + ".join(["inputs.s"] * 100), TEXT),
    "doubling in macros": (
        "[inputs.s].map(a, " + "+".join(["a"] * 200) + ").map(b, " + "+".join(["b"] * 200) + ")",
        TEXT,
    ),
    "doubling lists": (
        "[inputs.l].map(a, " + "+".join(["a"] * 200) + ").map(b, " + "+".join(["b"] * 200) + ")",
        TEXT,
    ),
    "sharing lists": (
        "[inputs.l].map(a, ["
        + ",".join(["a"] * 300)
        + "]).map(b, ["
        + ",".join(["b"] * 300)
        + "])",
        TEXT,
    ),
    "sharing, compared": (
        "[inputs.l].map(a, [" + ",".join(["a"] * 300) + "]).all(b, b == b)",
        TEXT,
    ),
    "sharing, as json": ("json([" + ",".join(["inputs.l"] * 300) + "])", TEXT),
    "replacing by much": ("replace(inputs.s, 'x', inputs.s)", TEXT),
    "splitting every character": ("split(inputs.s, 'x')", TEXT),
    "joining with much": ("join(inputs.l, inputs.s)", TEXT),
    "nested repetition": ("inputs.s.matches('((a{100}){100}){100}')", TEXT),
    "wide repetition": (r"inputs.e.matches('(\\pL{20}){100}')", TEXT),
    "hidden repetition": ("inputs.e.matches('(?x)(a #)\\n{1000}){1000}')", TEXT),
    "set in set": (r"inputs.e.matches('[[\\w]a]{1000}')", TEXT),
    "long pattern": ("inputs.e.matches('" + "a?" * 200 + "')", TEXT),
    "long subject": ("(inputs.s).matches('(a|b|ab)*c')", TEXT),
    "patterns in a loop": (r"inputs.l.map(x, inputs.e.matches('\\w{50}'))", TEXT),
    "sorting much": ("sort(inputs.l.map(x, 100000 - x))", TEXT),
    "unique of objects": ("unique(inputs.l)", "{'l': [{'a': i} for i in range(10_000)]}"),
    "much json": ("parse_json(inputs.j)", "{'j': '[' + '[],' * 340_000 + '[]]'}"),
    "deep json": ("parse_json(inputs.j)", "{'j': '[' * 50_000}"),
    "large result": ("inputs.big", "{'big': 'é' * 600_000}"),
    "many results": ("inputs.l", "{'l': [0] * 1_000_000}"),
    "million items": ("inputs.l.filter(x, x > 0)", "{'l': [0] * 1_000_000}"),
    "comparing texts": ("inputs.l.all(x, inputs.s == inputs.s)", TEXT),
    "looking into texts": ("inputs.l.all(x, inputs.s.contains('xy') == false)", TEXT),
    "upper in a loop": ("inputs.l.map(x, upper(inputs.s))", TEXT),
}
ALLOWED = {"expression.limit", "expression.failed", "expression.syntax"}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_expensive_expression_stops_in_time(case: str) -> None:
    text, inputs = HOSTILE[case]

    told = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps({"text": text, "inputs": inputs, "room": ROOM_BYTES}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 0, told.stderr[-500:]
    found = json.loads(told.stdout)
    assert found["code"] in ALLOWED
    assert found["seconds"] < CPU_SECONDS
    assert found["grown"] < GROWTH_BYTES


def test_an_exceeded_limit_is_not_absorbed() -> None:
    data = {"inputs": {"s": "x" * 600_000}}

    with pytest.raises(ExpressionError) as caught:
        evaluate("inputs.s + inputs.s == '' || true", data)

    assert caught.value.code == "expression.limit"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("'" + "x" * (bounds.MAX_TEXT_BYTES - 2) + "'", "'" + "x" * bounds.MAX_TEXT_BYTES + "'"),
        ("(" * 31 + "1" + ")" * 31, "(" * 32 + "1" + ")" * 32),
        ("!" * 32 + "true", "!" * 33 + "true"),
        ("+".join(["1"] * 1_000), "+".join(["1"] * 1_001)),
        ("[1].map(a, a).map(b, b).map(c, c)", "[1].map(a, a).map(b, b).map(c, c).map(d, d)"),
        ("[1].map(a, [a].map(b, b))", "[1].map(a, [a].map(b, [b].map(c, c)))"),
    ],
)
def test_a_limit_bites_one_past_it(text: str, over: str) -> None:
    evaluate(text, {})

    with pytest.raises(ExpressionError) as caught:
        evaluate(over, {})

    assert caught.value.code == "expression.limit"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("inputs.orders.filter(o, o.total > 9000).size()", 999),
        ("sum(inputs.orders.map(o, o.total))", 49_995_000),
        ("inputs.orders.exists(o, o.mail.matches('^[a-z]+[0-9]+@example.org$'))", True),
        ("inputs.orders.map(o, o.mail).join(', ').size() < 1000000", True),
        ("inputs.orders.slice(0, 500).map(o, o.mail.split('@')).size()", 500),
    ],
)
def test_ordinary_work_on_ten_thousand_items_is_within_the_budget(text: str, value: Any) -> None:
    orders = [{"id": i, "total": i, "mail": f"user{i}@example.org"} for i in range(10_000)]

    assert evaluate(text, {"inputs": {"orders": orders}}) == value
