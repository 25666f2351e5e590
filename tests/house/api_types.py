"""``editor/src/api/schema.d.ts``: the HTTP API as types, by openapi-typescript from our OpenAPI.

Refuses to install anything: where the editor's packages are not, there is nothing to write.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator

from config.browser.node import NodeMissing, find_node
from tests.house.sources import ROOT
from tests.house.typescript import COMMENT

_PROGRAM = ROOT / "editor/node_modules/openapi-typescript/bin/cli.js"


def can_render() -> bool:
    """Return whether Node and the editor's packages are here."""
    try:
        find_node()
    except NodeMissing:
        return False
    return _PROGRAM.exists()


@cache
def render() -> str:
    """Return the file."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as folder:
        read, written = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        read.write_text(json.dumps(schema, default=str), encoding="utf-8")
        subprocess.run(
            [find_node().program, _PROGRAM, read, "--output", written],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return COMMENT + written.read_text(encoding="utf-8")
