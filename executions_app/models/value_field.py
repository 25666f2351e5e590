"""A column of values that may be large: those above a size are kept in files, and nobody notices.

A row that is loaded holds notes; the file of one is read when its value is first looked at, so that
commands, rescuers and lists never wait for a value they do not need, nor fail because it is gone.
Refuses to be looked into by queries; ``values()`` gives notes, which :func:`resolved` reads.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from executions_app.models.stored_value import MARK, Note, content_of, note_of, written
from workflows_app.models.ordered_json import POSTGRES, OrderedJSONField


class _Value(DeferredAttribute):
    """The attribute of a row: reads the file when somebody looks."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Note):
            name = self.field.attname
            key = instance.__dict__.get("node_id")
            of = f"the {name} of step {key!r}" if key else f"the {name} of execution {instance.pk}"
            value = instance.__dict__[name] = content_of(value, of=of)
        return value

    # What defines __set__ is asked even where the row has the value already.
    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class ValueField(OrderedJSONField):
    """JSON in the order in which it was written, however large."""

    descriptor_class = _Value

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Return ``value`` for a statement: as JSON, or as a note of its file."""
        if value is None or hasattr(value, "resolve_expression"):
            return super().get_db_prep_value(value, connection, prepared)
        text = written(value)
        if connection.vendor != POSTGRES:
            return text
        from psycopg.types.json import Json

        return Json(value, dumps=lambda _: text)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the value, or the note of its file."""
        if isinstance(value, str) and value.startswith(MARK):
            return note_of(value)
        return super().from_db_value(value, expression, connection)


def resolved(value: Any, *, of: str = "") -> Any:
    """Return a value that ``values()`` gave, from its file where that holds it.

    Raises:
        ValueLost: if the file is gone or damaged.
    """
    return content_of(value, of=of) if isinstance(value, Note) else value
