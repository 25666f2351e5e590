"""Files of values on this machine's disk, which a loss of power does not take.

Refuses nothing that Django's own storage takes; it only waits until the disk has what it was given.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="executions_app.models.value_files.ValueFiles")
class ValueFiles(FileSystemStorage):
    """A directory; a file in it is whole before the database names it."""

    def _save(self, name: str, content: Any) -> str:
        kept = super()._save(name, content)
        path = Path(self.path(kept))
        _flush(path)
        _flush(path.parent)
        _flush(path.parent.parent)
        return str(kept)


def _flush(path: Path) -> None:
    """Have the disk hold what was written to a file, or which files a directory has."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
