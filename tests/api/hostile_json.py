"""Bodies that a careless reader accepts, breaks on, or stores and cannot read again."""

from __future__ import annotations

LIMIT_BYTES = 2_621_440


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    """Return ``depth`` containers inside each other."""
    return (opening * depth + closing * depth).encode()


def in_definition(value: str) -> bytes:
    """Return a save whose definition holds ``value``, which is JSON or almost."""
    return b'{"definition": {"name": ' + value.encode("utf-8", "surrogatepass") + b"}}"


#: Name -> (body, status, code).
HOSTILE: dict[str, tuple[bytes, int, str]] = {
    "nothing but a space": (b" ", 400, "json.invalid"),
    "cut short": (b'{"definition": {', 400, "json.invalid"),
    "text after the end": (b'{"definition": {}} {}', 400, "json.invalid"),
    "single quotes": (b"{'definition': {}}", 400, "json.invalid"),
    "a comment": (b'{"definition": {}} // yes', 400, "json.invalid"),
    "a comma too many": (b'{"definition": {},}', 400, "json.invalid"),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400, "json.invalid"),
    "UTF-16": ('{"definition": {}}'.encode("utf-16"), 400, "json.invalid"),
    "Latin-1": (b'{"definition": {"name": "\xe9"}}', 400, "json.invalid"),
    "a surrogate in UTF-8": (b'{"definition": {"name": "\xed\xa0\x80"}}', 400, "json.invalid"),
    "an overlong slash": (b'{"definition": {"name": "\xc0\xaf"}}', 400, "json.invalid"),
    "a lone high surrogate": (in_definition('"\\ud800"'), 400, "json.invalid"),
    "a lone low surrogate": (in_definition('"x\\uDC00y"'), 400, "json.invalid"),
    "a surrogate pair the wrong way": (in_definition('"\\udc00\\ud800"'), 400, "json.invalid"),
    "a surrogate in a key": (in_definition('{"\\ud800": 1}'), 400, "json.invalid"),
    "NUL": (in_definition('"a\\u0000b"'), 400, "json.invalid"),
    "NUL in a key": (in_definition('{"a\\u0000": 1}'), 400, "json.invalid"),
    "NUL as it is": (b'{"definition": {"name": "a\x00b"}}', 400, "json.invalid"),
    "a line break in a text": (b'{"definition": {"name": "a\nb"}}', 400, "json.invalid"),
    "NaN": (in_definition("NaN"), 400, "json.invalid"),
    "infinity": (in_definition("Infinity"), 400, "json.invalid"),
    "minus infinity": (in_definition("-Infinity"), 400, "json.invalid"),
    "a number beyond floats": (in_definition("1e400"), 400, "json.invalid"),
    "minus a number beyond floats": (in_definition("-1e400"), 400, "json.invalid"),
    "a leading zero": (in_definition("01"), 400, "json.invalid"),
    "hexadecimal": (in_definition("0x1"), 400, "json.invalid"),
    "a key twice": (b'{"definition": {}, "definition": {"a": 1}}', 400, "json.invalid"),
    "a key twice, deep": (in_definition('[[{"a": 1, "b": 2, "a": 1}]]'), 400, "json.invalid"),
    "a key twice, escaped": (in_definition('{"a": 1, "\\u0061": 2}'), 400, "json.invalid"),
    "401 digits": (in_definition("9" * 401), 400, "json.limit"),
    "5,000 digits": (in_definition("-" + "9" * 5_000), 400, "json.limit"),
    "401 digits after the point": (in_definition("0." + "1" * 400), 400, "json.limit"),
    "65 lists": (nested(65), 400, "json.limit"),
    "65 objects": (b'{"a":' * 65 + b"1" + b"}" * 65, 400, "json.limit"),
    "100,000 lists": (nested(100_000), 400, "json.limit"),
    "100,000 lists that never close": (b"[" * 100_000, 400, "json.limit"),
    "1,000,000 objects": (b'{"a":' * 500_000, 400, "json.limit"),
    "100,001 keys": (
        b"{" + b",".join(b'"%d":1' % n for n in range(100_001)) + b"}",
        400,
        "json.limit",
    ),
    "100,001 keys in 33,334 objects": (
        b"[" + b",".join([b'{"a":1,"b":2,"c":3}'] * 33_334) + b"]",
        400,
        "json.limit",
    ),
    "a text of 1,000,001 bytes": (in_definition(f'"{"a" * 1_000_001}"'), 413, "request.too_large"),
    "a text of 1,000,002 bytes, not letters": (
        in_definition(f'"{"é" * 500_001}"'),
        413,
        "request.too_large",
    ),
    "a key of 1,000,001 bytes": (
        in_definition(f'{{"{"k" * 1_000_001}": 1}}'),
        413,
        "request.too_large",
    ),
    "one byte too much": (b'"' + b"a" * (LIMIT_BYTES - 1) + b'"', 413, "request.too_large"),
    "twice too much": (b" " * 2 * LIMIT_BYTES, 413, "request.too_large"),
}

#: What looks odd and is fine: name -> body.
FINE: dict[str, bytes] = {
    "an escaped backslash before u0000": in_definition('"\\\\u0000"'),
    "a surrogate pair": in_definition('"\\ud83d\\ude00"'),
    "400 digits": in_definition("9" * 400),
    "64 containers": b'{"definition": {"x": ' + nested(62) + b"}}",
    "a very small number": in_definition("1e-400"),
    "the largest float": in_definition("1.7976931348623157e308"),
    "a large number with an exponent": in_definition("[1e16, -2.5e22, 1E+15, 9007199254740993.0]"),
    "a text of 1,000,000 bytes": in_definition(f'"{"a" * 1_000_000}"'),
    "an empty key": in_definition('{"": 1}'),
    "spaces around": b" \n\t" + in_definition("1") + b"\r\n ",
    "a name of a Python method": in_definition('{"__class__": {"__init__": 1}}'),
}
