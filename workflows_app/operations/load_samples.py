"""Bringing the sample workflows in.  Refuses to undo what somebody did with them: a sample that
has been changed or deleted stays as it is unless a reset is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.auth import get_user_model
from django.db import transaction

from workflows_app.models import Workflow
from workflows_app.operations.import_document import Readable, import_document, recognise
from workflows_app.operations.save_draft import save_draft

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

DIRECTORY = Path(__file__).resolve().parent.parent / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample as it is shipped."""

    name: str
    document: dict[str, Any]

    @property
    def id(self) -> str:
        """The id that it is loaded as."""
        return f"sample-{self.name}"

    @property
    def readable(self) -> Readable:
        return recognise(self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of one sample."""

    workflow: Workflow
    outcome: Literal["created", "kept", "reset"]


@cache
def shipped_samples() -> tuple[Sample, ...]:
    """Return the samples in the order of their files."""
    return tuple(
        Sample(name=path.stem, document=json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(DIRECTORY.glob("*.json"))
    )


def load_samples(
    *, owner: AbstractBaseUser | None = None, reset: bool = False
) -> tuple[Loaded, ...]:
    """Make every sample that is not there yet; with ``reset`` also restore the others.

    New ones belong to ``owner``, else to the first superuser, else to nobody.
    """
    to = owner or get_user_model()._default_manager.filter(is_superuser=True).order_by("pk").first()
    return tuple(_load(sample, to, reset) for sample in shipped_samples())


@transaction.atomic
def _load(sample: Sample, owner: AbstractBaseUser | None, reset: bool) -> Loaded:
    row = Workflow.objects.select_for_update(of=("self",)).filter(pk=sample.id).first()
    if row is None:
        made = import_document(sample.document, owner=owner, workflow_id=sample.id)
        return Loaded(workflow=made.workflow, outcome="created")
    definition = sample.readable.definition
    if "id" in definition:
        definition["id"] = sample.id
    if not reset or (row.definition == definition and row.deleted_at is None):
        return Loaded(workflow=row, outcome="kept")
    if row.deleted_at is not None:
        row.deleted_at = None
        row.save(update_fields=["deleted_at"])
    return Loaded(workflow=save_draft(row, definition=definition, by=owner), outcome="reset")
