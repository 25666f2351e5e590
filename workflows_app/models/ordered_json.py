"""JSON that comes back as it was written: keys in their order, numbers in their spelling.

Refuses to be looked into by queries: PostgreSQL's ``jsonb`` can, and sorts keys for it.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

POSTGRES = "postgresql"
_dumps = partial(json.dumps, ensure_ascii=False)


class OrderedJSONField(models.JSONField):
    """What people wrote and steps put out: it is shown in the order in which it was written."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the column's type: PostgreSQL keeps ``json`` as text."""
        return "json" if connection.vendor == POSTGRES else super().db_type(connection)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Return ``value`` for a statement; by way of ``jsonb`` it would lose its order."""
        if connection.vendor != POSTGRES or hasattr(value, "resolve_expression"):
            return super().get_db_prep_value(value, connection, prepared)
        from psycopg.types.json import Json

        return Json(value, dumps=_dumps)


def _read_as_text(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let the driver hand out ``json`` as it hands out ``jsonb`` to Django: as text."""
    if connection.vendor == POSTGRES:
        from psycopg.types.string import TextLoader

        connection.connection.adapters.register_loader("json", TextLoader)


connection_created.connect(_read_as_text, dispatch_uid="celeriac.ordered_json")
