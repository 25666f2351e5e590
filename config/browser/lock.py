"""``python -m config.browser.lock``: pins what the web UI is built with, by version and hash.

Refuses to name where a package lies, or who pays for it: any registry may serve it, and an address
in a lock is one more that somebody has to trust.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from config.browser.node import find_node

EDITOR = Path(__file__).resolve().parents[2] / "editor"
LOCK = "package-lock.json"
ADDRESSES = ("funding", "resolved")


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """Return npm's lock file without any address in it."""
    packages = {
        name: {key: value for key, value in package.items() if key not in ADDRESSES}
        for name, package in lock["packages"].items()
    }
    return lock | {"packages": packages}


def main() -> None:
    """Resolve the dependencies anew; what is installed here plays no part in it."""
    with tempfile.TemporaryDirectory() as made:
        # Beside installed packages npm would lock only what this platform has.
        for name in ("package.json", ".npmrc"):
            shutil.copy(EDITOR / name, made)
        subprocess.run([*find_node().npm, "install", "--package-lock-only"], cwd=made, check=True)
        lock = json.loads((Path(made) / LOCK).read_bytes())
    text = json.dumps(without_addresses(lock), indent=2, ensure_ascii=False)
    (EDITOR / LOCK).write_text(f"{text}\n")


if __name__ == "__main__":
    main()
