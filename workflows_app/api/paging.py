"""Lists a page at a time: ``{"results", "next", "previous"}``.  Refuses to count, so that a page
costs the same whatever the table holds.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from workflows_app.api.filters import InvalidFilter, whole_number

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200

_SIZE = whole_number("How many to answer at once.", least=1, most=MAX_PAGE_SIZE)


class CursorPaging(CursorPagination):
    """Pages by the place of the last row; subclass or pass ``ordering``.

    The first field of ``ordering`` should be indexed and nearly unique.
    """

    page_size = PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    ordering: Any = "-created_at"
    template = None  # type: ignore[assignment]

    def __init__(self, *, ordering: tuple[str, ...] | None = None) -> None:
        if ordering is not None:
            self.ordering = ordering

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return the rows of the page that ``request`` asks for.

        Raises:
            InvalidFilter: if the cursor is none of ours, or the size is out of bounds.
        """
        if "cursor" not in request.query_params:
            return super().paginate_queryset(queryset, request, view) or []
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except (NotFound, ValidationError, ValueError, TypeError, OverflowError, DataError):
            # The place in a cursor is whatever the client made of it.
            raise InvalidFilter(
                "cursor", "follow the next and previous links as they are"
            ) from None

    def get_page_size(self, request: Request) -> int:
        """Return how many rows were asked for.

        Raises:
            InvalidFilter: if it is no number from 1 to 200.
        """
        asked = request.query_params.get("page_size")
        if asked is None:
            return PAGE_SIZE
        try:
            size: int = _SIZE.read(asked)
        except ValueError as error:
            raise InvalidFilter("page_size", str(error)) from None
        return size

    def get_ordering(
        self, request: Request, queryset: QuerySet[Model], view: Any
    ) -> tuple[str, ...]:
        """Return the order of this list; a client cannot choose another."""
        ordering = self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)
