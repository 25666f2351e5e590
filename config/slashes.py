"""Addresses without their last slash.  Refuses to redirect under ``/api/``: a client that follows
would send its POST again as a GET, without the body."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.common import CommonMiddleware

from config.errors import is_api


class SlashMiddleware(CommonMiddleware):
    """Redirects browsers to the address with a slash, and lets the API answer 404."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Return whether a redirect would help."""
        return not is_api(request) and bool(super().should_redirect_with_slash(request))
