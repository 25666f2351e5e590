"""Taking away messages that are none, before they take a worker away.

Celery 5.7 lets what a body of another shape raises end the whole worker; the message stays with
the broker and ends the next one.  Everything that can be read is Celery's own business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import Task
from celery.worker import strategy

logger = logging.getLogger("celeriac.messages")


class StrictTask(Task):
    """A task whose messages are dropped when they are not what Celery writes."""

    Strategy = "config.strict_messages:strict"


def strict(task: Any, app: Any, consumer: Any, **options: Any) -> Callable[..., Any]:
    """Return Celery's own way to handle a message, which survives one that it cannot read.

    Source: ``celery.worker.strategy.default``, whose signature this is.
    """
    handle = strategy.default(task, app, consumer, **options)

    def handled(message: Any, body: Any, ack: Any, reject: Any, callbacks: Any, **more: Any) -> Any:
        try:
            return handle(message, body, ack, reject, callbacks, **more)
        except Exception as error:
            logger.error(
                "a message that is none was taken away",
                extra={"action": "message.refused", "task": task.name, "error": repr(error)},
            )
            return reject(logger, consumer.connection_errors)

    return handled
