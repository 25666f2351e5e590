"""Request bodies as JSON.  Refuses to read more than may be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from workflows_app.api.json_rules import JsonRefused, read_json


class StrictJSONParser(BaseParser):
    """Reads ``application/json`` by the rules of :mod:`~workflows_app.api.json_rules`.

    Not a subclass of REST framework's own parser: that one is handed bodies already in memory.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value in ``stream``.

        Raises:
            JsonRefused: if it is too large or no JSON that is taken here.
            UnsupportedMediaType: if it is not called JSON.
        """
        # What REST framework matches may hold wildcards; a body is one thing.
        if (media_type or "").partition(";")[0].strip().lower() != self.media_type:
            raise UnsupportedMediaType(media_type or "")
        limit_bytes: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit_bytes + 1)
        if len(body) > limit_bytes:
            raise JsonRefused(
                f"send at most {limit_bytes} bytes in one request",
                code="request.too_large",
                details={"limit_bytes": limit_bytes},
            )
        return read_json(body, limits=settings.JSON_LIMITS)
