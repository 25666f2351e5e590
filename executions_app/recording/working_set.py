"""What one transaction knows and writes of a root execution and of those nested in it.

The cost is that of the rows loaded: the runs that change, successors that join several others, and
the containers around.  A successor with a single need cannot have a row yet, so none is looked for.
Refuses to open or to end the transaction itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from executions_app import dispatch, rows
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionQueued,
    ExecutionSuspended,
    StepCancelled,
    StepFailed,
    StepProgress,
    StepScheduled,
    StepSkipped,
)
from executions_app.engine.failures import failure_from_json
from executions_app.engine.scheduler import abandoned, advance, gathered, is_stuck_in_doom
from executions_app.engine.statuses import ExecutionStatus, NodeStatus
from executions_app.models import Approval, Execution
from executions_app.recording import (
    approvals,
    nested_news,
    owed_hooks,
    plumbing,
    projection,
)
from executions_app.recording.frame import Frame
from executions_app.recording.outcome_facts import add_outcome
from executions_app.recording.stopping import stop_what_is_left_inside
from executions_app.rows import ExecutionRow
from executions_app.rows.lanes import Lane
from executions_app.streaming.publish import publish
from executions_app.sync_points import Point, reach
from workflows_app.interface import get_plan
from workflows_app.language.plan import NodeKind, node_of

#: More plumbing than this in a row is left to later transactions, so that none takes long.
MAX_PLUMBING = 100


class Recording:
    """One transaction's working set: the frames touched, and the facts added, in order."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.facts: list[tuple[Frame, Event]] = []
        self.frames: dict[str, Frame] = {}
        self._root: Frame
        self._plumbing_left = MAX_PLUMBING
        self._told = 0
        """How many of the facts the runs around nested executions have been told."""

    def open_root(self, execution: ExecutionRow, unsaved: Execution | None = None) -> Frame:
        """Return the frame of the execution that holds the log."""
        self._root = self.add_frame(execution, unsaved)
        return self._root

    def add_frame(self, execution: ExecutionRow, unsaved: Execution | None = None) -> Frame:
        """Return a new frame for ``execution``."""
        plan = get_plan(execution.version_id)
        self.frames[execution.id] = Frame(self, execution, plan, unsaved=unsaved)
        return self.frames[execution.id]

    def frame(self, execution_id: str) -> Frame:
        """Return the frame of an execution of this family."""
        if execution_id not in self.frames:
            self.add_frame(rows.read_nested(execution_id))
        return self.frames[execution_id]

    @property
    def root(self) -> Frame:
        return self._root

    def finish(self) -> None:
        """Decide what follows, write everything, and have it told after commit."""
        for frame in list(self.frames.values()):
            if frame.state.stepping and frame.unsaved is None:
                # One step at a time holds back runs that are ready, which nobody has named.
                frame.load_all(NodeStatus.PENDING)
        self._settle()
        self._write()

    def let_go(self) -> None:
        """Free the values of what is recorded: frames and recording refer to each other, and what
        does so stays in memory for a while."""
        self.facts.clear()
        for frame in self.frames.values():
            frame.values, frame.columns = {}, {}

    # -- what follows -----------------------------------------------------------------------------

    def _settle(self, *, but: Frame | None = None) -> None:
        """Add everything that follows from what was added, in all frames ``but`` one."""
        is_moving = True
        while is_moving:
            # A frame may open others, and the run around it follows how it stands.
            is_moving = False
            for frame in [frame for frame in self.frames.values() if frame is not but]:
                is_moving = self._settle_frame(frame) or is_moving
            while self._told < len(self.facts):
                self._told += 1
                nested_news.tell_parent(*self.facts[self._told - 1])
                is_moving = True

    def _settle_frame(self, frame: Frame) -> bool:
        """Add what follows in one frame; return whether there was anything."""
        before = len(self.facts)
        while True:
            facts, frame.state = advance(frame.plan, frame.state, limits=settings.LIMITS)
            for fact in facts:
                self._follow(frame, fact)
            # What was decided may have made more ready inside the container that seems done.
            owed = [] if facts else gathered(frame.plan, frame.state)
            for key in owed:
                self._gather(frame, key)
            if not facts and not owed and not self._abandon(frame):
                return len(self.facts) > before

    def _follow(self, frame: Frame, fact: Event) -> None:
        frame.note(self._with_values(frame, fact))
        if isinstance(fact, StepScheduled):
            if frame.state.node(fact.node_id).status is NodeStatus.SCHEDULED:
                self._decide(frame, fact.node_id)
        elif isinstance(fact, StepProgress) and _is_loop(frame, fact.node_id):
            self._decide(frame, fact.node_id)

    def _decide(self, frame: Frame, key: str) -> None:
        """Let a node that needs no worker come to its outcome here and now."""
        node = frame.plan.by_id[node_of(key)]
        if not node.is_plumbing or self._plumbing_left == 0:
            return
        self._plumbing_left -= 1
        frame.write_rows()
        frame.load(key)
        progress = frame.state.node(key).progress
        at = plumbing.moment(self.now, progress)
        outcome, value = plumbing.decide_here(frame.plan, node, frame.id, key, at)
        add_outcome(frame, node, key, outcome, value=value, attempt=1)

    def _gather(self, frame: Frame, key: str) -> None:
        frame.write_rows()
        frame.load(key)
        node, it = frame.plan.by_id[node_of(key)], frame.state.node(key)
        assert it.progress is not None
        outcome = plumbing.gathered_of(frame.plan, node, frame.id, key, it.progress)
        add_outcome(frame, node, key, outcome, attempt=it.attempt, is_last=True)

    def _abandon(self, frame: Frame) -> bool:
        """Give up answers and events that can no longer change how a container ends."""
        if not is_stuck_in_doom(frame.state):
            return False
        frame.write_rows()
        frame.load_all(NodeStatus.WAITING, NodeStatus.SUSPENDED)
        keys = abandoned(frame.plan, frame.state)
        for key in keys:
            frame.add(StepCancelled(node_id=key, attempt=frame.state.node(key).attempt))
        return bool(keys)

    def _with_values(self, frame: Frame, fact: Event) -> Event:
        """Return ``fact`` with what only the tables know."""
        if isinstance(fact, _ENDINGS) and stop_what_is_left_inside(frame):
            self._settle(but=frame)  # an execution's end stands last in its log
        match fact:
            case ExecutionCompleted():
                frame.write_rows()
                position = frame.state.bailed_position
                bailed = None if position is None else frame.plan.nodes[position].id
                ending = plumbing.ending_of(frame.plan, frame.id, bailed=bailed)
                if isinstance(ending, ExecutionFailed):
                    frame.state = replace(frame.state, status=ExecutionStatus.FAILED)
                return ending
            case ExecutionFailed(node_id=str(key)):
                return replace(fact, failure=self._failure_of(frame, key))
            case StepFailed(within="", failure=failure):
                frame.values.setdefault(fact.node_id, {})["error"] = failure.to_json()
            case StepFailed(within=str(key)) | StepSkipped(within=str(key)) if key:
                failure = self._failure_of(frame, key)
                frame.values.setdefault(fact.node_id, {})["error"] = failure.to_json()
                return replace(fact, failure=failure)
            case ExecutionCancelled():
                by, reason = frame.execution.stopped_by, frame.execution.stop_reason
                return replace(fact, by=by, reason=reason)
        return fact

    def _failure_of(self, frame: Frame, key: str) -> Any:
        frame.write_rows()
        return failure_from_json(projection.error_of(frame.id, key))

    # -- writing ----------------------------------------------------------------------------------

    def _write(self) -> None:
        """Write the facts and the rows, and have them told after commit."""
        if not self.facts:
            return
        self._withdraw_questions()
        last_seq = self._root.execution.last_seq + len(self.facts)
        touched = {frame.id for frame, _ in self.facts} | {self._root.id}
        # From the root inwards: a nested execution's row names its parent's.
        for frame in [it for it in self.frames.values() if it.id in touched]:
            facts = [fact for owner, fact in self.facts if owner is frame]
            frame.columns |= projection.changes(frame, facts)
            if frame is self._root:
                frame.columns["last_seq"] = last_seq
            frame.write_rows()
            frame.write_columns()
        rows.insert_events(
            self._root.id,
            self._root.execution.last_seq + 1,
            self.now,
            [frame.as_logged(fact) for frame, fact in self.facts],
        )
        reach(Point.RECORDING)
        self._tell()

    def _withdraw_questions(self) -> None:
        """Let people no longer be asked what no answer can change any more."""
        for frame, fact in self.facts:
            if isinstance(fact, StepCancelled) and _is_approval(frame, fact.node_id):
                approvals.close(frame, fact.node_id, Approval.Status.WITHDRAWN)
            elif isinstance(fact, _ENDINGS) and frame.state.suspended:
                approvals.withdraw(frame)

    def _tell(self) -> None:
        due = [item for frame in self.frames.values() for item in frame.projection.due()]
        ready = [item for at, item in due if at <= self.now]
        if ready:
            transaction.on_commit(partial(dispatch.send, ready))
        for at, _ in due:
            if at > self.now:
                transaction.on_commit(partial(dispatch.alarm.set, at))
        transaction.on_commit(partial(publish, self._root.id))
        for frame in self.frames.values():
            if any(owner is frame and isinstance(fact, _RESTS) for owner, fact in self.facts):
                owed_hooks.on_rest(frame)

    @property
    def lane_that_moves(self) -> Lane | None:
        """The lane in which somebody may begin once this is committed: the execution, or one that
        it gives way to."""
        root = self._root.execution
        if root.lane is None:
            return None
        moves = any(owner is self._root and isinstance(fact, _MOVES) for owner, fact in self.facts)
        return Lane(workflow_id=root.workflow_id, value=root.lane) if moves else None


_ENDINGS = (ExecutionCompleted, ExecutionFailed, ExecutionCancelled)
#: After these somebody in the lane may begin.
_MOVES = (*_ENDINGS, ExecutionQueued)
#: After these nothing goes on by itself.
_RESTS = (*_ENDINGS, ExecutionSuspended)


def _is_loop(frame: Frame, key: str) -> bool:
    return frame.plan.by_id[node_of(key)].kind is NodeKind.LOOP


def _is_approval(frame: Frame, key: str) -> bool:
    return frame.plan.by_id[node_of(key)].kind is NodeKind.APPROVAL
