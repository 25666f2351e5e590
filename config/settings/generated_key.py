"""A secret made once and kept in a file only its owner can read.  Refuses to change one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def generated_key(path: Path, *, random_bytes: int = 50) -> str:
    """Return the secret kept in ``path``; make one of ``random_bytes`` if there is none.

    Several processes may ask at once: all get the same one, because a finished file is linked
    into place and the first link wins.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(random_bytes))
        with contextlib.suppress(FileExistsError):  # somebody was first; theirs is the secret
            os.link(draft, path)
    finally:
        draft.unlink()
    return path.read_text().strip()
