"""The size and the beginning of a stored value, worked out by the database.

Refuses to read the file of one that is in a file: the note in the column says both.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Expression, F, Func, IntegerField, TextField


class ValueBytes(Func):
    """How many bytes of JSON a value is."""

    output_field = IntegerField()
    template = (
        "CASE WHEN SUBSTR(%(expressions)s::text, 1, 1) = ' ' "
        "THEN (%(expressions)s->>'bytes')::integer ELSE OCTET_LENGTH(%(expressions)s::text) END"
    )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL of SQLite."""
        template = (
            "CASE WHEN SUBSTR(CAST(%(expressions)s AS TEXT), 1, 1) = ' ' "
            "THEN JSON_EXTRACT(%(expressions)s, '$.bytes') "
            "ELSE LENGTH(CAST(%(expressions)s AS BLOB)) END"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class ValueStart(Func):
    """The first ``chars`` characters of a value's JSON; of one in a file perhaps fewer."""

    output_field = TextField()
    template = (
        "CASE WHEN SUBSTR(%(expressions)s::text, 1, 1) = ' ' THEN %(expressions)s->>'start' "
        "ELSE SUBSTR(%(expressions)s::text, 1, %(chars)d) END"
    )

    def __init__(self, name: str | Expression | F, *, chars: int) -> None:
        super().__init__(name, chars=chars)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL of SQLite."""
        template = (
            "CASE WHEN SUBSTR(CAST(%(expressions)s AS TEXT), 1, 1) = ' ' "
            "THEN JSON_EXTRACT(%(expressions)s, '$.start') "
            "ELSE SUBSTR(CAST(%(expressions)s AS TEXT), 1, %(chars)d) END"
        )
        return self.as_sql(compiler, connection, template=template, **context)
