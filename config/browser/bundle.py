"""The built web UI: where it lies, what its page loads, and whether it is of today's sources.

Refuses to build; that is ``config.browser.building``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

SOURCES = Path(settings.BASE_DIR) / "editor"
BUNDLE = Path(settings.BASE_DIR) / "workflows_app" / "static" / "editor"
MANIFEST = BUNDLE / "manifest.json"
#: Beside the bundle: the digest of the sources that it was made of.
STAMP = BUNDLE / "sources.sha256"
ENTRY = "src/main.tsx"
_FILES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of what the page loads.

    Named as the bundle's own parts name each other: under another name, as a storage that hashes
    names gives, a browser would load and run the same part twice.
    """

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


def assets() -> Assets | None:
    """Return what the page of the web UI loads, or ``None`` where nothing has been built."""
    try:
        manifest = json.loads(MANIFEST.read_bytes())
    except FileNotFoundError:
        return None
    entry = manifest[ENTRY]
    parts = [manifest[name] for name in entry.get("imports", ())]
    styles = [style for part in (entry, *parts) for style in part.get("css", ())]
    root = f"{settings.STATIC_URL}editor/"
    return Assets(
        script=f"{root}{entry['file']}",
        styles=tuple(f"{root}{style}" for style in styles),
        preloads=tuple(f"{root}{part['file']}" for part in parts),
    )


def sources_digest() -> str:
    """Return a digest of everything that the bundle is made of; tests are not."""
    digest = sha256()
    for path in sorted(_sources()):
        digest.update(str(path.relative_to(SOURCES)).encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current() -> bool:
    """Return whether the bundle is of today's sources, or there are no sources to be of."""
    if not SOURCES.is_dir():
        return True
    return MANIFEST.exists() and STAMP.exists() and STAMP.read_text() == sources_digest()


def _sources() -> Iterator[Path]:
    yield from (SOURCES / name for name in _FILES)
    for path in (SOURCES / "src").rglob("*"):
        if path.is_file() and ".test." not in path.name:
            yield path
