"""What a user's JSON Schema may contain.  Refuses references out of the document and run-away size.

A schema that passes here can be compiled without any retrieval and validates in time proportional
to schema and value: references are acyclic, so the schema written out in full is finite, and its
written-out size is bounded too (``allOf`` of two references, eighteen times over, is 2**18 nodes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expression_patterns import states

MAX_SCHEMA_NODES: Final = 2_000
MAX_SCHEMA_DEPTH: Final = 64
MAX_WRITTEN_OUT_NODES: Final = 20_000
MAX_ENUM_VALUES: Final = 10_000
MAX_PATTERN_STATES: Final = 10_000

DRAFTS: Final = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
)
#: Keywords that could move where references point to, or pull in other vocabularies.
REFUSED: Final = frozenset(
    ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$anchor", "$vocabulary"]
)
_SCHEMAS_BY_NAME: Final = (
    "properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions",
)  # fmt: skip
_SCHEMA_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_SCHEMAS: Final = (
    "items", "additionalItems", "additionalProperties", "unevaluatedItems",
    "unevaluatedProperties", "contains", "propertyNames", "not", "if", "then", "else",
    "contentSchema",
)  # fmt: skip
#: Under these a schema looks at the same value again; under all others at a part of it.
_IN_PLACE: Final = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref",
                              "dependentSchemas", "dependencies"})  # fmt: skip
_DEFINITIONS: Final = frozenset({"$defs", "definitions"})


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """Something in a schema that is not valid or not allowed."""

    path: str
    """JSON pointer into the schema; empty for the whole."""
    code: str
    message: str


@dataclass(slots=True)
class _Survey:
    problems: list[SchemaProblem] = field(default_factory=list)
    nodes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Pointer of each schema -> (keyword, pointer) of the schemas it uses."""
    refs: dict[str, str] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    pattern_states: int = 0
    written_out: int = 0

    def add(self, path: str, code: str, message: str) -> None:
        if len(self.problems) < 50:
            self.problems.append(SchemaProblem(path, code, message))


def survey_schema(schema: Any, *, recursive: bool = False) -> tuple[tuple[SchemaProblem, ...], int]:
    """Return what is refused in ``schema``, and how many parts it has when written out.

    ``recursive`` allows references in circles that go down into the value, and so end with it.

    Codes: ``schema.not_a_schema``, ``schema.reference``, ``schema.cycle``, ``schema.limit``,
    ``schema.pattern``, ``schema.keyword``.
    """
    survey = _Survey()
    _look_through(schema, survey)
    if survey.problems:
        return tuple(survey.problems), 0
    for pointer, target in survey.refs.items():
        if target in survey.nodes:
            survey.nodes[pointer].append(("$ref", target))
        else:
            survey.add(
                f"{pointer}/$ref",
                "schema.reference",
                f"'#{target}' is no schema of this document; put it under $defs",
            )
    if not survey.problems:
        _check_written_out(survey, recursive)
    return tuple(survey.problems), survey.written_out


def escape(part: str) -> str:
    """Return ``part`` as it stands in a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def pointer_of(reference: str) -> str:
    """Return the JSON pointer of a reference such as ``#/$defs/Item``."""
    return unquote(reference[1:])


def _look_through(schema: Any, survey: _Survey) -> None:
    todo: list[tuple[str, Any, int]] = [("", schema, 0)]
    while todo:
        pointer, node, depth = todo.pop()
        survey.nodes[pointer] = []
        if len(survey.nodes) > MAX_SCHEMA_NODES:
            survey.add("", "schema.limit", f"a schema has at most {MAX_SCHEMA_NODES:,} parts")
            return
        if depth > MAX_SCHEMA_DEPTH:
            survey.add(pointer, "schema.limit", f"a schema nests at most {MAX_SCHEMA_DEPTH} deep")
            continue
        if isinstance(node, bool):
            continue
        if not isinstance(node, Mapping) or not all(isinstance(key, str) for key in node):
            survey.add(
                pointer, "schema.not_a_schema", f"a schema is an object or a bool, got {node!r:.60}"
            )
            continue
        _check_keywords(pointer, node, survey)
        survey.weights[pointer] = _weight(node)
        for keyword, below, child in _children(pointer, node):
            survey.nodes[pointer].append((keyword, below))
            todo.append((below, child, depth + 1))


def _children(pointer: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for keyword in _SCHEMAS_BY_NAME:
        named = node.get(keyword)
        if isinstance(named, Mapping):
            for name, child in named.items():
                if keyword != "dependencies" or not isinstance(child, list):
                    yield keyword, f"{pointer}/{keyword}/{escape(str(name))}", child
    for keyword in _SCHEMA_LISTS:
        listed = node.get(keyword)
        if isinstance(listed, list):
            for index, child in enumerate(listed):
                yield keyword, f"{pointer}/{keyword}/{index}", child
    for keyword in _SCHEMAS:
        if keyword in node and not isinstance(node[keyword], list):
            yield keyword, f"{pointer}/{keyword}", node[keyword]


def _check_keywords(pointer: str, node: Mapping[str, Any], survey: _Survey) -> None:
    for keyword in REFUSED & node.keys():
        survey.add(f"{pointer}/{keyword}", "schema.keyword", f"{keyword!r} is not supported")
    if "$id" in node and pointer:
        survey.add(f"{pointer}/$id", "schema.keyword", "'$id' may stand only at the top")
    if "$schema" in node and (
        pointer or not isinstance(node["$schema"], str) or node["$schema"].rstrip("#") not in DRAFTS
    ):
        survey.add(
            f"{pointer}/$schema", "schema.keyword", f"'$schema' is one of {', '.join(DRAFTS)}"
        )
    _check_reference(pointer, node, survey)
    if node.get("format") == "regex":
        survey.add(f"{pointer}/format", "schema.keyword", "the format 'regex' is not supported")
    enum = node.get("enum")
    if isinstance(enum, list) and len(enum) > MAX_ENUM_VALUES:
        survey.add(
            f"{pointer}/enum", "schema.limit", f"an enum has at most {MAX_ENUM_VALUES:,} values"
        )
    _check_patterns(pointer, node, survey)


def _weight(node: Mapping[str, Any]) -> int:
    """Return how many things ``node`` itself looks for in one value."""
    weight = 1
    enum = node.get("enum")
    todo: list[Any] = list(enum) if isinstance(enum, list) else []
    todo += [node["const"]] if "const" in node else []
    while todo:
        value = todo.pop()
        weight += 1
        if isinstance(value, Mapping | list):
            todo += value.values() if isinstance(value, Mapping) else value
    for keyword in ("required", "dependentRequired", "dependencies"):
        names = node.get(keyword)
        for entry in names.values() if isinstance(names, Mapping) else (names,):
            weight += len(entry) if isinstance(entry, list) else 0
    patterns = node.get("patternProperties")
    return weight + (10 * len(patterns) if isinstance(patterns, Mapping) else 0)


def _check_reference(pointer: str, node: Mapping[str, Any], survey: _Survey) -> None:
    if "$ref" not in node:
        return
    reference = node["$ref"]
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        survey.add(
            f"{pointer}/$ref",
            "schema.reference",
            f"a reference stays inside the document, as '#/$defs/Name'; got {reference!r:.80}",
        )
    else:
        survey.refs[pointer] = pointer_of(reference)


def _check_patterns(pointer: str, node: Mapping[str, Any], survey: _Survey) -> None:
    patterns = [(f"{pointer}/pattern", node["pattern"])] if "pattern" in node else []
    named = node.get("patternProperties")
    if isinstance(named, Mapping):
        patterns += [(f"{pointer}/patternProperties/{escape(str(p))}", p) for p in named]
    for where, pattern in patterns:
        if not isinstance(pattern, str):
            continue  # the meta-schema says so
        try:
            survey.pattern_states += states(pattern)
        except ExpressionError as error:
            survey.add(where, "schema.pattern", str(error).replace("expression", "a schema", 1))
    if survey.pattern_states > MAX_PATTERN_STATES:
        survey.add(
            pointer, "schema.pattern", f"all patterns grow past {MAX_PATTERN_STATES:,} states"
        )


def _check_written_out(survey: _Survey, recursive: bool) -> None:
    """Report cycles and schemas that are small on paper and huge when references are followed."""
    size: dict[str, int] = {}
    open_at: dict[str, int] = {}
    for start in survey.nodes:
        # Depth first without recursion: (pointer, keyword that led here, children still to do).
        stack = [(start, "", iter(survey.nodes[start]))] if start not in size else []
        for pointer, _, _ in stack:
            open_at[pointer] = 0
        while stack:
            pointer, _, children = stack[-1]
            for keyword, child in children:
                if child in open_at:
                    way = {word for _, word, _ in stack[open_at[child] + 1 :]} | {keyword}
                    if not recursive or way <= _IN_PLACE:
                        survey.add(
                            pointer, "schema.cycle", f"the reference to '#{child}' leads in circles"
                        )
                        return
                elif child not in size:
                    open_at[child] = len(stack)
                    stack.append((child, keyword, iter(survey.nodes[child])))
                    break
            else:
                stack.pop()
                del open_at[pointer]
                used = [c for word, c in survey.nodes[pointer] if word not in _DEFINITIONS]
                size[pointer] = survey.weights.get(pointer, 1) + sum(
                    size.get(child, 1) for child in used
                )
                if size[pointer] > MAX_WRITTEN_OUT_NODES:
                    survey.add(
                        pointer,
                        "schema.limit",
                        f"with its references written out it has over {MAX_WRITTEN_OUT_NODES:,}"
                        " parts",
                    )
                    return
    survey.written_out = size[""]
