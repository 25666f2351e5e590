"""Paths: read, written, and followed through plain data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows_app.language.paths import MISSING, PathError, format_path, parse_path, resolve

KEYS = st.text(st.characters(exclude_categories=("Cs",)), min_size=0, max_size=12).filter(
    lambda key: not key.startswith("__")
)
PATHS = st.lists(KEYS | st.integers(0, 10**8), max_size=8)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("inputs.url", ("inputs", "url")),
        ("steps.fetch.json.items[0].name", ("steps", "fetch", "json", "items", 0, "name")),
        ('steps["my-id"].x', ("steps", "my-id", "x")),
        ("steps.my-id.x", ("steps", "my-id", "x")),
        ('inputs["Website URL"]', ("inputs", "Website URL")),
        ("inputs['it\\'s']", ("inputs", "it's")),
        ("a.0.b", ("a", 0, "b")),
        (" a.b ", ("a", "b")),
        (".", ()),
        ("", ()),
    ],
)
def test_a_path_is_read(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a..b", 2),
        (".a", 0),
        ("a.", 2),
        ("a b", 1),
        ("a[", 2),
        ("a[x]", 2),
        ("a[-1]", 2),
        ('a["x]', 2),
        ('a["x"', 5),
        ("a.__class__", 1),
        ('a["__proto__"]', 1),
        ("__import__", 0),
        ("a.b()", 3),
        ("a[0:1]", 3),
        ("a." * 70 + "a", None),
        ("a" * 1_001, None),
    ],
)
def test_a_path_that_cannot_stand_is_refused(text: str, position: int | None) -> None:
    with pytest.raises(PathError) as caught:
        parse_path(text)

    assert caught.value.code == "path.invalid"
    assert position is None or caught.value.position == position


@given(PATHS)
def test_a_written_path_is_read_back(path: list[str | int]) -> None:
    assert parse_path(format_path(path)) == tuple(path)


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_a_path_error(text: str) -> None:
    try:
        path = parse_path(text)
    except PathError:
        return

    assert parse_path(format_path(path)) == path


def test_a_path_is_followed() -> None:
    data = {"a": {"b": [{"c": 1}]}, "7": "seven"}

    assert resolve(("a", "b", 0, "c"), data) == 1
    assert resolve((7,), data) == "seven"
    assert resolve((), data) is data


def test_a_missing_last_key_is_missing() -> None:
    assert resolve(("a", "x"), {"a": {}}) is MISSING
    assert resolve(("a", 3), {"a": [1]}) is MISSING


@pytest.mark.parametrize("path", [("x", "y"), ("a", "real"), ("n", "x"), ("a", 0), ("s", 0)])
def test_a_way_through_nothing_is_unresolved(path: tuple[str | int, ...]) -> None:
    with pytest.raises(PathError, match=r"^Invalid path ") as caught:
        resolve(path, {"a": 1, "n": None, "s": "text"})

    assert caught.value.code == "path.unresolved"


def test_attributes_are_never_read() -> None:
    class Thing:
        secret = "s"

    with pytest.raises(PathError):
        resolve(("thing", "secret"), {"thing": Thing()})
