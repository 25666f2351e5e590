"""The door through which lists of workflows learn what became of them last.

Definitions do not know executions, so the app that has them says here, once, how to ask.  Without
it there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExecution:
    """The newest execution of a workflow, among those that somebody may see."""

    id: str
    status: str
    created_at: datetime
    ended_at: datetime | None


#: Takes a user and ids of workflows; returns what there is, by the workflow's id.
Find = Callable[[Any, Collection[str]], Mapping[str, LastExecution]]

_find: Find | None = None


def install_last_executions(find: Find) -> None:
    """Let lists of workflows ask ``find``."""
    global _find
    _find = find


def last_executions(user: Any, workflow_ids: Collection[str]) -> Mapping[str, LastExecution]:
    """Return the last execution of each of the workflows that ``user`` may see one of."""
    return {} if _find is None or not workflow_ids else _find(user, workflow_ids)
