"""``editor/src/contracts/generated/events.ts``: every event as it is on the wire."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import Any, get_type_hints

from executions_app.engine.events import EVENT_TYPES, FINAL_TYPES
from executions_app.engine.step_events import NodeFact
from executions_app.queries import LOG_LEVELS
from executions_app.streaming.wire import OPTIONAL, RENAMED
from tests.house.events_document import meaning_of
from tests.house.typescript import COMMENT, alias, comment, of_python

_INTRODUCTION = """\
/** Anything that JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** In place of a value over 64 KiB; `href`, where there is one, answers the whole. */
export interface Preview {
  readonly preview: string;
  readonly bytes: number;
  readonly truncated: true;
  readonly href?: string;
}

/** What went wrong. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Stable: programs may go by it. */
  readonly code: string;
  readonly details: { readonly [name: string]: Json };
  readonly cause?: Failure;
}

/** A way down: ids of nested workflows, loops, foreachs and steps, indexes of rounds from 0. */
export type Path = readonly (string | number)[];
"""

_EVERY = """\
/** Fields of every event. */
export interface Told {
  readonly execution_id: string;
  /** The event's number in the log, from 1. */
  readonly seq: number;
  /** When it was recorded (UTC). */
  readonly at: string;
  /** The nested execution it is about; absent for the execution's own. */
  readonly source?: string;
  /** The way down to the step; of a nested execution's own events to that one. */
  readonly path?: Path;
  /** The step's name in the version that ran. */
  readonly step_name?: string;
}

/** Fields of every event about a run of a step. */
export interface ToldOfStep extends Told {
  readonly step_id: string;
  readonly path: Path;
  /** The try, 1 for the first. */
  readonly attempt?: number;
  /** Plumbing that people need not see. */
  readonly internal?: true;
}
"""
_OF_EVERY_STEP = frozenset({"node_id", "attempt"})
_NARROWER = {("log", "level"): "LogLevel"}


def render() -> str:
    """Return the file."""
    names = {kind.__name__: name for name, kind in EVENT_TYPES.items()}
    final = ", ".join(f'"{name}"' for name in EVENT_TYPES if name in FINAL_TYPES)
    listed = [f'  "{name}",' for name in EVENT_TYPES]
    levels = ", ".join(f'"{level}"' for level in LOG_LEVELS)
    return COMMENT + "\n".join(
        [
            _INTRODUCTION,
            f"export const LOG_LEVELS = [{levels}] as const;",
            "export type LogLevel = (typeof LOG_LEVELS)[number];",
            "",
            _EVERY,
            *(line for name, kind in EVENT_TYPES.items() for line in _interface(name, kind)),
            "/** Any event, told apart by its `type`. */",
            *alias("WireEvent", names),
            "export const EVENT_TYPES = [",
            *listed,
            '] as const satisfies readonly WireEvent["type"][];',
            "",
            "/** Nothing follows one of these, unless somebody opens the execution again. */",
            f'export const FINAL_TYPES: ReadonlySet<WireEvent["type"]> = new Set([{final}]);',
            "",
        ]
    )


def _interface(name: str, kind: Any) -> list[str]:
    is_step = issubclass(kind, NodeFact)
    hints = get_type_hints(kind)
    told = [item.name for item in fields(kind) if not (is_step and item.name in _OF_EVERY_STEP)]
    return [
        *comment(inspect.getdoc(kind) or ""),
        f"export interface {kind.__name__} extends {'ToldOfStep' if is_step else 'Told'} {{",
        f'  readonly type: "{name}";',
        *(line for field in told for line in _field(name, kind, field, hints[field])),
        "}",
        "",
    ]


def _field(name: str, kind: Any, field: str, hint: Any) -> list[str]:
    wired = "error" if field == "failure" else RENAMED.get(field, field)
    optional = "?" if wired in OPTIONAL else ""
    said = _NARROWER.get((name, wired)) or of_python(hint)
    if optional:
        said = said.removesuffix(" | null")
    return [
        *comment(meaning_of(kind, field), indent="  "),
        f"  readonly {wired}{optional}: {said};",
    ]
