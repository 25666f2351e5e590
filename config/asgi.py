"""The ASGI application, ``config.asgi:application``: Django behind a limit on request bodies."""

from __future__ import annotations

import os
from threading import Thread

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

django_application = get_asgi_application()

# Only after Django is set up may settings be read.
from django.conf import settings  # noqa: E402

from config.request_size import limit_body  # noqa: E402
from workflows_app import startup  # noqa: E402

# What code defines must be in the tables before the first request.  On a thread of its own,
# because a server may import this module inside its event loop.
_sync = Thread(target=startup.sync, name="sync-registry")
_sync.start()
_sync.join()

application = limit_body(django_application, limit_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
