"""Section A: basic execution and results."""

from __future__ import annotations

from tests.semantics.bodies import gives
from workflows_app.authoring import create_workflow

single = create_workflow(id="s1-single").then(gives("A", {"result": "success"})).commit()
