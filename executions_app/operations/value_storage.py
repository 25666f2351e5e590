"""The files that values are in: forgotten with their execution, swept when nobody names them.

Refuses to touch a file that this project did not name, and one that a transaction may be about to
name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from executions_app import database
from executions_app.models import Approval, Execution, Item, Signal, StepRun
from executions_app.models.stored_value import MARK, note_of, storage
from executions_app.models.value_field import ValueField

logger = logging.getLogger("celeriac.values")

#: What has values, and the column that says whose they are.
_OWNED: tuple[tuple[type[Model], str], ...] = (
    (Execution, "pk"),
    (StepRun, "execution_id"),
    (Item, "execution_id"),
    (Signal, "execution_id"),
    (Approval, "execution_id"),
)
#: No transaction is open for as long.
YOUNGEST = timedelta(hours=1)
_NAME = re.compile(r"[0-9a-f]{2}/(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep found."""

    kept: int
    """Files that a row names, or that are too young to tell."""
    removed: int
    removed_bytes: int


def files_of(execution_ids: Sequence[str]) -> list[str]:
    """Return the names of the files that hold values of these executions."""
    return list(_named(execution_ids))


def remove_after_commit(names: Sequence[str]) -> None:
    """Remove files once the transaction that no longer names them is committed.

    What cannot be removed is left to the next sweep.
    """
    if names:
        transaction.on_commit(partial(_remove, names))


def sweep(*, older_than: timedelta, dry_run: bool = False) -> Swept:
    """Remove the files that no row names and that were made before ``older_than``, an hour at
    least; with ``dry_run`` only count them.

    Such files are left by transactions that were rolled back, by values that were replaced, and by
    workers that died between the two.
    """
    before = database.now() - max(older_than, YOUNGEST)
    files = storage()
    # The files first: one that is made, and named, after this line is not among them.
    found = list(_files(files))
    named = set(_named())
    unnamed = [name for name, made_at in found if made_at < before and name not in named]
    removed_bytes = 0
    for name in unnamed:
        try:
            removed_bytes += files.size(name)
            if not dry_run:
                files.delete(name)
        except FileNotFoundError:
            continue  # another sweep was quicker
    kept = len(found) - len(unnamed)
    return Swept(kept=kept, removed=len(unnamed), removed_bytes=removed_bytes)


def _named(execution_ids: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the names of the files that rows name: of these executions, or all."""
    for model, owner in _OWNED:
        columns = [it.name for it in model._meta.get_fields() if isinstance(it, ValueField)]
        texts = {f"{name}_text": Cast(name, TextField()) for name in columns}
        is_note = Q()
        for text in texts:
            is_note |= Q(**{f"{text}__startswith": MARK})
        rows: Any = model._default_manager.annotate(**texts).filter(is_note).order_by()
        if execution_ids is not None:
            rows = rows.filter(**{f"{owner}__in": execution_ids})
        for values in rows.values_list(*texts).iterator():
            for text in values:
                if text is not None and (note := note_of(text)) is not None:
                    yield note.name


def _files(files: Storage) -> Iterator[tuple[str, datetime]]:
    """Yield the files that this project made, and when."""
    for folder in _listed(files, "")[0]:
        for file in _listed(files, folder)[1]:
            name = f"{folder}/{file}"
            if (match := _NAME.fullmatch(name)) is not None:
                made_ms = UUID(match["id"]).int >> 80  # a UUID of version 7 begins with the time
                yield name, datetime.fromtimestamp(made_ms / 1000, UTC)


def _listed(files: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return files.listdir(folder)
    except FileNotFoundError:
        return [], []


def _remove(names: Iterable[str]) -> None:
    files = storage()
    for name in names:
        try:
            files.delete(name)
        except Exception as error:  # whatever the storage raises: the rows are gone already
            logger.warning(
                "the file of a value could not be removed, a sweep will",
                extra={"action": "value.not_removed", "file": name, "error": repr(error)},
            )
