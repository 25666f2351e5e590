"""Hostile JSON Schemas: refused with a problem; nothing is fetched, nothing runs away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from workflows_app.language.schemas import SchemaError, apply_defaults, check_schema, validate_value


@pytest.fixture
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """A listener that writes down whoever comes by."""
    seen: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                seen.append(connection.recv(100))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", seen
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def test_the_canary_sees_a_visitor(canary: tuple[str, list[bytes]]) -> None:
    address, seen = canary
    host, port = address.split(":")

    with socket.create_connection((host, int(port))) as visitor:
        visitor.sendall(b"hello")
        visitor.shutdown(socket.SHUT_WR)
        visitor.recv(1)

    assert seen == [b"hello"]


REMOTE: list[Any] = [
    {"$ref": "http://CANARY/x.json"},
    {"$ref": "//CANARY/x.json"},
    {"$ref": "HTTP://CANARY/x"},
    {"properties": {"a": {"items": {"$ref": "http://CANARY/x#/a"}}}},
    {"$id": "http://CANARY/base", "$ref": "other.json"},
    {"$id": "http://CANARY/base", "$ref": "#/$defs/x"},
    {"properties": {"a": {"$id": "http://CANARY/", "$ref": "#/x"}}},
    {"$schema": "http://CANARY/schema"},
    {"$schema": "http://CANARY/schema", "$ref": "#"},
    {"$dynamicRef": "http://CANARY/x#y"},
    {"$recursiveRef": "http://CANARY/x"},
    {"$defs": {"x": {"$ref": "http://CANARY/unused"}}},
    {"definitions": {"x": {"$ref": "http://CANARY/unused"}}},
    {"anyOf": [{"type": "string"}, {"$ref": "http://CANARY/x"}]},
    {"if": {"$ref": "http://CANARY/x"}},
    {"$ref": "#/const", "const": {"$ref": "http://CANARY/x"}},
    {"$ref": "#/properties/a/default", "properties": {"a": {"default": {"$ref": "http://CANARY"}}}},
    {"$vocabulary": {"http://CANARY/v": True}},
    {"dependencies": {"a": {"$ref": "http://CANARY/x"}}},
    {"contentSchema": {"$ref": "http://CANARY/x"}},
]


@pytest.mark.parametrize("schema", REMOTE, ids=str)
def test_nothing_is_fetched(schema: Any, canary: tuple[str, list[bytes]]) -> None:
    address, seen = canary
    pointed = _replace(schema, address)

    problems = check_schema(pointed)
    with pytest.raises(SchemaError):
        validate_value(pointed, {"a": [1]})

    assert problems
    assert seen == []


def _chain(levels: int, combiner: str) -> dict[str, Any]:
    doubled = {
        f"l{i}": {combiner: [{"$ref": f"#/$defs/l{i + 1}"}, {"$ref": f"#/$defs/l{i + 1}"}]}
        for i in range(levels)
    }
    return {"$ref": "#/$defs/l0", "$defs": doubled | {f"l{levels}": {"type": "string"}}}


def _deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


REFUSED: dict[str, tuple[Any, str]] = {
    "file": ({"$ref": "file:///etc/passwd"}, "schema.reference"),
    "ftp": ({"$ref": "ftp://127.0.0.1/x"}, "schema.reference"),
    "urn": ({"$ref": "urn:uuid:0"}, "schema.reference"),
    "relative": ({"$ref": "other.json"}, "schema.reference"),
    "anchor": ({"$ref": "#name", "$anchor": "name"}, "schema.keyword"),
    "nowhere": ({"$ref": "#/$defs/nope"}, "schema.reference"),
    "not a schema": ({"$ref": "#/enum", "enum": [{}]}, "schema.reference"),
    "not a text": ({"$ref": 1}, "schema.reference"),
    "self": ({"$ref": "#"}, "schema.cycle"),
    "self inside": ({"properties": {"a": {"$ref": "#"}}}, "schema.cycle"),
    "mutual": (
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        "schema.cycle",
    ),
    "mutual through allOf": (
        {"$defs": {"a": {"allOf": [{"not": {"$ref": "#/$defs/a"}}]}}, "$ref": "#/$defs/a"},
        "schema.cycle",
    ),
    "percent cycle": ({"$defs": {"a b": {"$ref": "#/$defs/a%20b"}}}, "schema.cycle"),
    "allOf doubling": (_chain(18, "allOf"), "schema.limit"),
    "anyOf doubling": (_chain(30, "anyOf"), "schema.limit"),
    "too many parts": ({"properties": {f"p{i}": {} for i in range(2_001)}}, "schema.limit"),
    "too deep": (_deep(65), "schema.limit"),
    "much too deep": (_deep(900), "schema.limit"),
    "too long": ({"description": "x" * 300_000}, "schema.limit"),
    "too many choices": ({"enum": list(range(10_001))}, "schema.limit"),
    "look-ahead": ({"pattern": "(?=a)b"}, "schema.invalid"),
    "back reference": ({"pattern": r"(a)\1"}, "schema.invalid"),
    "counted": ({"pattern": "(a{100}){100}"}, "schema.pattern"),
    "counted key": ({"patternProperties": {"(a{100}){100}": {}}}, "schema.pattern"),
    "long pattern": ({"pattern": "a" * 300}, "schema.pattern"),
    "many patterns": (
        {"properties": {f"p{i}": {"pattern": "a{900}"} for i in range(20)}},
        "schema.pattern",
    ),
    "regex as a format": ({"format": "regex"}, "schema.keyword"),
    "dynamic": ({"$dynamicRef": "#x", "$dynamicAnchor": "x"}, "schema.keyword"),
    "inner id": ({"properties": {"a": {"$id": "#a"}}}, "schema.keyword"),
    "unknown type": ({"type": "strnig"}, "schema.invalid"),
    "wrong keyword value": ({"minimum": "1"}, "schema.invalid"),
    "a list": ([], "schema.not_a_schema"),
    "a text": ("string", "schema.not_a_schema"),
    "null": (None, "schema.not_a_schema"),
    "list as property": ({"properties": {"a": []}}, "schema.not_a_schema"),
    "number as property": ({"properties": {"a": 1}}, "schema.not_a_schema"),
    "not a number": ({"minimum": float("nan")}, "schema.not_a_schema"),
    "not json": ({"default": object()}, "schema.not_a_schema"),
    "surrogate": ({"title": "\ud800"}, "schema.invalid"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_schema_is_refused(case: str) -> None:
    schema, code = REFUSED[case]

    problems = check_schema(schema)

    assert problems
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": "^(a+)+$"}, "a" * 50_000 + "!"),
        ({"pattern": "(x+x+)+y"}, "x" * 50_000),
        ({"pattern": r"^(\d+)*$"}, "1" * 50_000 + "x"),
        ({"uniqueItems": True}, [{"a": [i]} for i in range(3_000)]),
        ({"uniqueItems": True}, [[float(i)] for i in range(3_000)]),
        (_chain(8, "allOf"), 1),
        ({"items": {"anyOf": [{"const": i} for i in range(100)]}}, [-1] * 1_000),
        ({"format": "email"}, "a@" * 50_000),
        ({"format": "uri"}, "http://" + "a." * 50_000),
        ({"format": "hostname"}, "a." * 50_000),
        ({"multipleOf": 1e-9}, 1e300),
        ({"maxLength": 10**300}, "x"),
    ],
    ids=str,
)
def test_a_costly_but_lawful_schema_stays_quick(schema: Any, value: Any) -> None:
    assert check_schema(schema) == []

    started = time.process_time()
    validate_value(schema, value)

    # Process time with much room: each takes minutes or more in an engine that backtracks.
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"items": {"enum": [{"a": i} for i in range(9_000)]}}, [{"a": -1}] * 10_000),
        ({"items": {"required": [f"a{i}" for i in range(9_000)]}}, [{}] * 20_000),
        ({"items": {"allOf": [{"minimum": 0}] * 1_900}}, [1] * 50_000),
        (
            {"patternProperties": {f"a{i}$": {} for i in range(900)}},
            {f"k{i}": 1 for i in range(5_000)},
        ),
    ],
    ids=["enum", "required", "allOf", "patternProperties"],
)
def test_a_large_value_under_a_large_schema_is_refused(schema: Any, value: Any) -> None:
    assert check_schema(schema) == []

    (problem,) = validate_value(schema, value)

    assert "too large to be validated" in problem.message


def test_a_deep_value_does_not_break_validation_or_defaults() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    tree = {"$defs": {"t": {"items": {"$ref": "#/$defs/t"}}}, "$ref": "#/$defs/t"}

    validate_value(tree, deep)
    apply_defaults(tree, deep)


def _replace(schema: Any, address: str) -> Any:
    match schema:
        case dict():
            return {_replace(k, address): _replace(v, address) for k, v in schema.items()}
        case list():
            return [_replace(item, address) for item in schema]
        case str():
            return schema.replace("CANARY", address)
        case _:
            return schema
