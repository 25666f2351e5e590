"""The composition root as a Django app: brings ``manage.py up`` and the checks.  No models."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class CompositionRoot(AppConfig):
    """Refuses to let any process start when production settings are unsafe."""

    name = "config"
    verbose_name = "Celeriac"

    def ready(self) -> None:
        """Check the settings as soon as they are there: web, worker, beat and commands alike."""
        if settings.REFUSE_UNSAFE:
            from config.checks import refuse_unsafe_settings

            refuse_unsafe_settings()
