"""Composition root: imports everything, is imported by nothing.

The Celery app is made here, so that ``celery -A config worker`` finds it and so that tasks sent by
a web process go through it.  Making it reads no settings; those are read at its first use.
"""

from __future__ import annotations

from config.celery import app

__all__ = ["app"]
