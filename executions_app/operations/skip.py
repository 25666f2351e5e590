"""Going on without a step: somebody gives the output it did not come to."""

from __future__ import annotations

from typing import Any

from executions_app.database_retry import retried
from executions_app.engine.events import LogWritten
from executions_app.engine.reopening import in_order, is_broken
from executions_app.engine.statuses import FINAL, UNSETTLED, NodeStatus
from executions_app.errors import StepNotApplicable, UnknownStep
from executions_app.models import Approval, Execution
from executions_app.operations.failed_steps import (
    NOWHERE,
    Choice,
    Place,
    StepName,
    name_of,
    named_by,
)
from executions_app.operations.given_values import given_json
from executions_app.operations.reopen import Command, Site, dismiss_nested, nested_in, reopen
from executions_app.operations.retry import check_failed
from executions_app.operations.supply import SOMEBODY, supply
from executions_app.recording import approvals
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from workflows_app.language.plan import CONTAINERS, NodeKind, node_of


@retried
def skip_step(
    execution_id: str, *, step: StepName, output: Any = None, by: str = "", reason: str = ""
) -> Execution:
    """Go on as if ``step`` had put out ``output``, and return the execution as it then stands.

    The step has failed, with its execution, or waits: for an answer, an event, a moment, or its
    next attempt.  It is named by its id, a path of ids (a list, or dotted) into nested workflows,
    or a key with rounds, as in ``charge[5]``.  What is nested in it is cancelled.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if the execution has completed, was cancelled, or its time ran out.
        StepNotApplicable: if the step is at work, or several runs have that name.
        UnknownStep: if no step of that name has failed or waits.
        InputInvalid: if ``output`` cannot be stored.
    """
    value = given_json(output, what="output")
    with recording(execution_id) as log:
        root = log.recording.root
        is_open = root.state.status not in FINAL and root.state.stopping is None
        if not is_open:
            check_failed(root, "told to skip a step")
        place = _chosen(root, named_by(log, step), step)
        frame, key = place.levels[-1]
        if is_open:
            _settle(frame, place, by=by, reason=reason)
        else:
            _open_around(place, Command(cause="skip", by=by, reason=reason))
        supply(frame, key, value, by=by)
    return Execution.objects.get(pk=execution_id)


def _chosen(root: Frame, is_chosen: Choice, step: StepName) -> Place:
    places = _places(root, NOWHERE)
    found = [place for place in places if is_chosen(place)]
    if not found:
        raise UnknownStep(name_of(step), [place.name for place in places])
    outermost = found[0]  # a container stands before what it holds
    beside = [place for place in found[1:] if not outermost.holds(place)]
    if beside:
        rounds = ", ".join(place.key_name for place in (outermost, *beside))
        why = f"has several runs; name one of them: {rounds}"
        raise StepNotApplicable(name_of(step), why, status=root.state.status.value)
    return outermost


def _places(frame: Frame, around: Place) -> list[Place]:
    """Return where the runs are that have not settled, or keep the execution from going on."""
    frame.load_all()
    found = []
    for key in in_order(frame.plan, frame.state.nodes):
        it = frame.state.nodes[key]
        if it.status not in UNSETTLED and not is_broken(frame.plan, key, it):
            continue
        place = around.inside(frame, key)
        found.append(place)
        is_nested = frame.plan.by_id[node_of(key)].kind is NodeKind.WORKFLOW
        inner = nested_in(frame, key) if is_nested else None
        if inner is not None:
            found += _places(inner, place)
    return found


def _open_around(place: Place, command: Command) -> None:
    """Open the execution of a run that failed, and those around it, for the run to be replaced."""
    for depth, (frame, key) in enumerate(place.levels, start=1):
        goes_on = depth < len(place.levels)
        site = Site(frame, keys=[key], keeps={key} if goes_on else set())
        reopen(site, site.reopening(with_what_follows=False), command)


def _settle(frame: Frame, place: Place, *, by: str, reason: str) -> None:
    """Make way for the output of a run that waits."""
    key = place.levels[-1][1]
    status, kind = frame.state.node(key).status, frame.plan.by_id[node_of(key)].kind
    if status not in _RESTING or frame.row(key).is_claimed:
        is_open = kind in CONTAINERS and status is NodeStatus.RUNNING
        why = (
            "is at work; skip the step inside it that waits"
            if is_open
            else "is at work; wait until it has settled, or cancel the execution"
        )
        raise StepNotApplicable(place.name, why, status=status.value)
    if kind is NodeKind.WORKFLOW:
        dismiss_nested(frame, key)
    if kind is NodeKind.APPROVAL:
        approvals.close(frame, key, Approval.Status.WITHDRAWN, by=by)
    said = f": {reason}" if reason else ""
    frame.add(LogWritten(node_id=key, message=f"{by or SOMEBODY} skips this step{said}"))


_RESTING = frozenset({NodeStatus.SUSPENDED, NodeStatus.WAITING, NodeStatus.RETRYING})
