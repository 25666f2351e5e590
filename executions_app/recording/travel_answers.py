"""The answer that a time travel brings along for the first suspension it meets.  Given once."""

from __future__ import annotations

from typing import Any

from executions_app import rows
from executions_app.engine.events import LogWritten, StepCompleted, StepResumed
from executions_app.models import Approval, Execution
from executions_app.recording import approvals
from executions_app.recording.frame import Frame
from workflows_app.language.plan import NodeKind, PlanNode
from workflows_app.language.schemas import apply_defaults, validate_value


def give(frame: Frame, node: PlanNode, key: str) -> None:
    """Answer the question that the run ``key`` has just asked, if an answer was brought along."""
    root = frame.recording.root
    if root.unsaved is not None:
        return  # it has only just begun
    brought: Any = Execution.objects.values_list("travel_answer", flat=True).get(pk=root.id)
    if brought is None:
        return
    rows.update_execution(root.id, {"travel_answer": None})
    data, by = brought["data"], brought["by"]
    attempt = frame.state.node(key).attempt
    is_approval = node.kind is NodeKind.APPROVAL
    if is_approval:
        data = apply_defaults(dict(node.form or {}), data)
        if problems := validate_value(dict(node.form or {}), data):
            said = f"the answer brought along does not fit the form: {problems[0].message}"
            frame.add(LogWritten(node_id=key, attempt=attempt, level="warning", message=said))
            return
    # The question is history before it is answered.
    frame.write_rows()
    frame.load(key)
    frame.add(
        StepResumed(node_id=key, attempt=attempt, data=data, by=by),
        resume_data=data,
        resumed_at=frame.now,
        due_at=None if is_approval else frame.now,
    )
    if is_approval:
        frame.add(StepCompleted(node_id=key, attempt=attempt, output=data), output=data)
        approvals.close(frame, key, Approval.Status.ANSWERED, by=by, answer=data)
