"""What is known about actions without asking: toolkit, schemas, what is never run.

Refuses to fetch anything.  It is filled from schema tables when the process has them; without
any, the name of an action still tells its toolkit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SLUG = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
MAX_SLUG = 200

#: Toolkits with an underscore in their name: ``GOOGLE_MAPS_NEARBY`` is not of ``google``.
#: One that is missing here costs nothing once a table names it.
MULTI_WORD_TOOLKITS = frozenset(
    {
        "active_campaign",
        "agent_mail",
        "browser_tool",
        "composio_search",
        "google_admin",
        "google_analytics",
        "google_classroom",
        "google_cloud_vision",
        "google_maps",
        "google_search_console",
        "meta_ads",
        "microsoft_clarity",
        "microsoft_teams",
        "more_trees",
        "one_drive",
        "semantic_scholar",
        "share_point",
        "text_to_pdf",
        "zoho_bigin",
        "zoho_books",
        "zoho_desk",
        "zoho_inventory",
        "zoho_invoice",
        "zoho_mail",
    }
)

#: Toolkits that the v2 library runs in its own process: shell, files, clipboard, SQL...  Its
#: local ``BROWSER_TOOL`` shares its name with the hosted toolkit and is left out, because our
#: adapters know no way of running anything but by sending it.
LOCAL_TOOLKITS = frozenset(
    {
        "anthropic",
        "clipboardtool",
        "code_analysis_tool",
        "code_format_tool",
        "embed_tool",
        "filetool",
        "git",
        "greptile",
        "history_fetcher",
        "image_analyser",
        "mathematical",
        "ragtool",
        "shelltool",
        "spidertool",
        "sqltool",
        "webtool",
        "workspace_tool",
        "zeptool",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEntry:
    """One action as its table describes it."""

    action: str
    toolkit: str
    description: str
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any]
    """Of the action's ``data``, not of the envelope around it."""


def is_slug(text: str) -> bool:
    """Tell whether ``text`` can be the name of an action."""
    return len(text) <= MAX_SLUG and _SLUG.fullmatch(text) is not None


def is_local(action: str) -> bool:
    """Tell whether ``action`` would run on the worker itself."""
    return _longest_prefix(action, LOCAL_TOOLKITS) is not None


class Catalogue:
    """Actions by slug.  Empty is fine."""

    def __init__(self, entries: Iterable[ActionEntry] = ()) -> None:
        self._entries = {entry.action: entry for entry in entries}
        self._prefixes = MULTI_WORD_TOOLKITS | LOCAL_TOOLKITS
        self._prefixes |= {entry.toolkit for entry in self._entries.values()}

    @classmethod
    def from_tables(cls, tables: Iterable[Mapping[str, Any]]) -> Catalogue:
        """Return a catalogue of schema tables, one ``{slug, tools: [...]}`` for each toolkit.

        Raises:
            ValueError: if a table has another shape; the message names it.
        """
        return cls(entry for table in tables for entry in _entries_of(table))

    @classmethod
    def from_directory(cls, directory: Path) -> Catalogue:
        """Return a catalogue of the ``<toolkit>.json`` files in ``directory``, if it exists.

        Raises:
            ValueError: if a file holds something else.
        """
        # Files that start with an underscore are notes about the tables.
        paths = sorted(p for p in directory.glob("*.json") if not p.name.startswith("_"))
        return cls.from_tables(json.loads(path.read_text(encoding="utf-8")) for path in paths)

    def get(self, action: str) -> ActionEntry | None:
        """Return what is known about ``action``, or ``None``."""
        return self._entries.get(action)

    def __iter__(self) -> Iterator[ActionEntry]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.action))

    def toolkit_of(self, action: str) -> str:
        """Return the toolkit of ``action``, lower case: as listed, else as its name tells."""
        entry = self._entries.get(action)
        if entry is not None:
            return entry.toolkit
        return _longest_prefix(action, self._prefixes) or action.partition("_")[0].lower()

    def covers(self, toolkit: str, *, action: str) -> bool:
        """Tell whether an account of ``toolkit`` can serve ``action``."""
        expected = self.toolkit_of(action)
        if toolkit == expected or action in self._entries:
            return toolkit == expected
        # The account knows its toolkit better than a guess from the name does, so a toolkit
        # that says more than the guess is right: ``google_maps`` where we guessed ``google``.
        return len(toolkit) > len(expected) and _starts(action, toolkit)


def _entries_of(table: Mapping[str, Any]) -> Iterator[ActionEntry]:
    try:
        slug = str(table["slug"])
        for tool in table["tools"]:
            output = tool.get("outputParameters") or {}
            yield ActionEntry(
                action=str(tool["slug"]),
                toolkit=str(tool.get("toolkitSlug") or slug).lower(),
                description=str(tool.get("description") or tool.get("name") or ""),
                input_schema=_json_schema(tool.get("inputParameters") or {"type": "object"}),
                output_schema=_json_schema((output.get("properties") or {}).get("data") or {}),
            )
    except (KeyError, TypeError, AttributeError) as error:
        name = table.get("slug") if isinstance(table, Mapping) else table
        raise ValueError(f"{name!r} is not a table of actions: {error!r}") from error


def _json_schema(schema: Any) -> Any:
    """Return ``schema`` with ``nullable``, a word of OpenAPI's, said as JSON Schema says it."""
    if isinstance(schema, list):
        return [_json_schema(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    said = {key: _json_schema(value) for key, value in schema.items()}
    if said.get("nullable") is True and isinstance(said.get("type"), str):
        del said["nullable"]
        said["type"] = [said["type"], "null"]
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
    return said


def _longest_prefix(action: str, toolkits: Iterable[str]) -> str | None:
    return max((t for t in toolkits if _starts(action, t)), key=len, default=None)


def _starts(action: str, toolkit: str) -> bool:
    return action.startswith(toolkit.upper() + "_")
