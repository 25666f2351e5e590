"""Large graphs for F40: layers, arms and chains, run at once, and what their steps cost."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from itertools import pairwise

import psutil

from tests.chaos.faults import Trial
from tests.chaos.loading import ended_steps, let_pass
from tests.chaos.outcomes import accept, all_complete
from tests.chaos.tables import node
from tests.chaos.workload import start_here
from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

#: Layers of the large graph are so wide.
LAYER = 100


def large_graph(trial: Trial) -> None:
    """Run layers of a hundred steps, each after one of the layer before, and one step after all."""
    names = [f"n{number}" for number in range(trial.size - 1)]
    edges = [[names[at - LAYER], name] for at, name in enumerate(names) if at >= LAYER]
    last = [[name, "end"] for name in names[-LAYER:]]
    _run_at_once(trial, [*names, "end"], [*edges, *last], is_weighed=True)


def wide_graph(trial: Trial) -> None:
    """Run many steps side by side, and one after them all."""
    names = [f"n{number}" for number in range(trial.size)]
    _run_at_once(trial, [*names, "end"], [[one, "end"] for one in names])


def deep_graph(trial: Trial) -> None:
    """Run many steps in a row."""
    names = [f"n{number}" for number in range(trial.size)]
    _run_at_once(trial, names, [list(pair) for pair in pairwise(names)], is_weighed=True)


def _run_at_once(
    trial: Trial, names: list[str], edges: list[list[str]], *, is_weighed: bool = False
) -> None:
    nodes = [node(name, "same") for name in names]
    document = {"schema_version": 1, "name": "large", "nodes": nodes, "edges": edges}
    begun = time.process_time()
    compiled = compile_document(document)
    trial.measure(steps=len(names), compile_cpu=time.process_time() - begun)
    if compiled.plan is None:
        trial.fail(f"it does not compile: {compiled.diagnostics[:3]}")
        return
    workflow = Workflow.objects.create(
        name="large", definition=document, compile_status=compiled.status
    )
    publish_version(workflow, compiled=compiled, definition=document)
    begun = time.monotonic()
    ids = accept(trial, [start_here(workflow)])
    if is_weighed:
        _weigh_both_ends(trial, len(names))
    all_complete(trial, ids, seconds=120 + len(names) * 0.2)
    bodies = Counter(mark.step_id for mark in trial.place.marks.starts())
    trial.check(len(bodies) == len(names), f"{len(bodies)} of {len(names)} steps have begun")
    trial.measure(repeated=bodies.total() - len(bodies), whole_run=time.monotonic() - begun)


def _weigh_both_ends(trial: Trial, steps: int) -> None:
    """Compare what steps cost at the end of an execution and at its beginning, in processor time:
    of the clock's, others on the machine take their part."""
    marks: list[tuple[int, float]] = []
    for part in (0.1, 0.25, 0.75, 0.9):
        trial.place.until(
            # Looking costs the database time too, the more the longer the log.
            lambda part=part: let_pass(0.5) or ended_steps() >= steps * part,
            what=f"{part:.0%} of all steps",
            seconds=120 + steps * 0.2,
        )
        marks.append((ended_steps(), _cpu_seconds(trial)))
    early, late = (
        (marks[at + 1][1] - marks[at][1]) / max(1, marks[at + 1][0] - marks[at][0]) for at in (0, 2)
    )
    trial.measure(cpu_ms_early=1000 * early, cpu_ms_late=1000 * late, late_to_early=late / early)


def _cpu_seconds(trial: Trial) -> float:
    """Return how long workers and the database have been on a processor by now."""
    place = trial.place
    roots = [*place.workers, *([place.postgres.process] if place.postgres else [])]
    total = 0.0
    for root in roots:
        assert root is not None
        parent = psutil.Process(root.pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.Error):
                total += sum(process.cpu_times()[:2])
    return total
