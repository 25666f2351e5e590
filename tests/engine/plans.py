"""Plans and fates for tests: written short, or drawn at random."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from executions_app.engine.failures import Failure
from workflows_app.language.plan import NodeKind, Plan, PlanNode, RetryPolicy

NOW = datetime(2030, 1, 1, tzinfo=UTC)
BROKEN = Failure(name="Broken", message="it broke", code="step.failed")


def plan_of(**needs: str) -> Plan:
    """Return a plan: ``plan_of(a="", b="", c="a b")`` joins ``a`` and ``b`` in ``c``."""
    return Plan(
        name="test",
        nodes=tuple(
            PlanNode(
                id=node_id,
                kind=NodeKind.STEP,
                ref=node_id,
                needs=tuple(needed.split()),
                required=len(needed.split()),
            )
            for node_id, needed in needs.items()
        ),
    )


@st.composite
def plans(draw: st.DrawFn, max_nodes: int = 9) -> Plan:
    """Draw an acyclic plan with joins of every kind, retries and error policies."""
    count = draw(st.integers(1, max_nodes))
    nodes = []
    for index in range(count):
        earlier = [f"n{number}" for number in range(index)]
        needs = tuple(
            sorted(draw(st.sets(st.sampled_from(earlier), max_size=4)), key=earlier.index)
            if earlier
            else ()
        )
        nodes.append(
            PlanNode(
                id=f"n{index}",
                kind=NodeKind.STEP,
                ref=f"n{index}",
                needs=needs,
                required=draw(st.integers(1, len(needs))) if needs else 0,
                retry=RetryPolicy(attempts=draw(st.integers(0, 2))),
                on_error=draw(st.sampled_from(["fail", "fail", "continue", "skip"])),
            )
        )
    return Plan(name="random", nodes=tuple(nodes))
