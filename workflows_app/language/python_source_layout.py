"""Laying out Python expressions, in the way of Black: what fits stands on one line, the rest opens.

Every value becomes text through ``repr``; nothing a user wrote is ever placed into code as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

LINE_CHARS: Final = 100
INDENT: Final = 4
#: A text with what ends a line or a word, so that it can be broken behind it.
_WORD: Final = re.compile(r"\S*\s|\S+")
#: An escape or a quote inside a literal, and how these are written between double quotes.
_QUOTE: Final = re.compile(r'\\.|"', re.DOTALL)
_TURNED: Final[Mapping[str, str]] = {"\\'": "'", '"': '\\"'}


@dataclass(frozen=True)
class Name:
    """A word of ours: the name of a variable, of a function, a number."""

    flat: str


@dataclass(frozen=True)
class Text:
    """A text of anybody's."""

    value: str

    @cached_property
    def flat(self) -> str:
        """The literal on one line, in double quotes where that takes no backslash more."""
        written = repr(self.value)
        if written[0] == '"' or self.value.count('"') > self.value.count("'"):
            return written
        return f'"{_QUOTE.sub(lambda found: _TURNED.get(found[0], found[0]), written[1:-1])}"'

    def pieces(self, width: int) -> list[Text]:
        """Return texts that make this one in a row, each up to ``width`` wide, where words are."""
        lines: list[str] = []
        for word in _WORD.findall(self.value):
            joined = Text(lines[-1] + word) if lines else None
            if joined is None or lines[-1].endswith("\n") or len(joined.flat) > width:
                lines.append(word)
            else:
                lines[-1] += word
        return [Text(line) for line in lines]


@dataclass(frozen=True)
class Call:
    """``function(arguments, name=argument)``; as a link of a chain, ``function`` is a method."""

    function: str
    arguments: Sequence[Expression] = ()
    named: Sequence[tuple[str, Expression]] = ()

    @cached_property
    def flat(self) -> str:
        inside = [item.flat for item in self.arguments]
        inside += [f"{name}={item.flat}" for name, item in self.named]
        return f"{self.function}({', '.join(inside)})"

    @property
    def parts(self) -> list[tuple[str, Expression]]:
        """Each argument with what stands before it."""
        return [
            *(("", item) for item in self.arguments),
            *((f"{n}=", item) for n, item in self.named),
        ]


@dataclass(frozen=True)
class Row:
    """A list, or a tuple of at least two."""

    brackets: str
    items: Sequence[Expression]

    @cached_property
    def flat(self) -> str:
        return f"{self.brackets[0]}{', '.join(item.flat for item in self.items)}{self.brackets[1]}"


@dataclass(frozen=True)
class Table:
    """A dictionary."""

    entries: Sequence[tuple[Expression, Expression]]

    @cached_property
    def flat(self) -> str:
        return "{" + ", ".join(f"{key.flat}: {item.flat}" for key, item in self.entries) + "}"


@dataclass(frozen=True)
class Chain:
    """``head.method(...).method(...)``."""

    head: Call
    calls: Sequence[Call]

    @property
    def is_long(self) -> bool:
        """Whether each link gets a line of its own when the chain opens."""
        return len(self.calls) > 1

    @cached_property
    def flat(self) -> str:
        return self.head.flat + "".join(f".{call.flat}" for call in self.calls)


Expression: TypeAlias = Name | Text | Call | Row | Table | Chain


def literal(value: Any) -> Expression:
    """Return ``value``, which is JSON, as an expression."""
    match value:
        case str():
            return Text(value)
        case Mapping():
            return Table([(literal(key), literal(item)) for key, item in value.items()])
        case list() | tuple():
            return Row("[]", [literal(item) for item in value])
    return Name(repr(value))


def assignment(name: str, value: Expression) -> str:
    """Return the statement that gives ``value`` the name ``name``."""
    start = f"{name} = "
    if isinstance(value, Chain) and value.is_long and len(start) + len(value.flat) > LINE_CHARS:
        return f"{start}(\n{_behind(INDENT)}{_opened(value, INDENT, 0)}\n)"
    return start + _laid_out(value, 0, len(start))


def _laid_out(value: Expression, indent: int, before: int, after: str = "") -> str:
    """Return ``value`` and ``after`` as they stand on a line that is indented by ``indent``, behind
    ``before`` characters."""
    if indent + before + len(value.flat) + len(after) <= LINE_CHARS:
        return value.flat + after
    return _opened(value, indent, before, after) + after


def _opened(value: Expression, indent: int, before: int, after: str = "") -> str:
    """Return ``value`` over several lines, if it has parts, as it stands before ``after``."""
    match value:
        case Text():
            pieces = value.pieces(LINE_CHARS - indent - INDENT)
            if len(pieces) > 1:
                return _around("(", [piece.flat for piece in pieces], ")", indent)
        case Call(arguments=[only], named=[]):
            return _around(f"{value.function}(", [_alone(only, indent + INDENT)], ")", indent)
        case Call(parts=[_, *_]):
            lines = [_part(start, item, indent) for start, item in value.parts]
            return _around(f"{value.function}(", lines, ")", indent)
        case Row(items=[_, *_]):
            lines = [_part("", item, indent) for item in value.items]
            return _around(value.brackets[0], lines, value.brackets[1], indent)
        case Table(entries=[_, *_]):
            lines = [_part(f"{key.flat}: ", item, indent) for key, item in value.entries]
            return _around("{", lines, "}", indent)
        case Chain(head=head, calls=[only]):
            if indent + before + len(f"{head.flat}.{only.function}(") <= LINE_CHARS:
                return f"{head.flat}.{_opened(only, indent, 0)}"
            return f"{_opened(head, indent, 0)}.{_laid_out(only, indent, len(').'))}"
        case Chain(head=head, calls=[*calls, last]):
            links = [_laid_out(head, indent, before)]
            links += ["." + _laid_out(call, indent, 1) for call in calls]
            links.append("." + _laid_out(last, indent, 1, after).removesuffix(after))
            return f"\n{_behind(indent)}".join(links)
    return value.flat


def _part(start: str, value: Expression, indent: int) -> str:
    """Return one argument, item or entry of what stands at ``indent``."""
    return start + _laid_out(value, indent + INDENT, len(start), ",")


def _alone(value: Expression, indent: int) -> str:
    """Return what stands alone between brackets: a text needs none of its own there."""
    if isinstance(value, Text) and indent + len(value.flat) > LINE_CHARS:
        pieces = value.pieces(LINE_CHARS - indent)
        return f"\n{_behind(indent)}".join(piece.flat for piece in pieces)
    return _laid_out(value, indent, 0)


def _around(opening: str, lines: Sequence[str], closing: str, indent: int) -> str:
    inside = "".join(f"{_behind(indent + INDENT)}{line}\n" for line in lines)
    return f"{opening}\n{inside}{_behind(indent)}{closing}"


def _behind(indent: int) -> str:
    return " " * indent
