"""Answers for probes: is the process up, and can it work.  Refuses to say why not, to anyone.

The reason is in the log; a probe has no account.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
PROBE_SECONDS = 2


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200: this process serves requests."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database and Redis answer, else 503; says which of them does not."""
    found = {"database": _works(_ask_database), "redis": _works(_ask_redis)}
    ready = all(found.values())
    parts = {name: "ok" if works else "unavailable" for name, works in found.items()}
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503
    )


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception as error:  # whatever a driver raises, the answer is the same
        logger.warning("not ready: %s: %s", type(error).__name__, error)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PROBE_SECONDS, socket_connect_timeout=PROBE_SECONDS
    ) as client:
        client.ping()
