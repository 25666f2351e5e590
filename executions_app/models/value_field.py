"""A column of values that may be large: those above a size are kept in files, and nobody notices.

Refuses to be looked into by queries.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from executions_app.models.stored_value import MARK, read, written
from workflows_app.models.ordered_json import POSTGRES, OrderedJSONField


class ValueField(OrderedJSONField):
    """JSON in the order in which it was written, however large."""

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
        """Return the value, from its file where that holds it.

        Raises:
            ValueLost: if the file is gone or damaged.
        """
        if isinstance(value, str) and value.startswith(MARK):
            return read(value)
        return super().from_db_value(value, expression, connection)
