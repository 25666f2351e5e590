"""Pages of an execution's log, by its own numbers: ``?after=`` and ``?limit=``.  Refuses cursors: a
client can go on from any event it knows, also one from the stream.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from executions_app.following.formats import EVENTS, STREAMS
from executions_app.models import Event
from executions_app.streaming.stream_reads import Tell
from executions_app.streaming.wire import to_wire
from workflows_app.api.filters import Filter, choice, flag, whole_number

LIMIT = 200
MAX_LIMIT = 1_000

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "after": whole_number("Only what follows this `seq`.", least=0, most=2**31 - 1),
        "limit": whole_number(
            f"How many to answer at once; {LIMIT} if not sent.", least=1, most=MAX_LIMIT
        ),
    }
)

FULL = flag("One event, with nothing cut; values that its step has stay previews with links.")
FORMAT = choice(
    "How events are told: `default` as documented, `mastra` as the chunks of Mastra's streams.",
    ["default", EVENTS, "mastra"],
)


def tell_in(asked: Mapping[str, Any], execution_id: str) -> Tell | None:
    """Return what tells events in the format that was asked for; ``None`` for our own."""
    name = asked.get("format", EVENTS)
    return None if name in ("default", EVENTS) else STREAMS[name](execution_id).tell


def page(
    request: Request,
    asked: Mapping[str, Any],
    read: Callable[[int, int], list[Event]],
    *,
    tell: Tell | None = None,
) -> Response:
    """Return what ``read(after, limit)`` gives, as the stream would tell it, by ``tell``.

    ``next`` leads on; there is no way back, as ``after`` can be any number.  With ``full`` a page
    is one event, with nothing cut.
    """
    whole = asked.get("full", False)
    after, limit = asked.get("after", 0), 1 if whole else asked.get("limit", LIMIT)
    rows = read(after, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    here = request.build_absolute_uri()
    following = replace_query_param(here, "after", rows[-1].seq) if more else None
    told = [[to_wire(row, whole=whole)] for row in rows] if tell is None else tell(rows)
    results = [item for items in told for item in items]
    return Response({"results": results, "next": following, "previous": None})
