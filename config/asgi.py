"""The ASGI application, ``config.asgi:application``: Django behind a limit on request bodies."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

django_application = get_asgi_application()

# Only after Django is set up may settings be read.
from django.conf import settings  # noqa: E402

from config.request_size import limit_body  # noqa: E402

application = limit_body(django_application, limit_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
