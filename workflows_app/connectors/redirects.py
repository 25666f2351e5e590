"""Where an answer sends a request next, and what the request may still carry there.  Sends nothing.

A new host gets nothing that was meant for the old one: no body, and of the headers only those
that cannot be credentials.  (A list of credential headers would have to know every service's own;
a list of harmless ones does not.)

Source: RFC 9110 15.4; which methods turn into GET is the Fetch standard's rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.destinations import Destination, HostPort, check_url

_STATUSES = frozenset({301, 302, 303, 307, 308})

#: What an author set that may go on to another host.
_HARMLESS = frozenset({"accept", "accept-language", "content-type", "idempotency-key"})

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_ABOUT_THE_BODY = frozenset({"content-type", "content-language", "content-location"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a chain."""

    destination: Destination
    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


def leads_on(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether an answer is a redirect that names its target."""
    return status in _STATUSES and "location" in headers


def next_hop(
    hop: Hop, status: int, headers: Mapping[str, str], *, allow: frozenset[HostPort]
) -> Hop | None:
    """Return the request that ``hop``'s answer asks for, or ``None`` if the answer is final.

    Raises:
        ToolError: ``http.redirect`` if it must not be followed, ``http.blocked_destination`` if
            its target must not be reached.
    """
    if not leads_on(status, headers):
        return None
    destination = _target(hop.destination, headers["location"], allow)
    if hop.destination.url.scheme == "https" and destination.url.scheme == "http":
        raise ToolError(
            "http.redirect", f"{str(hop.destination)!r} redirects from https to plain http"
        )
    following = replace(hop, destination=destination)
    if _becomes_get(status, hop.method):
        kept = tuple(pair for pair in hop.headers if pair[0].lower() not in _ABOUT_THE_BODY)
        following = replace(following, method="GET", body=None, headers=kept)
    if not _same_host(hop.destination, destination):
        if following.body:
            raise ToolError(
                "http.redirect",
                f"{str(hop.destination)!r} wants the body sent on to {str(destination)!r}; "
                "if that is right, use that URL",
            )
        kept = tuple(pair for pair in following.headers if pair[0].lower() in _HARMLESS)
        following = replace(following, headers=kept)
    return following


def _target(origin: Destination, location: str, allow: frozenset[HostPort]) -> Destination:
    try:
        # An absolute location is checked as it was written, before any parser has mended it.
        absolute = _ABSOLUTE.match(location) is not None
        return check_url(location if absolute else origin.url.join(location), allow=allow)
    except (ToolError, httpx.InvalidURL, ValueError) as error:
        if isinstance(error, ToolError) and error.code != "http.invalid_url":
            message = f"{str(origin)!r} redirects, but {error.message}"
            raise ToolError(error.code, message, error.details) from error
        raise ToolError(
            "http.redirect", f"{str(origin)!r} redirects to something that is not a usable URL"
        ) from error


def _becomes_get(status: int, method: str) -> bool:
    if status == 303:
        return method not in ("GET", "HEAD")
    return status in (301, 302) and method == "POST"


def _same_host(one: Destination, other: Destination) -> bool:
    if one.host != other.host:
        return False
    upgraded = (one.port, other.port) == (80, 443)  # the everyday redirect to https
    return one.port == other.port or upgraded
