"""One event as one line, for files and for terminals without a live view."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from workflows_app.management.terminal import printable, shortened

STATUS_STYLES: Mapping[str, str] = {
    "pending": "dim",
    "scheduled": "dim",
    "running": "cyan",
    "retrying": "yellow",
    "waiting": "cyan",
    "suspended": "bold yellow",
    "paused": "yellow",
    "completed": "green",
    "failed": "bold red",
    "skipped": "yellow",
    "cancelled": "magenta",
}
LEVEL_STYLES: Mapping[str, str] = {"warning": "yellow", "error": "red", "critical": "bold red"}
TYPE_WIDTH = 19
DETAIL_CHARACTERS = 300


def event_line(event: Mapping[str, Any], *, source: str = "") -> Text:
    """Return ``event``, as it is on the wire, as one line: time, type, step, what it says.

    ``source`` is the execution that is looked at if it is nested in another.  What is about one
    nested in it says where: ``each[2] > charge``.
    """
    kind = str(event["type"])
    at = datetime.fromisoformat(str(event["at"])).astimezone()
    line = Text(f"{at:%H:%M:%S}  ")
    line.append(f"{kind:<{TYPE_WIDTH}}  ", style=_style(kind, event))
    name = _place(event) if event.get("source", "") != source else _step(event)
    if name:
        line.append(name, style="bold")
    detail = event_detail(event)
    if detail:
        line.append(f"{': ' if name else ''}{detail}")
    return line


def _step(event: Mapping[str, Any]) -> str:
    """Return the step and its rounds, as ``Charge the card[5]``; nothing if there is none."""
    name = event.get("step_name") or event.get("step_id")
    rounds = (part for part in event.get("path") or () if isinstance(part, int))
    return f"{printable(name)}{''.join(f'[{part}]' for part in rounds)}" if name else ""


def _place(event: Mapping[str, Any]) -> str:
    """Return the way down to what happened in a nested execution, as ``each[2] > charge``."""
    way: list[str] = []
    for part in event.get("path") or ():
        if isinstance(part, int) and way:
            way[-1] += f"[{part}]"
        else:
            way.append(printable(part))
    return " > ".join(way)


def event_detail(event: Mapping[str, Any]) -> str:
    """Return what ``event`` says besides its type and step, short and on one line."""
    match event["type"]:
        case "log":
            return shortened(event.get("message", ""), DETAIL_CHARACTERS)
        case "step_retrying":
            return f"attempt {event.get('attempt')} failed, another follows; {error_line(event)}"
        case "step_failed" | "step_skipped" | "execution_failed":
            return error_line(event)
        case "execution_stopping" | "execution_cancelled" | "execution_paused":
            return _said_by(event)
        case "execution_resumed" | "execution_reopened":
            return _said_by(event)
        case "step_waiting":
            return waiting_line(event)
        case "step_suspended":
            return f"asks {shortened(json.dumps(event.get('payload')), DETAIL_CHARACTERS)}"
        case "step_resumed":
            return f"by {event['by']}" if event.get("by") else ""
        case "step_progress":
            return progress_line(event)
        case "step_completed" if event.get("supplied"):
            return f"with an output given by {event['supplied']}"
        case "step_output":
            return shortened(json.dumps(event.get("output")), DETAIL_CHARACTERS)
        case "execution_queued":
            return queue_line(event)
        case "execution_started":
            return f"by {event.get('trigger', '?')}"
        case "step_started" if (event.get("attempt") or 1) > 1:
            return f"attempt {event['attempt']}"
    return ""


def queue_line(event: Mapping[str, Any]) -> str:
    """Return what bounds the executions among which one waits for its turn."""
    limit, starts = event.get("limit"), event.get("start_limit")
    bounds = [f"{limit:,} at a time"] if limit else []
    if starts:
        bounds.append(f"{starts:,} starts in {event.get('start_seconds'):g} s")
    lane = f" for {shortened(event['lane'], DETAIL_CHARACTERS)}" if event.get("lane") else ""
    return f"waits for its turn: {', '.join(bounds)}{lane}"


def waiting_line(event: Mapping[str, Any]) -> str:
    """Return what a waiting step waits for."""
    until = event.get("until")
    moment = f"{datetime.fromisoformat(str(until)).astimezone():%Y-%m-%d %H:%M:%S}" if until else ""
    if event.get("event"):
        return f"for event {event['event']!r}{f' until {moment}' if moment else ''}"
    return f"until {moment}" if moment else ""


def progress_line(event: Mapping[str, Any]) -> str:
    """Return how many rounds are done, and of how many where that is known."""
    total = event.get("total_count")
    return f"{event.get('completed_count')} done" + (f" of {total}" if total is not None else "")


def error_line(event: Mapping[str, Any]) -> str:
    """Return the error of ``event`` on one line: code and message."""
    error = event.get("error")
    if not isinstance(error, Mapping):
        return ""
    return shortened(f"{error.get('code')}: {error.get('message')}", DETAIL_CHARACTERS)


def _said_by(event: Mapping[str, Any]) -> str:
    said = [str(event.get("reason") or ""), f"by {event['by']}" if event.get("by") else ""]
    return shortened(" ".join(filter(None, said)), DETAIL_CHARACTERS)


def _style(kind: str, event: Mapping[str, Any]) -> str:
    if kind == "log":
        return LEVEL_STYLES.get(str(event.get("level")), "dim")
    return STATUS_STYLES.get(kind.partition("_")[2], "cyan")
