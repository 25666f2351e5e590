"""Large values in files, where an installation wants that: a column then holds a note of the file.

A note is JSON with a blank in front of it.  Everything here writes JSON without one, so no value
that anybody hands us can pass for a note.  Refuses a file that is not what the note says.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import uuid_utils
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from workflows_app.authoring.errors import WorkflowError

#: The name of the storage in ``STORAGES``.
STORAGE = "celeriac-values"
#: A note begins with it, and no value does.
MARK = " "
#: So much of a value stands in its note, so that lists need not read the file.
START_CHARS = 1_000


class ValueLost(WorkflowError):
    """A file that holds a value is gone, or does not hold it any more."""

    code = "value.lost"
    retryable = False

    def __init__(self, note: Note, why: str, *, of: str = "") -> None:
        whose = f"{of} is" if of else "a value is"
        super().__init__(
            f"{whose} kept in file {note.name!r}, which {why}; restore the file, or have the step "
            "that made it run again",
            details={"file": note.name, "bytes": note.size_bytes},
        )
        self.note, self.why = note, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Where a value is, and how to tell that it is the one."""

    name: str
    """The file's, in the storage."""
    size_bytes: int
    sha256: str
    start: str
    """How the value's JSON begins."""

    def preview(self) -> dict[str, Any]:
        """Return what stands for the value where it is not shown whole."""
        return {"preview": self.start, "bytes": self.size_bytes, "truncated": True}

    def text(self) -> str:
        """Return the note as its column holds it."""
        fields = {
            "file": self.name,
            "bytes": self.size_bytes,
            "sha256": self.sha256,
            "start": self.start,
        }
        return MARK + json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def storage() -> Storage:
    """Return where the files are."""
    return storages[STORAGE]


def written(value: Any) -> str:
    """Return what a column holds of ``value``: its JSON, or a note of the file that holds it.

    The file is there before whatever transaction names it is committed; if that is rolled back,
    the file is nobody's, and is swept.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    above = settings.VALUE_STORAGE_ABOVE_BYTES
    if not above or len(text) * 4 <= above:
        return text
    body = text.encode("utf-8")
    if len(body) <= above:
        return text
    # Version 7: the name says when it was made, whatever the storage knows.
    name = str(uuid_utils.uuid7())
    kept = storage().save(f"{name[-2:]}/{name}.json", ContentFile(body))
    sha256 = hashlib.sha256(body).hexdigest()
    return Note(name=kept, size_bytes=len(body), sha256=sha256, start=text[:START_CHARS]).text()


def read(text: str, *, of: str = "") -> Any:
    """Return the value that a column holds as ``text``; ``of`` names it for people.

    Raises:
        ValueLost: if it is in a file, and that is gone or damaged.
    """
    note = note_of(text)
    return json.loads(text) if note is None else content_of(note, of=of)


def note_of(text: str) -> Note | None:
    """Return the note that ``text`` is, or ``None`` if it is a value."""
    if not text.startswith(MARK):
        return None
    fields = json.loads(text)
    return Note(
        name=fields["file"],
        size_bytes=fields["bytes"],
        sha256=fields["sha256"],
        start=fields["start"],
    )


def content_of(note: Note, *, of: str = "") -> Any:
    """Return the value that a note is of; ``of`` names it for people.

    Raises:
        ValueLost: if its file is gone or damaged.
    """
    try:
        with storage().open(note.name, "rb") as file:
            # One byte more is enough to know that it is another file.
            body: bytes = file.read(note.size_bytes + 1)
    except (FileNotFoundError, IsADirectoryError, SuspiciousOperation):
        raise ValueLost(note, "is not there", of=of) from None
    if len(body) != note.size_bytes or hashlib.sha256(body).hexdigest() != note.sha256:
        raise ValueLost(note, "holds something else", of=of)
    return json.loads(body)
