"""How much the installation lets anybody use, read from the environment and checked at the start.

Refuses a limit that would stop everything, and one that its own safeguards could not hold.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import between, env
from executions_app.engine.limits import Limits
from workflows_app.language.limits import DefinitionLimits, JsonLimits

_FILES = "executions_app.models.value_files.ValueFiles"
#: Lists show smaller values whole, so these stay where lists read.
_SHOWN_WHOLE = 65_536
#: The largest value that works well from the database alone; larger ones need files.
_LARGEST_IN_A_ROW = 10_000_000


def value_storage_above() -> int:
    """Return above how many bytes of JSON a value is kept in a file; 0 for never.

    Raises:
        ImproperlyConfigured: if it is out of range.
    """
    return between("VALUE_STORAGE_ABOVE_BYTES", _SHOWN_WHOLE, 50_000_000, or_zero=True)


def value_storage(state_dir: Path) -> dict[str, Any]:
    """Return the storage of large values as ``STORAGES`` has it: files in ``state_dir`` that only
    their owner reads, unless the environment names another.

    Raises:
        ImproperlyConfigured: if its options are no JSON object.
    """
    try:
        options = json.loads(env("VALUE_STORAGE_OPTIONS") or "{}")
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ImproperlyConfigured("VALUE_STORAGE_OPTIONS must be a JSON object")
    backend = env("VALUE_STORAGE_BACKEND")
    if backend == _FILES:
        own = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        options = {"location": str(state_dir / "values"), **own, **options}
    return {"BACKEND": backend, "OPTIONS": options}


def execution_limits() -> Limits:
    """Return what one execution may take.

    Raises:
        ImproperlyConfigured: if one is out of range, or they do not go together.
    """
    limits = Limits(
        value_bytes=between("MAX_VALUE_BYTES", 1_000, 50_000_000),
        large_value_bytes=between("LARGE_VALUE_BYTES", 1_000, 50_000_000),
        execution_bytes=between("MAX_EXECUTION_BYTES", 1_000, 10_000_000_000),
        steps=between("MAX_EXECUTION_STEPS", 1, 1_000_000),
        items=between("MAX_ITEMS", 1, 100_000),
        open_items=between("MAX_OPEN_ITEMS", 1, 50),
        depth=between("MAX_DEPTH", 1, 50),
        nested=between("MAX_NESTED_EXECUTIONS", 1, 100_000),
    )
    if limits.value_bytes > limits.execution_bytes:
        raise ImproperlyConfigured(
            f"MAX_VALUE_BYTES ({limits.value_bytes}) is more than MAX_EXECUTION_BYTES "
            f"({limits.execution_bytes}): no execution could hold such a value"
        )
    if limits.value_bytes > _LARGEST_IN_A_ROW and not value_storage_above():
        raise ImproperlyConfigured(
            f"MAX_VALUE_BYTES above {_LARGEST_IN_A_ROW} needs VALUE_STORAGE_ABOVE_BYTES: such "
            "values belong into files"
        )
    return limits


def definition_limits() -> DefinitionLimits:
    """Return what a definition may take.

    Raises:
        ImproperlyConfigured: if one is out of range.
    """
    return DefinitionLimits(
        bytes=between("MAX_DEFINITION_BYTES", 1_000, 10_000_000),
        nodes=between("MAX_DEFINITION_NODES", 1, 10_000),
    )


def json_limits() -> JsonLimits:
    """Return what JSON in a request, a file or an argument may take.

    Raises:
        ImproperlyConfigured: if one is out of range.
    """
    return JsonLimits(
        # Python's own JSON reader and writer give up near a thousand.
        depth=between("MAX_JSON_DEPTH", 8, 200),
        keys=between("MAX_JSON_KEYS", 100, 10_000_000),
        # Python refuses to write whole numbers of more than 4,300 digits.
        digits=between("MAX_JSON_DIGITS", 20, 4_000),
        text_bytes=between("MAX_VALUE_BYTES", 1_000, 50_000_000),
    )
