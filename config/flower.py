"""What Flower is told, by ``celery -A config flower --conf=config/flower.py``.

Refuses to run without a password: Flower can stop workers and shows what they do.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if not settings.FLOWER_PASSWORD:
    raise ImproperlyConfigured("set FLOWER_PASSWORD before starting Flower")

# Its health and metrics pages never ask for the password, so it stays on this machine unless the
# command line says otherwise.
address = "127.0.0.1"
port = settings.FLOWER_PORT
basic_auth = [f"{settings.FLOWER_USER}:{settings.FLOWER_PASSWORD}"]
