"""How the web UI's sources look: layered, short, explained, in the theme's colours, harmless."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.house.editor_sources import (
    EDITOR,
    imports,
    is_for_tests,
    name_in_editor,
    places,
    unexplained,
    written,
)

MAX_LINES = 300
#: From the top down; a file imports its own layer and those below.
LAYERS = (
    "main.tsx",
    "app",
    "pages",
    "run",
    "schema",
    "ui",
    "execution",
    "api",
    "definition",
    "contracts",
)
#: What draws knows nothing of the server, nor the other way round.
STRANGERS = {"ui": {"execution", "api", "definition"}, "schema": {"execution", "api", "definition"}}
#: The only file of a page that another page uses: the canvas an execution is watched on.
SHARED_BY_PAGES = "pages/editor/canvas/ReadOnlyCanvas"
#: What computes: the same answer for the same arguments, in a browser or in none.
PURE = (
    "contracts/",
    "definition/",
    "execution/evolve.ts",
    "execution/steps.ts",
    "execution/keys.ts",
)
IMPURE = re.compile(
    r"\b(?:fetch|setTimeout|setInterval)\(|\b(?:window|localStorage|sessionStorage)\."
    r"|\bdocument\.(?:cookie|body|title|getElement|querySelector|createElement|addEventListener)"
    r"|\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)"
)
IMPURE_PACKAGES = re.compile(r"npm:(?:react|@tanstack|@xyflow|radix-ui|openapi-fetch|lucide|cmdk)")

DANGEROUS = re.compile(
    r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write"
    r"|\beval\(|\bnew Function\b|\bsrcdoc\b|javascript:"
)
ADDRESS = re.compile(r"\bhttps?://[\w.-]*")
#: Names that are nobody's, for parsing and as examples.
NOBODYS = ("://localhost", "://here.invalid", "://example.com")
SOURCE_OF_AN_IDEA = re.compile(r"Source: +https?://")
ANY = re.compile(r":\s*any\b|\bas any\b|<any\b|\bany\[\]|@ts-(?:ignore|nocheck|expect-error)")
COLOUR = re.compile(
    r"(?<![\w&])#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b(?!;)"
    r"|\b(?:rgba?|hsla?|oklch)\("
    r"|\b(?:text|bg|border|ring|fill|stroke|from|to|via|outline|shadow|decoration|accent|caret)-"
    r"(?:(?:red|blue|green|gr[ae]y|slate|zinc|neutral|stone|amber|yellow|orange|lime|emerald|teal"
    r"|cyan|sky|indigo|violet|purple|fuchsia|pink|rose)-\d+|black|white)\b"
    r"|\bdark:(?=[\w-])"
)
SAYS_WHAT_FOR = re.compile(r"\s*/\*\*\s*\*?\s*\w")


def test_imports_go_down_only() -> None:
    found = [
        f"{name} imports {imported}"
        for name, imported in _own_imports()
        if not _goes_down(name, imported)
    ]

    assert found == []


def test_a_page_knows_no_other_page() -> None:
    found = [
        f"{name} imports {imported}"
        for name, imported in _own_imports()
        if name.startswith("pages/") and imported.startswith("pages/")
        if name.split("/")[1] != imported.split("/")[1] and imported != SHARED_BY_PAGES
    ]

    assert found == []


def test_only_tests_import_what_is_for_tests() -> None:
    assert [
        f"{name} imports {imported}"
        for name, imported in _own_imports()
        if is_for_tests(f"{imported}/") and not is_for_tests(name)
    ] == []


def test_what_computes_neither_draws_nor_asks_nor_looks_at_the_clock() -> None:
    pure = [path for path in _shipped() if name_in_editor(path).startswith(PURE)]

    drawing = [
        f"{name_in_editor(path)} imports {imported}"
        for path in pure
        for imported in imports(name_in_editor(path), path.read_text(encoding="utf-8"))
        if IMPURE_PACKAGES.match(imported)
    ]
    looking = [found for path in pure for found in places(IMPURE, path)]

    assert drawing + looking == []


def test_every_file_of_the_web_ui_says_what_it_is_for() -> None:
    assert [
        name_in_editor(path)
        for path in written(".ts", ".tsx")
        if not SAYS_WHAT_FOR.match(path.read_text(encoding="utf-8"))
    ] == []


def test_no_file_of_the_web_ui_is_longer_than_a_reader_keeps_in_mind() -> None:
    long = {
        name_in_editor(path): lines
        for path in written(".ts", ".tsx", ".css")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }

    assert long == {}


def test_every_exported_function_of_the_web_ui_says_what_it_does() -> None:
    assert [
        f"{name_in_editor(path)}: {function}"
        for path in _shipped()
        for function in unexplained(path.read_text(encoding="utf-8"))
    ] == []


def test_nothing_a_user_wrote_becomes_markup_or_program() -> None:
    assert [found for path in _shipped() for found in places(DANGEROUS, path)] == []


def test_the_web_ui_calls_no_other_site() -> None:
    found = [
        f"{name_in_editor(path)}: {match[0]}"
        for path in _shipped()
        for match in ADDRESS.finditer(SOURCE_OF_AN_IDEA.sub("", path.read_text(encoding="utf-8")))
        if not match[0].endswith(NOBODYS)
    ]

    assert found == []


def test_every_value_of_the_web_ui_has_a_type() -> None:
    assert [found for path in written() for found in places(ANY, path)] == []


def test_colours_come_from_the_theme() -> None:
    assert [found for path in _shipped() for found in places(COLOUR, path)] == []


def test_every_package_that_is_declared_is_used() -> None:
    declared = json.loads((EDITOR.parent / "package.json").read_text())["dependencies"]
    used = {
        _package(imported)
        for path in [*written(), EDITOR.parent / "vite.config.ts"]
        for imported in imports("", path.read_text(encoding="utf-8"))
    }

    assert sorted(set(declared) - used) == []


@pytest.mark.parametrize(
    ("importing", "imported", "allowed"),
    [
        ("pages/inbox/index.tsx", "ui/Button", True),
        ("execution/live.ts", "api/client", True),
        ("ui/Button.tsx", "pages/inbox/InboxList", False),
        ("ui/Button.tsx", "api/client", False),
        ("definition/undo.ts", "api/editing", False),
        ("run/RunDialog.tsx", "app/App", False),
    ],
)
def test_the_look_for_layers_sees_them(importing: str, imported: str, *, allowed: bool) -> None:
    assert _goes_down(importing, imported) is allowed


@pytest.mark.parametrize(
    ("pattern", "text", "count"),
    [
        (DANGEROUS, "<div dangerouslySetInnerHTML={{ __html: text }} />", 1),
        (DANGEROUS, "retrieval(text)", 0),
        (ANY, "const value: any = 1", 1),
        (ANY, "answer as any", 1),
        (ANY, "const any = split(tokens);", 0),
        (COLOUR, 'className="text-red-500"', 1),
        (COLOUR, 'className="text-danger dark:bg-raised"', 1),
        (COLOUR, 'fill="#ff8800"', 1),
        (COLOUR, 'href="#steps" className="text-on-accent"', 0),
        (IMPURE, "const at = Date.now();", 1),
        (IMPURE, "const nodes = document.nodes;", 0),
    ],
)
def test_the_looks_at_text_see_what_they_look_for(
    pattern: re.Pattern[str], text: str, count: int
) -> None:
    assert len(pattern.findall(text)) == count


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("/** Returns one. */\nexport function one() {}", []),
        ("/** What the file is for. */\n\nexport function one() {}", ["one"]),
        ("export default function Page() {}", ["Page"]),
        ("export const two = () => 2;", ["two"]),
        ("export const LIMIT = 2;", []),
    ],
)
def test_the_look_for_explanations_sees_what_has_none(source: str, found: list[str]) -> None:
    assert list(unexplained(source)) == found


def _shipped() -> list[Path]:
    return [path for path in written() if not is_for_tests(name_in_editor(path))]


def _package(imported: str) -> str:
    parts = imported.removeprefix("npm:").split("/")
    return "/".join(parts[: 2 if imported.startswith("npm:@") else 1])


def _own_imports() -> list[tuple[str, str]]:
    return [
        (name_in_editor(path), imported)
        for path in written()
        for imported in imports(name_in_editor(path), path.read_text(encoding="utf-8"))
        if not imported.startswith("npm:")
    ]


def _goes_down(name: str, imported: str) -> bool:
    own, other = name.split("/")[0], imported.split("/")[0]
    if own == other or "testing" in (own, other):
        return True  # what is for tests has a rule of its own
    return LAYERS.index(own) < LAYERS.index(other) and other not in STRANGERS.get(own, ())
