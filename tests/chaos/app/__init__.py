"""The steps that run under faults, and the points at which their workers may be made to die."""

from __future__ import annotations

from django.apps import AppConfig


class Steps(AppConfig):
    """Known as ``chaos`` to Django."""

    name = "tests.chaos.app"
    label = "chaos"

    def ready(self) -> None:
        """Listen to the points of an attempt, where the environment says so."""
        from tests.chaos import copies, crash_points

        crash_points.install()
        copies.install()
