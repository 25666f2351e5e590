"""The words and the grammar of expressions: a JSON-shaped part of CEL.  Reads; never evaluates.

Left out on purpose: bytes, unsigned numbers, message construction, optional chaining, a leading
dot.  What the parser does not know is a syntax error, so the evaluator has nothing to be surprised
by.  Chains of operators and of accesses are flat nodes: depth comes only from real nesting.

Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

from __future__ import annotations

from typing import Final

from workflows_app.language import expression_bounds as bounds
from workflows_app.language.expression_bounds import ExpressionError, limit
from workflows_app.language.expression_nodes import (
    Access,
    Call,
    Chain,
    Conditional,
    Has,
    ListNode,
    Literal,
    Macro,
    MapNode,
    Name,
    Node,
    Step,
    Unary,
)
from workflows_app.language.expression_tokens import Token, tokenize

MACROS: Final = frozenset({"all", "exists", "exists_one", "map", "filter"})
_WORD_VALUES: Final = {"true": True, "false": False, "null": None}
_LEVELS: Final = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"<", "<=", ">", ">=", "==", "!=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


def parse(text: str) -> Node:
    """Return the tree of ``text``.

    Raises:
        ExpressionError: ``expression.syntax`` or ``expression.limit``, with the position.
    """
    if len(text) > bounds.MAX_TEXT_BYTES or len(text.encode(errors="replace")) > (
        bounds.MAX_TEXT_BYTES
    ):
        raise limit(f"is longer than {bounds.MAX_TEXT_BYTES:,} bytes", 0)
    return _Parser(tokenize(text)).whole()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._depth = 0
        self._macros = 0
        self._macro_depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        if self._kind() == "end":
            raise ExpressionError("expression.syntax", "the expression is empty; write a value", 0)
        node = self._expression()
        if self._kind() != "end":
            raise self._unexpected()
        return node

    def _expression(self) -> Node:
        self._enter()
        node = self._binary(0)
        if self._at("?"):
            position = self._take().position
            then = self._binary(0)
            self._expect(":")
            node = Conditional(position, node, then, self._expression())
        self._depth -= 1
        return node

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        first = self._binary(level + 1)
        rest: list[tuple[str, int, Node]] = []
        while self._kind() in ("operator", "name") and self._text() in _LEVELS[level]:
            operator = self._take()
            rest.append((operator.text, operator.position, self._binary(level + 1)))
        return Chain(first.position, first, tuple(rest)) if rest else first

    def _unary(self) -> Node:
        position = self._tokens[self._index].position
        start = self._index
        while self._at("!") or self._at("-"):
            self._take()
            if self._index - start > bounds.MAX_DEPTH:
                raise limit(f"is nested deeper than {bounds.MAX_DEPTH} levels", position)
        operators = "".join(token.text for token in self._tokens[start : self._index])
        if len(set(operators)) > 1:
            raise ExpressionError(
                "expression.syntax", "'!' and '-' do not go together; use brackets", position
            )
        negated = operators.endswith("-")
        if negated and self._kind() in ("int", "float"):
            operators = operators[:-1]
            self._tokens[self._index] = self._tokens[self._index].negated()
        operand = self._access()
        return Unary(position, operators, operand) if operators else operand

    def _access(self) -> Node:
        node = self._primary()
        while self._at(".") or self._at("["):
            opening = self._take()
            if opening.text == "[":
                key = self._expression()
                self._expect("]")
                node = _extend(node, Step(opening.position, key))
                continue
            name = self._name()
            if self._at("("):
                node = self._method(node, name)
            else:
                node = _extend(node, Step(name.position, Literal(name.position, name.text)))
        return node

    def _method(self, target: Node, name: Token) -> Node:
        if name.text not in MACROS:
            return Call(name.position, name.text, (target, *self._arguments()))
        self._macros += 1
        self._macro_depth += 1
        if self._macros > bounds.MAX_MACROS:
            raise limit(f"uses more than {bounds.MAX_MACROS} macros", name.position)
        if self._macro_depth > bounds.MAX_MACRO_DEPTH:
            raise limit(f"nests macros deeper than {bounds.MAX_MACRO_DEPTH}", name.position)
        arguments = self._arguments()
        self._macro_depth -= 1
        allowed = (2, 3) if name.text == "map" else (2,)
        if len(arguments) not in allowed or not isinstance(arguments[0], Name):
            raise ExpressionError(
                "expression.syntax",
                f"write {name.text} as list.{name.text}(x, ...) with a loop name and a body",
                name.position,
            )
        return Macro(name.position, name.text, target, arguments[0].name, arguments[1:])

    def _primary(self) -> Node:
        token = self._take()
        self._nodes += 1
        if self._nodes > bounds.MAX_NODES:
            raise limit(f"has more than {bounds.MAX_NODES:,} parts", token.position)
        if token.kind in ("int", "float", "string"):
            return Literal(token.position, token.value)
        if token.kind == "name":
            return self._word(token)
        if token.text == "(" and token.kind == "operator":
            node = self._expression()
            self._expect(")")
            return node
        if token.text == "[" and token.kind == "operator":
            return ListNode(token.position, self._items("]"))
        if token.text == "{" and token.kind == "operator":
            return MapNode(token.position, self._entries())
        raise self._unexpected(token)

    def _word(self, token: Token) -> Node:
        if token.text in _WORD_VALUES:
            return Literal(token.position, _WORD_VALUES[token.text])
        self._index -= 1
        self._name(reserved_too=False)
        if not self._at("("):
            return Name(token.position, token.text)
        arguments = self._arguments()
        if token.text != "has":
            return Call(token.position, token.text, arguments)
        match arguments:
            case (Access(steps=steps) as operand,) if isinstance(steps[-1].key, Literal):
                return Has(token.position, operand)
        raise ExpressionError(
            "expression.syntax", "write has(object.key): it asks for one key", token.position
        )

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        return self._items(")")

    def _items(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._at(closing):
            items.append(self._expression())
            if not self._at(closing):
                self._expect(",")
                if closing == ")" and self._at(closing):
                    raise self._unexpected()
        self._take()
        return tuple(items)

    def _entries(self) -> tuple[tuple[Node, Node], ...]:
        entries: list[tuple[Node, Node]] = []
        while not self._at("}"):
            key = self._expression()
            self._expect(":")
            entries.append((key, self._expression()))
            if not self._at("}"):
                self._expect(",")
        self._take()
        return tuple(entries)

    def _name(self, *, reserved_too: bool = True) -> Token:
        token = self._take()
        if token.kind != "name" or (not reserved_too and token.reserved):
            raise self._unexpected(token)
        if token.text.startswith("__"):
            raise ExpressionError(
                "expression.unknown_name",
                f"{token.text!r} is not a name here: names never start with '__'",
                token.position,
            )
        return token

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > bounds.MAX_DEPTH:
            position = self._tokens[self._index].position
            raise limit(f"is nested deeper than {bounds.MAX_DEPTH} levels", position)

    def _kind(self) -> str:
        return self._tokens[self._index].kind

    def _text(self) -> str:
        return self._tokens[self._index].text

    def _at(self, operator: str) -> bool:
        token = self._tokens[self._index]
        return token.kind == "operator" and token.text == operator

    def _take(self) -> Token:
        token = self._tokens[self._index]
        if token.kind != "end":
            self._index += 1
        return token

    def _expect(self, operator: str) -> None:
        if not self._at(operator):
            raise self._unexpected(wanted=operator)
        self._take()

    def _unexpected(
        self, token: Token | None = None, *, wanted: str | None = None
    ) -> ExpressionError:
        token = token or self._tokens[self._index]
        is_end = token.kind == "end"
        found = "the end" if is_end else repr(token.text)
        if wanted:
            hint = f"{wanted!r} is missing before {found}"
        else:
            hint = "something is missing at the end" if is_end else f"{found} cannot stand here"
        return ExpressionError("expression.syntax", hint, token.position)


def _extend(node: Node, step: Step) -> Access:
    if isinstance(node, Access):
        return Access(node.position, node.base, (*node.steps, step))
    return Access(node.position, node, (step,))
