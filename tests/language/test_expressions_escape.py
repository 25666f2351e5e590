"""Hostile expressions: nothing a user writes reaches Python, a hidden name, or another step."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from workflows_app.language.expressions import FUNCTIONS, ExpressionError, check, evaluate


class Credential:
    """An object that must never be looked into."""

    token = "canary-token"

    def __getitem__(self, key: str) -> str:
        return self.token


DATA: dict[str, Any] = {
    "inputs": {"s": "text", "n": 1, "l": [1, 2], "f": len, "c": Credential(), "__hidden": "canary"},
    "steps": {"fetch": {"x": 1}},
    "context": {"k": "fetch"},
}

ESCAPES = [
    # dunder chains
    "inputs.__class__",
    "inputs.__class__.__mro__[1].__subclasses__()",
    "''.__class__.__base__.__subclasses__()[80].__init__.__globals__",
    "inputs['__class__']",
    'inputs["__hid" + "den"]',
    "inputs[r'__hidden']",
    r"inputs['\x5f\x5fhidden']",
    r"inputs['\137\137hidden']",
    "has(inputs.__hidden)",
    "__import__('os').system('id')",
    "__builtins__",
    "inputs.s.__len__()",
    "[].__class__",
    "{}.__init__",
    "inputs.l.map(__x, __x)",
    # Python itself
    "import os",
    "lambda: 1",
    "[x for x in inputs]",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd')",
    "getattr(inputs, 's')",
    "globals()",
    "type(1)('x')",
    "inputs.f([1])",
    "inputs.f",
    "inputs.c",
    "inputs.c.token",
    "inputs.c['token']",
    "string(inputs.c)",
    "json(inputs.c)",
    "[inputs.c]",
    "{'a': inputs.c}",
    "inputs.c == inputs.c",
    "inputs.s.encode('utf-8')",
    "inputs.s.format(inputs.c)",
    "'{0.token}'.format(inputs.c)",
    "'%s' % inputs.c",
    "f'{inputs.c.token}'",
    "inputs.s if true else inputs.c",
    "inputs.s; inputs.c",
    "inputs.s := 1",
    "inputs.s = 1",
    "`id`",
    "$(id)",
    "{{ inputs.s }}",
    "${inputs.s}",
    # names: shadowed, foreign, look-alike
    "inputs.l.map(inputs, inputs)",
    "inputs.l.map(size, size)",
    "inputs.l.map(x, inputs.l.map(x, x))",
    "inputs.l.map(x.y, 1)",
    "inputs.l.map(true, 1)",
    "secrets.token",
    "vars",
    "self",
    "iոputs.s",
    "inputs.ｓ",
    "ⅰnputs",
    "inputs\u200b.s",
    "inputs\u2028.s",
    "'\x00'",
    r"'\u0000'",
    r"'\ud800'",
    "inputs\x00",
    # functions as values, other parts of CEL
    "size",
    "[size]",
    "inputs.l.map(x, size)",
    "dyn",
    ".inputs.s",
    "inputs.?s",
    "inputs[?'s']",
    "inputs.`s`",
    "google.protobuf.Struct{}",
    "Msg{a: 1}",
    "cel.bind(x, inputs, x)",
    "optional.of(1)",
    "b'x' + b'y'",
    "bytes('x')",
    "1u + uint(2)",
    # steps other than by name
    "steps[context.k]",
    "steps['fet' + 'ch']",
    "steps[0]",
    "steps.map(k, k)",
    "[steps]",
    "json(steps)",
    "steps == steps",
    "true ? steps : steps",
    "has(steps['x' + 'y'].z)",
    # comments and quotes
    "inputs.s // \n __import__('os')",
    "'a' 'b'",
    "'''a' + inputs.c",
    "r'\\' + inputs.c",
    "/* x */ 1",
    "# x\n1",
    "1 //\r\n + inputs.c.token",
    # macros in macros in macros
    "inputs.l.map(a, inputs.l.map(b, inputs.l.map(c, c)))",
    "[1].map(a, a).map(b, b).map(c, c).map(d, d)",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_hostile_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, DATA)

    assert "canary" not in str(caught.value)
    assert caught.value.code.startswith("expression.")


def test_no_builtin_of_python_is_callable_by_accident() -> None:
    wanted = {"abs", "bool", "int", "max", "min", "round", "slice", "sum", "type"}

    assert set(FUNCTIONS) & set(dir(builtins)) == wanted


@pytest.mark.parametrize("name", [name for name in dir(builtins) if name not in FUNCTIONS])
def test_a_builtin_of_python_is_no_function(name: str) -> None:
    with pytest.raises(ExpressionError):
        check(f"{name}(1)")


@pytest.mark.parametrize("value", [object(), len, Credential(), b"x", {1}, (1,), 1j, Ellipsis])
def test_a_value_that_is_not_json_never_comes_out(value: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("inputs.v", {"inputs": {"v": value}})

    assert caught.value.code == "expression.type"


def test_keys_that_are_not_texts_never_come_out() -> None:
    with pytest.raises(ExpressionError):
        evaluate("inputs", {"inputs": {1: "x"}})
