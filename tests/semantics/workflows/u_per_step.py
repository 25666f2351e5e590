"""Section U: one step at a time."""

from __future__ import annotations

from tests.semantics.bodies import recorded
from workflows_app.authoring import create_workflow

#: 373
two_steps = create_workflow(id="u-two-steps").then(recorded("A")).then(recorded("B")).commit()

#: 374
arms = (
    create_workflow(id="u-arms")
    .parallel([recorded("a"), recorded("b"), recorded("c")])
    .then(recorded("last"))
    .commit()
)
