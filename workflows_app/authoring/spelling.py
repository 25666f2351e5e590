"""How values that authors write stand in a document: sources, conditions, times, policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from workflows_app.authoring.retry import Retry
from workflows_app.authoring.sheet import Sheet
from workflows_app.authoring.sources import AnySource, MapCallable, MapSource, SourceFields
from workflows_app.authoring.step import Join, OnError, Step

#: A CEL expression, a source, or a callable that takes one context.
Condition = str | MapSource | MapCallable
#: Seconds, a time span, or what makes seconds.
Duration = float | timedelta | AnySource
#: An aware time, its ISO 8601 text, or what makes either.
Moment = datetime | str | AnySource


class NodeOptions(TypedDict, total=False):
    """What any node may be given besides what makes it the node it is."""

    name: str | None
    """What people see instead of the id."""
    description: str | None
    input: SourceFields | None
    """Replaces what the predecessors hand over, field by field."""
    collect: bool
    """Receive a mapping by predecessor also when there is only one."""
    retries: int | None
    """Short for ``retry=Retry(attempts=...)``."""
    retry: Retry | None
    timeout: float | timedelta | None
    queue: str | None
    join: Join
    on_error: OnError


def options_json(options: NodeOptions, sheet: Sheet, node_id: str) -> dict[str, Any]:
    """Return ``options`` as fields of node ``node_id``; what says nothing is left out.

    Raises:
        TypeError: if there is an option that no node has, or a value of a wrong kind.
        ValueError: if both ``retries`` and ``retry`` are given.
    """
    if unknown := sorted(options.keys() - NodeOptions.__annotations__):
        raise TypeError(f"there is no option {unknown[0]!r}")
    retry, retries, fields = options.get("retry"), options.get("retries"), options.get("input")
    if retry is not None and retries is not None:
        raise ValueError("give either retries= or retry=")
    if retries is not None:
        retry = Retry(attempts=retries)
    spelled: dict[str, Any] = {
        "name": options.get("name"),
        "description": options.get("description") or None,
        "input": None if fields is None else fields_json(fields, sheet, f"{node_id}/input"),
        "collect": options.get("collect") or None,
        "retry": None if retry is None else retry.to_json(),
        "timeout": seconds(options.get("timeout")),
        "queue": options.get("queue"),
        "join": None if options.get("join") == "all" else options.get("join"),
        "on_error": None if options.get("on_error") == "fail" else options.get("on_error"),
    }
    return {key: value for key, value in spelled.items() if value is not None}


def source_json(source: Any, sheet: Sheet, place: str) -> dict[str, Any]:
    """Return ``source`` as it stands in a document; a callable is kept at ``place``.

    Raises:
        TypeError: if it is neither a source nor a callable.
    """
    if isinstance(source, MapSource):
        if source.function is None:
            return dict(source.document)
        source = source.function
    if callable(source) and not isinstance(source, Step):
        return {"code": sheet.add_callable(source, place)}
    hint = "map_variable(step=...)" if isinstance(source, Step) else "constant(...)"
    raise TypeError(f"{source!r} at {place!r} is no source; write {hint}")


def fields_json(fields: SourceFields, sheet: Sheet, place: str) -> dict[str, Any]:
    """Return ``fields`` as they stand in a document; callables are kept at ``place/<field>``."""
    return {
        field: source_json(source, sheet, f"{place}/{field}") for field, source in fields.items()
    }


def output_json(output: MapSource | Mapping[str, MapSource]) -> dict[str, Any]:
    """Return what a workflow or a scope puts out, as it stands in a document.

    Raises:
        TypeError: if a callable is among it: results are made without a worker.
    """
    sources = [output] if isinstance(output, MapSource) else list(output.values())
    for source in sources:
        if not isinstance(source, MapSource) or source.function is not None:
            raise TypeError(
                f"{source!r} cannot make an output; add a .map() and read it with map_variable()"
            )
    if isinstance(output, MapSource):
        return dict(output.document)
    return {field: dict(source.document) for field, source in output.items()}


def condition_json(condition: Condition, sheet: Sheet, place: str) -> Any:
    """Return ``condition`` as it stands in a document."""
    return condition if isinstance(condition, str) else source_json(condition, sheet, place)


def duration_json(span: Duration, sheet: Sheet, place: str) -> Any:
    """Return ``span`` as seconds, or as what makes them."""
    if isinstance(span, int | float | timedelta) and not isinstance(span, bool):
        return seconds(span)
    return source_json(span, sheet, place)


def moment_json(moment: Moment, sheet: Sheet, place: str) -> Any:
    """Return ``moment`` as ISO 8601 text, or as what makes it.

    Raises:
        ValueError: if it is a time of no zone.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone; use datetime(..., tzinfo=UTC)")
        return moment.isoformat()
    return moment if isinstance(moment, str) else source_json(moment, sheet, place)


def seconds(span: Any) -> Any:
    """Return a ``timedelta`` as seconds, and anything else as it is."""
    return span.total_seconds() if isinstance(span, timedelta) else span
