"""Opening part of an execution again, in the executions nested in it too.  Decides nothing: what
is done again comes in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from executions_app.engine.events import ExecutionReopened, ExecutionStarted
from executions_app.engine.reopening import Reopening, reopening
from executions_app.engine.statuses import FINAL
from executions_app.models import Event, Execution
from executions_app.operations.supply import replace_value
from executions_app.recording.frame import Frame
from executions_app.recording.stopping import stop
from workflows_app.language.plan import NodeKind, node_of


@dataclass(slots=True)
class Site:
    """One execution of a family, and what of it is done again; all its runs are loaded."""

    frame: Frame
    keys: list[str] = field(default_factory=list)
    """Runs that are done again."""
    inside: dict[str, Site] = field(default_factory=dict)
    """Those of ``keys`` that are nested executions which go on, with what is done again there."""
    keeps: set[str] = field(default_factory=set)
    """Those of ``keys`` that keep what they have, as where their output is replaced."""
    only: tuple[str, ...] = ()
    """Bodies that alone may be opened when their branch decides again."""

    def reopening(self, *, with_what_follows: bool) -> Reopening:
        """Return the two lists of the fact."""
        plan, state = self.frame.plan, self.frame.state
        return reopening(
            plan,
            state,
            self.keys,
            going_on=self.keeps | self.inside.keys(),
            with_what_follows=with_what_follows,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who has something done again, and why."""

    cause: str
    by: str = ""
    reason: str = ""


def reopen(site: Site, what: Reopening, command: Command, *, per_step: bool = False) -> None:
    """Open one execution again: ``what`` is forgotten or at work, and its time begins anew."""
    frame = site.frame
    for key in what.resets:
        if frame.plan.by_id[node_of(key)].kind is NodeKind.WORKFLOW:
            dismiss_nested(frame, key)
    frame.write_rows()
    frame.add(
        ExecutionReopened(
            cause=command.cause,
            resets=what.resets,
            reopens=what.reopens,
            only=site.only,
            per_step=per_step,
            by=command.by,
            reason=command.reason,
        )
    )
    # Written now, because what follows may settle again what has just been opened.
    frame.write_rows()
    frame.columns["deadline_at"] = _deadline(frame)
    replace_value(frame, "travel_answer", None)  # one that was never asked for


def reopen_all(site: Site, command: Command) -> None:
    """Open an execution, and those inside it that go on, again; what went well is kept."""
    reopen(site, site.reopening(with_what_follows=False), command)
    for inner in site.inside.values():
        reopen_all(inner, command)


def nested_in(frame: Frame, key: str) -> Frame | None:
    """Return the execution inside the run ``key``, the one of its last try, if there is one."""
    for other in frame.recording.frames.values():
        if other.unsaved is not None and _is_inside(other, frame, key):
            return other
    children = Execution.objects.filter(parent_id=frame.id, parent_key=key)
    ids = list(children.values_list("pk", flat=True))
    if len(ids) > 1:
        # Tries may begin at the same moment; the log knows which came last.
        begun = Event.objects.filter(
            execution_id=frame.recording.root.id, type=ExecutionStarted.type, source__in=ids
        )
        ids = list(begun.order_by("-seq").values_list("source", flat=True)[:1])
    return frame.recording.frame(ids[0]) if ids else None


def _is_inside(inner: Frame, frame: Frame, key: str) -> bool:
    return inner.execution.parent_id == frame.id and inner.execution.parent_key == key


def dismiss_nested(frame: Frame, key: str) -> None:
    """Stop what is nested in the run ``key``, and let it be that run's inside no more."""
    inner = nested_in(frame, key)
    if inner is not None and inner.state.status not in FINAL:
        inner.execution.parent_key = ""
        stop(inner, cause="cancel", reason=f"{key!r} is done again around it", by="")
    Execution.objects.filter(parent_id=frame.id, parent_key=key).update(parent_key="")


def _deadline(frame: Frame) -> datetime | None:
    limits = [frame.plan.timeout_seconds]
    if frame.execution.parent_id is not None:
        outer = frame.recording.frame(frame.execution.parent_id)
        limits.append(outer.plan.by_id[node_of(frame.execution.parent_key)].timeout_seconds)
    seconds = min((limit for limit in limits if limit is not None), default=None)
    return None if seconds is None else frame.now + timedelta(seconds=seconds)
