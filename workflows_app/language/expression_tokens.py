"""Cutting an expression into words.  Refuses characters, escapes and numbers outside the language.

Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from workflows_app.language.expression_bounds import INT_MAX, INT_MIN, ExpressionError

RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "true",
        "false",
        "null",
    ]
)

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n\f]+|//[^\n]*)
    | (?P<string>(?P<prefix>[rRbB]{0,2})(?P<quote>\"\"\"|'''|"|'))
    | (?P<hex>0[xX][0-9a-fA-F]+)
    | (?P<float>(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    | (?P<int>[0-9]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<operator>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x(..)|X(..)|u(.{4})|U(.{8})|([0-3][0-7]{2})|(.)|$)", re.DOTALL)
_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """``int float string name operator`` or ``end``."""
    text: str
    position: int
    value: Any = None

    @property
    def reserved(self) -> bool:
        """Whether this word may be a key but not a name of its own."""
        return self.text in RESERVED

    def negated(self) -> Token:
        """Return the number with its sign turned: ``-9223372036854775808`` is one literal."""
        return replace(self, value=-self.value)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of ``text`` with an ``end`` token last.

    Raises:
        ExpressionError: ``expression.syntax`` at the first character that fits nothing.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _wrong(f"{text[position]!r} cannot stand here", position)
        kind = str(match.lastgroup)
        end = match.end()
        if match["quote"]:
            value, end = _string(text, match)
            tokens.append(Token("string", text[position:end], position, value))
        elif kind in ("hex", "int", "float"):
            tokens.append(_number(match, kind, position))
        elif kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = end
    _check_sizes(tokens)
    tokens.append(Token("end", "", len(text)))
    return tokens


def _number(match: re.Match[str], kind: str, position: int) -> Token:
    text = match.group()
    following = match.string[match.end() : match.end() + 1]
    if following.isalnum() or following == "_":
        raise _wrong(f"{text + following!r} is not a number", position)
    if kind == "float":
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise _wrong(f"{text[:40]!r} is too large for a number", position)
        return Token("float", text, position, number)
    if len(text) > 40:
        raise _wrong("a whole number has at most 19 digits", position)
    return Token("int", text, position, int(text, 16 if kind == "hex" else 10))


def _check_sizes(tokens: list[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind != "int":
            continue
        minus = index > 0 and tokens[index - 1].text == "-"
        if token.value > (-INT_MIN if minus else INT_MAX):
            raise _wrong(f"{token.text} does not fit into 64 bits", token.position)


def end_of_string(text: str, position: int) -> int | None:
    """Return where the string literal ends whose quote is at ``position``; ``None`` if nowhere."""
    before = text[max(0, position - 2) : position]
    raw = before[-1:] in ("r", "R") and not (before[:-1].isalnum() or before[:-1] == "_")
    quote = text[position]
    if text.startswith(quote * 3, position):
        quote *= 3
    end = _closing_quote(text, position + len(quote), quote, raw=raw)
    return None if end is None else end + len(quote)


def _closing_quote(text: str, start: int, quote: str, *, raw: bool) -> int | None:
    end = start
    while not text.startswith(quote, end):
        if end >= len(text) or (len(quote) == 1 and text[end] in "\r\n"):
            return None
        end += 2 if text[end] == "\\" and not raw else 1
    return end


def _string(text: str, match: re.Match[str]) -> tuple[str, int]:
    prefix, quote, start = match["prefix"].lower(), match["quote"], match.end()
    if "b" in prefix or prefix == "rr":
        raise _wrong("bytes are not part of JSON; write a text", match.start())
    end = _closing_quote(text, start, quote, raw=bool(prefix))
    if end is None:
        raise _wrong(f"the text has no closing {quote}", match.start())
    body = text[start:end]
    value = body if prefix else _unescape(body, start)
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise _wrong("the text holds a character that JSON stores refuse", match.start())
    return value, end + len(quote)


def _unescape(body: str, start: int) -> str:
    def character(match: re.Match[str]) -> str:
        small_x, large_x, small_u, large_u, octal, simple = match.groups()
        try:
            if digits := small_x or large_x or small_u or large_u:
                if not digits.isalnum():
                    raise ValueError(digits)
                return chr(int(digits, 16))
            return chr(int(octal, 8)) if octal else _SIMPLE[simple]
        except (ValueError, KeyError, OverflowError):
            raise _wrong(f"{match.group()!r} is no escape", start + match.start()) from None

    return _ESCAPE.sub(character, body)


def _wrong(message: str, position: int) -> ExpressionError:
    return ExpressionError("expression.syntax", message, position)
