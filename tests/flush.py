"""Putting tables in order between tests whose rows other connections see.  Refuses nothing: every
test finds what the database held when it was made.

Django empties every table and then tells everybody that it has migrated, who fill some again: half
a second.  Asking which tables hold rows, and deleting those, takes five milliseconds.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test import TransactionTestCase

Row = tuple[Any, ...]

#: What each table held when the database was made, of those that held anything; by database.
_origin: dict[str, dict[str, list[Row]]] = {}


def install() -> None:
    """Let tests with real transactions end so from now on."""
    TransactionTestCase._fixture_teardown = _restore_databases


def remember(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Keep what the tables hold now as what :func:`restore` brings back."""
    _origin[alias] = {table: _rows(alias, table) for table in _filled(alias)}


def restore(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Let every table hold what it held when :func:`remember` was called."""
    origin = _origin[alias]
    changed = [
        table
        for table in {*_filled(alias), *origin}
        if table not in origin or Counter(_rows(alias, table)) != Counter(origin[table])
    ]
    quote = connections[alias].ops.quote_name
    # In one transaction, at whose end Django's foreign keys are checked: any order will do.
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for table in changed:
            cursor.execute(f"DELETE FROM {quote(table)}")
        for table in changed:
            for row in origin.get(table, ()):
                places = ", ".join(["%s"] * len(row))
                cursor.execute(f"INSERT INTO {quote(table)} VALUES ({places})", row)


def _restore_databases(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        restore(alias)


def _filled(alias: str) -> list[str]:
    connection = connections[alias]
    tables = connection.introspection.django_table_names(include_views=False)
    quote = connection.ops.quote_name
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [table for (table,) in cursor.fetchall()]


def _rows(alias: str, table: str) -> list[Row]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return cursor.fetchall()
