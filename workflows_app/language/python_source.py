"""Python source from a definition.  Compiles nothing and executes nothing.

Executed, the module builds a workflow whose own definition compiles to the same plan, node for node
and hash for hash.  Everything in the document is data: it stands in the source as literals only.
Positions and notes of the editor (``ui``) are not carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from workflows_app.language.diagnostics import Diagnostic, Diagnostics, Severity
from workflows_app.language.parse import parse
from workflows_app.language.python_source_layout import (
    LINE_CHARS,
    Call,
    Chain,
    Expression,
    Text,
    assignment,
    literal,
)
from workflows_app.language.python_source_names import VariableNames
from workflows_app.language.python_source_nodes import NodeWriter
from workflows_app.language.python_source_values import Values
from workflows_app.language.scopes import build_scopes

_PACKAGE: Final = "workflows_app.authoring"
#: Everything a module may import, so that no variable takes one of these names.
_FUNCTIONS: Final = (
    "Concurrency",
    "Rate",
    "Retry",
    "code",
    "constant",
    "create_workflow",
    "expression",
    "from_context",
    "from_path",
    "from_state",
    "map_variable",
    "scope",
    "template",
    "use_agent",
    "use_step",
    "use_tool",
    "use_workflow",
)
_VARIABLE: Final = "workflow"


class SourceUnavailable(ValueError):
    """The document cannot be read as a definition; ``diagnostics`` says where and why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("correct the definition first: parts of it cannot be read")
        self.diagnostics = diagnostics


def python_source(document: Mapping[str, Any], *, workflow_id: str) -> str:
    """Return a module that builds ``document`` as the workflow ``workflow_id``, its only variable
    that is called ``workflow``.

    Whether the tools, steps and workflows it names exist is not asked; ``commit()`` does that.

    Raises:
        SourceUnavailable: if the document cannot be read, or its graph is none.
    """
    _check(document)
    values = Values()
    writer = NodeWriter(values, VariableNames((*_FUNCTIONS, _VARIABLE)))
    links = writer.links(document)
    workflow = Chain(_created(document, values, workflow_id), [*links, Call("commit")])
    paragraphs = [
        '"""A workflow, exported from its definition."""',
        _imports(values.used),
        *writer.statements,
        assignment(_VARIABLE, workflow),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _check(document: Mapping[str, Any]) -> None:
    problems = Diagnostics()
    build_scopes(parse(document, problems=problems), problems=problems)
    if not problems.has_errors and not document.get("nodes"):
        problems.add("definition.empty", "the definition has no nodes", "nodes", fix="add a node")
    if problems.has_errors:
        raise SourceUnavailable(
            tuple(item for item in problems.sorted() if item.severity is Severity.ERROR)
        )


def _created(document: Mapping[str, Any], values: Values, workflow_id: str) -> Call:
    """Return the call that makes the empty workflow."""
    name, retry = document["name"], document.get("retry")
    hooks = document.get("hooks") or {}
    schemas = {"input_schema": "inputs", "state_schema": "state", "context_schema": "context"}
    made: dict[str, Expression | None] = {
        "id": Text(workflow_id),
        "name": Text(name) if name != workflow_id else None,
    }
    if document.get("description"):
        made["description"] = Text(document["description"])
    for argument, key in (*schemas.items(), ("configs", "configs")):
        if document.get(key):
            made[argument] = literal(document[key])
    if document.get("output") is not None:
        made["output"] = values.source_or_fields(document["output"])
    if retry:
        made["retry"] = values.retry(retry)
    if document.get("timeout") is not None:
        made["timeout"] = literal(document["timeout"])
    if document.get("concurrency") or document.get("start_rate"):
        made["concurrency"] = values.concurrency(document)
    if document.get("priority"):
        made["priority"] = literal(document["priority"])
    for hook in ("on_start", "on_finish", "on_error"):
        if hooks.get(hook) is not None:
            made[hook] = values.call("code", Text(hooks[hook]))
    if document.get("on_failure") is not None:
        made["on_failure"] = Text(document["on_failure"])
    return values.call("create_workflow", **made)


def _imports(used: set[str]) -> str:
    names = sorted(used, key=lambda name: (name[0].islower(), name))
    line = f"from {_PACKAGE} import {', '.join(names)}"
    if len(line) <= LINE_CHARS:
        return line
    listed = "".join(f"    {name},\n" for name in names)
    return f"from {_PACKAGE} import (\n{listed})"
