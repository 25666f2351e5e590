"""Pages of what stands in memory and has a name: tools, steps.  Refuses what is not in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import remove_query_param, replace_query_param

from workflows_app.api.paging import CursorPaging

ItemT = TypeVar("ItemT")


def page_by_name(
    request: Request,
    items: Sequence[ItemT],
    serializer: type[BaseSerializer[ItemT]],
    *,
    name: Callable[[ItemT], str],
) -> dict[str, Any]:
    """Return one page of ``items``, which are ordered by ``name``; a cursor is the one before."""
    size = CursorPaging().get_page_size(request)
    names = [name(item) for item in items]
    start = bisect_right(names, request.query_params.get("cursor", ""))
    address = request.build_absolute_uri()
    following = previous = None
    if start + size < len(items):
        following = replace_query_param(address, "cursor", names[start + size - 1])
    if start > size:
        previous = replace_query_param(address, "cursor", names[start - size - 1])
    elif start > 0:
        previous = remove_query_param(address, "cursor")
    return {
        "results": serializer(items[start : start + size], many=True).data,
        "next": following,
        "previous": previous,
    }
