"""Reading documents: their blocks of code, what those print, and their links.  Judges nothing."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.sources import ROOT, files

_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)\s]+)\)")
_TITLE = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_NOT_RUN = re.compile(r"\s*# not run: (\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block."""

    language: str
    text: str
    line: int
    """Where the text begins, from 1."""

    @property
    def why_not_run(self) -> str:
        """The reason the block gives for not being run; empty for none."""
        match = _NOT_RUN.match(self.text)
        return match[1] if match else ""


def documents() -> list[Path]:
    """Return every document of the project."""
    return [path for path in files("", suffix=".md") if ".hypothesis" not in path.parts]


def blocks(path: Path, *languages: str) -> list[Block]:
    """Return the fenced blocks of a document in these languages, in order."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(
            language=match[2],
            text=_undented(match[3], match[1]),
            line=text.count("\n", 0, match.start(3)) + 1,
        )
        for match in _FENCE.finditer(text)
        if match[2] in languages
    ]


def run_python(path: Path) -> dict[int, str]:
    """Run the Python of a document, as one module; return what each block printed, by its line."""
    names: dict[str, Any] = {"__name__": "documents"}
    printed = {}
    for block in blocks(path, "python"):
        # Padded, so that a traceback names the line of the document.
        text = "\n" * (block.line - 1) + block.text
        code = compile(text, str(path), "exec", dont_inherit=True)
        if not block.why_not_run:
            with redirect_stdout(io.StringIO()) as said:
                exec(code, names)
            printed[block.line] = said.getvalue()
    return printed


def printed_below(path: Path) -> dict[int, str]:
    """Return what a document shows below its blocks of Python as what they print, by their line."""
    found = blocks(path, "python", "text")
    return {
        block.line: below.text
        for block, below in itertools.pairwise(found)
        if block.language == "python" and below.language == "text"
    }


def links(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the place in it that each link to our own files leads to."""
    for target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        name, _, place = target.partition("#")
        yield (path.parent / name).resolve() if name else path, place


def places(path: Path) -> set[str]:
    """Return the places in a document that a link can lead to."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in _TITLE.findall(text)
    }


def commands(block: Block) -> list[str]:
    """Return the commands of a shell block, one each, continued lines joined."""
    joined = block.text.replace("\\\n", " ")
    return [
        line.strip().removeprefix("$ ")
        for line in joined.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def shown(path: Path) -> str:
    """Return how a test calls a document."""
    return path.relative_to(ROOT).as_posix()


def _undented(text: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))
