"""How log lines look: one sentence, then its facts as ``key=value``.  Refuses more than one line
an event, except for tracebacks."""

from __future__ import annotations

import logging
from typing import Any

#: Other libraries attach whole objects to their records; these are the facts we write ourselves.
FACTS = ("action", "run_id", "execution_id", "workflow_id", "node_id", "attempt", "code")


class FactsFormatter(logging.Formatter):
    """Adds the facts given as ``extra=`` to the line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line of ``record``; line breaks in the message are escaped."""
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        facts = "".join(
            f" {name}={value!s}"
            for name in FACTS
            if (value := getattr(record, name, None)) is not None
        )
        return super().formatMessage(record) + facts.replace("\n", "\\n")


def logging_config(level: str) -> dict[str, Any]:
    """Return the ``dictConfig`` of a process that logs to its standard error from ``level`` up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.logging.FactsFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            # Refused requests are in the web server's lines already; what broke stays.
            "django.request": {"level": "ERROR"},
            # These have a line for every request or message that goes well.
            "httpx": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            # Two lines for each message say less than the execution's own log, and cost more.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "django_eventstream": {"level": "WARNING"},
        },
    }
