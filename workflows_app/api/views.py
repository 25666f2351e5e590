"""What every view of the API has in common, and how operations share an address.

One class is one operation: it reads the request, makes one call into the domain and shapes the
answer.  ``at(ListThings, AddThing)`` puts several at one address, one for each method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from workflows_app.api.json_parser import StrictJSONParser
from workflows_app.api.paging import CursorPaging
from workflows_app.api.token_auth import TokenAuthentication


class ApiView(APIView):
    """JSON in, JSON out, for those who are logged in."""

    # The token comes first: its challenge makes a request without credentials a 401.
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    # No OPTIONS: to a browser that asks for another site's page the answer is no.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Return ``request`` with its length known, also when its body came in chunks."""
        chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
        if chunked and not request.META.get("CONTENT_LENGTH"):
            # REST framework takes a request without a length for one without a body.
            request.META["CONTENT_LENGTH"] = str(len(request.body))
        return super().initialize_request(request, *args, **kwargs)

    def body(self, serializer: type[BaseSerializer[Any]], **options: Any) -> dict[str, Any]:
        """Return the request's body as ``serializer`` understands it.

        Raises:
            rest_framework.exceptions.ValidationError: with every problem in it.
        """
        read = serializer(data=self.request.data, **options)
        read.is_valid(raise_exception=True)
        values: dict[str, Any] = read.validated_data
        return values

    def page(
        self,
        rows: QuerySet[Any],
        serializer: type[BaseSerializer[Any]],
        *,
        ordering: tuple[str, ...],
        context_of: Callable[[list[Any]], dict[str, Any]] | None = None,
        **options: Any,
    ) -> Response:
        """Return one page of ``rows``; the first field of ``ordering`` should be indexed.

        ``context_of`` is asked once, with the rows of the page, for what ``serializer`` needs.
        """
        paging = CursorPaging(ordering=ordering)
        page = paging.paginate_queryset(rows, self.request, view=self)
        if context_of is not None:
            options["context"] = context_of(page)
        return paging.get_paginated_response(serializer(page, many=True, **options).data)


def at(*operations: type[ApiView]) -> Callable[..., HttpResponseBase]:
    """Return one view that answers with each of ``operations``, which differ in their method.

    Raises:
        TypeError: if two of them answer the same method.
    """
    methods = [
        name for view in operations for name in ApiView.http_method_names if name in vars(view)
    ]
    if len(set(methods)) != len(methods) or len(methods) < len(operations):
        raise TypeError(f"each of {operations!r} must answer a method of its own")
    together = type("And".join(view.__name__ for view in operations), operations, {})
    view: Callable[..., HttpResponseBase] = together.as_view()  # type: ignore[attr-defined]
    return view
