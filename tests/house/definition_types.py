"""``editor/src/contracts/generated/definition.ts``: a workflow as a document, node by node.

What is read may lack every field that has a default, so these are optional; a document is never
filled up, so that what a person saved stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.house.typescript import COMMENT, alias, comment, of_schema
from workflows_app.language.definition import NODE_MODELS, definition_json_schema

_HEAD = 'import type { Json } from "./events";\n'


def render() -> str:
    """Return the file."""
    schema = definition_json_schema()
    nodes = {name: model.__name__ for name, model in NODE_MODELS.items()}
    runs = [name for name, model in NODE_MODELS.items() if model.supported]
    parts = [_HEAD]
    for name, part in schema["$defs"].items():
        parts += _interface(name, part, is_node=name in nodes.values())
    parts += _interface("WorkflowDefinition", schema, is_node=False)
    parts += ["/** Any node, told apart by its `type`. */", *alias("Node", nodes.values())]
    parts += _interface_of_types(nodes)
    parts += [
        "/** Types that can be saved; those that can run are `RUNNABLE_TYPES`. */",
        f"export const NODE_TYPES = [{_listed(nodes)}] as const;",
        'export type NodeType = Node["type"];',
        f"export const RUNNABLE_TYPES: ReadonlySet<NodeType> = new Set([{_listed(runs)}]);",
        "",
    ]
    everything = "\n".join(parts)
    # The union has a name; its members need not be listed wherever nodes are.
    return COMMENT + everything.replace(f"({' | '.join(nodes.values())})[]", "Node[]")


def _interface(name: str, schema: Mapping[str, Any], *, is_node: bool) -> list[str]:
    required = set(schema.get("required", ()))
    lines = [*comment(schema.get("description", "")), f"export interface {name} {{"]
    for field, said in schema["properties"].items():
        is_needed = field in required or (is_node and field == "type")
        lines += comment(_described(said), indent="  ")
        lines.append(f"  {field}{'' if is_needed else '?'}: {of_schema(said)};")
    return [*lines, "}", ""]


def _described(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    said = str(schema.get("description", ""))
    if default is None or "const" in schema:
        return said
    return f"{said} `{_json(default)}` if it is absent.".strip()


def _json(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _interface_of_types(nodes: Mapping[str, str]) -> list[str]:
    rows = [f"  {name}: {model};" for name, model in nodes.items()]
    return ["/** What a node of each type is. */", "export interface NodeOfType {", *rows, "}", ""]


def _listed(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in names)
