"""Random definitions, written down in other ways: in other orders, with every field there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.language.random_definitions import ALL_KINDS, CHILD, definitions

#: Texts that would end a string, a line or a module, if they were ever taken for code.
HOSTILE = (
    "'",
    '"',
    '"""',
    "'''\n",
    "\\",
    "\\'\n\"",
    "a\nimport os\n#",
    '"); __import__("os").abort(); ("',
    "{__import__('os')}",
    "\N{LINE SEPARATOR}\N{RIGHT-TO-LEFT OVERRIDE}\x7f",
    "été \N{SNOWMAN} 雪",
    "  two  spaces  " * 12,
)
PLACE = "made/elsewhere"
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=40)
SOURCES = st.one_of(
    st.builds(lambda value: {"value": value}, TEXTS | st.none() | st.booleans() | st.floats(0, 9)),
    st.builds(lambda value: {"value": {"from": value}}, TEXTS),
    st.sampled_from(
        [
            {"from": "inputs"},
            {"from": " inputs.n"},
            {"from": 'inputs["n"]'},
            {"from": 'context["Website URL"].0'},
            {"from": "state"},
            {"from": "state.a.b[2]"},
            {"from": "configs.limit"},
            {"expression": "inputs.n + 1"},
            {"template": "n = {{ inputs.n }}"},
            {"code": PLACE},
        ]
    ),
)
NUMBERS = st.integers(1, 9) | st.floats(0.5, 9.5)
RETRIES = st.fixed_dictionaries(
    {},
    optional={
        "attempts": st.integers(0, 5),
        "delay": NUMBERS | st.just(0),
        "backoff": st.sampled_from(["fixed", "linear", "exponential"]),
        "max_delay": NUMBERS | st.none(),
        "jitter": st.sampled_from([0, 0.5]),
    },
)
TAKES_RETRIES = {"step", "map", "workflow"}


@st.composite
def varied(draw: st.DrawFn) -> dict[str, Any]:
    """Return a definition that compiles, with fields, orders and spellings of all kinds."""
    document: dict[str, Any] = draw(definitions(kinds=ALL_KINDS, depth=2))
    for scope in _scopes(document):
        for node in scope["nodes"]:
            _vary(draw, node, scope["edges"], whole=json.dumps(document))
        scope["nodes"] = draw(st.permutations(scope["nodes"]))
        scope["edges"] = draw(st.permutations(scope["edges"]))
    return document | draw(
        st.fixed_dictionaries(
            {
                "name": TEXTS,
                "configs": st.fixed_dictionaries({"limit": TEXTS}, optional={"'": st.just([1])}),
            },
            optional={
                "description": TEXTS,
                "retry": RETRIES,
                "timeout": NUMBERS,
                "state": st.just({"type": "object"}),
                "context": st.just({"type": "object", "description": HOSTILE[2]}),
                "concurrency": st.sampled_from([{"limit": 1}, {"limit": 2, "key": None}]),
                "start_rate": st.sampled_from([{"limit": 9, "per": 0.5}, {"limit": 1, "per": 60}]),
                "priority": st.integers(-100, 100),
                "hooks": st.sampled_from([{"on_start": PLACE}, {"on_error": None}]),
                "on_failure": st.just(CHILD),
                "output": st.just({"from": "inputs.n"}) | st.just({"n": {"value": 1}}),
            },
        )
    )


def _scopes(scope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield ``scope`` and all bodies in it."""
    yield scope
    for node in scope["nodes"]:
        for holder in [node, *node.get("cases", ())]:
            if holder.get("body"):
                yield from _scopes(holder["body"])


def _vary(draw: st.DrawFn, node: dict[str, Any], edges: list[list[str]], *, whole: str) -> None:
    needs = sum(edge[1] == node["id"] for edge in edges)
    optional: dict[str, Any] = {
        "name": TEXTS.filter(lambda text: len(text) <= 200) | st.none(),
        "description": TEXTS,
        "collect": st.booleans(),
        "queue": st.just("slow"),
        "on_error": st.sampled_from(["fail", "continue", "skip"]),
        "input": st.dictionaries(TEXTS, SOURCES, max_size=2),
    }
    if needs > 1:
        optional["join"] = st.sampled_from(["all", "any", 1, needs])
    if node["type"] in TAKES_RETRIES:
        optional["retry"] = RETRIES
    if node["type"] in {"step", "workflow", "wait_for_event"}:
        optional["timeout"] = NUMBERS
    if node["type"] in {"foreach", "loop"}:
        del optional["input"]
    node |= draw(st.fixed_dictionaries({}, optional=optional))
    match node["type"]:
        case "branch":
            for case in node["cases"]:
                _vary_case(draw, case)
        case "foreach" | "wait_for_event":
            _name_body(draw, node, whole)


def _vary_case(draw: st.DrawFn, case: dict[str, Any]) -> None:
    nodes = case.get("body", {}).get("nodes", ())
    if len(nodes) == 1 and draw(st.booleans()):
        case["id"] = nodes[0]["id"]
    if draw(st.booleans()):
        case["when"] = draw(st.sampled_from([{"expression": "true"}, {"code": PLACE}]))


def _name_body(draw: st.DrawFn, node: dict[str, Any], whole: str) -> None:
    body = node.get("body") or {}
    if len(body.get("nodes", ())) != 1 or "output" in body or not draw(st.booleans()):
        return
    (only,) = body["nodes"]
    if f'steps.{only["id"]}"' not in whole:  # nobody else speaks of it
        # As the builder calls a step that is alone in a container.
        only["id"] = f"{node['id']}:body"
