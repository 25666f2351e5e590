"""Loading composio-core without what its import does on the side.  Refuses telemetry.

On import the library looks up where to report errors, asks a package index for its newest
version, sets up logging for the whole process, and at exit does part of that again.  Each of
these is switched off here, before or right after the import, which happens on first use only.

Source: composio-core 0.7.22, ``utils/sentry.py``, ``utils/warnings.py``, ``utils/logging.py``.
"""

from __future__ import annotations

import atexit
import importlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.settings import ComposioSettings

# An address that is set, though empty, is not looked up; and it must not hold a key, or error
# reporting is switched on for the whole process.
_USER_DATA = '{"sentry":{"dsn":""}}'

_lock = Lock()
_loaded: Sdk | None = None


@dataclass(frozen=True, slots=True)
class Sdk:
    """The few names of the library that are used."""

    Composio: Any
    Action: Any
    ActionData: Any
    action_registry: dict[str, dict[str, Any]]
    clients: list[Any]
    """The library's global list of every client ever made."""

    def runs_here(self, action: str) -> bool:
        """Tell whether somebody has registered ``action`` to run in this process."""
        return any(action in self.action_registry.get(kind, ()) for kind in ("local", "runtime"))

    def new_client(self, *, base_url: str, http: Any) -> Any:
        """Return a client that sends through ``http`` and that nobody else can find."""
        with _lock:
            # It never reads a key: only its own HTTP clients would, and they are replaced.
            client = self.Composio(api_key="unused", base_url=base_url)
            self.clients.remove(client)
        client.http = client.long_timeout_http = http
        return client


def load_sdk(settings: ComposioSettings) -> Sdk:
    """Return the library, imported once for the process with the first caller's settings.

    Raises:
        ToolError: ``composio.not_configured`` if it cannot be imported.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            try:
                _loaded = _import(settings)
            except (ImportError, OSError, RuntimeError) as error:
                raise failures.not_configured(
                    f"composio-core could not be loaded ({type(error).__name__}); check that "
                    "its state directory can be written, or set COMPOSIO_API=v3"
                ) from error
        return _loaded


def _import(settings: ComposioSettings) -> Sdk:
    state_dir = settings.state_dir.resolve()
    _seed(state_dir)
    os.environ.update(
        {
            "COMPOSIO_BASE_URL": settings.base_url,
            "COMPOSIO_CACHE_DIR": str(state_dir),
            "COMPOSIO_DISABLE_SENTRY": "true",
            "COMPOSIO_DISABLE_VERSION_CHECK": "true",
            "COMPOSIO_LOGGING_LEVEL": "warning",
            "COMPOSIO_NO_CACHE_REFRESH": "true",
            "COMPOSIO_NO_REMOTE_ENUM_FETCHING": "true",
            "COMPOSIO_VERSIONING_POLICY": "latest",
        }
    )
    root = logging.getLogger()
    handlers = list(root.handlers)
    try:
        composio = importlib.import_module("composio")
        client = importlib.import_module("composio.client")
        enums = importlib.import_module("composio.client.enums.base")
        registered = importlib.import_module("composio.tools.base.abs")
        sentry = importlib.import_module("composio.utils.sentry")
    finally:
        root.handlers[:] = handlers
    atexit.unregister(sentry.update_dsn)
    return Sdk(
        Composio=composio.Composio,
        Action=composio.Action,
        ActionData=enums.ActionData,
        action_registry=registered.action_registry,
        clients=client._clients,
    )


def _seed(state_dir: Path) -> None:
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = state_dir / "user_data.json"
    if target.exists() and target.read_text(encoding="utf-8") == _USER_DATA:
        return
    # Workers start together: each writes a whole file, and the last one wins.
    handle, draft = tempfile.mkstemp(dir=state_dir)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_USER_DATA)
    Path(draft).replace(target)
