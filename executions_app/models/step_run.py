"""A step run: one node of one execution, with the attempt that is due or in a worker's hands.

The row *is* the message: whoever claims it by compare-and-set runs it.  Two kinds of columns live
side by side.  The fold of the log (``status``, ``attempt``, ``met``, times, values) is written by
the journal; the lease (``epoch``, ``claimed_at``, ``claimed_by``, ``wake_at``, ``deaths``,
``stops``, ``alone``, ``sends``, ``unknown_since``) by claim, heartbeat, give-back and rescue, and
is no history.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from executions_app.engine.statuses import NodeStatus
from executions_app.models.value_field import ValueField
from workflows_app.models.ordered_json import OrderedJSONField


class StepRun(models.Model):
    """One node of one execution."""

    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="steps"
    )
    version = models.ForeignKey(
        "workflows_app.WorkflowVersion",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="The execution's, so that a claim need not read that row.",
    )
    root_id = models.CharField(
        max_length=200, help_text="The execution in whose log its facts stand."
    )
    node_id = models.CharField(
        max_length=300, help_text="The run's key: the node, and its rounds, as in charge[5]."
    )
    position = models.IntegerField(help_text="The node's place in the document.")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    internal = models.BooleanField(default=False, help_text="Plumbing that people need not see.")

    status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value) for status in NodeStatus],
        default=NodeStatus.PENDING.value,
    )
    attempt = models.IntegerField(default=1)
    met = models.IntegerField(default=0)
    scheduled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    input = ValueField(null=True)
    output = ValueField(null=True)
    error = OrderedJSONField(null=True)
    progress = models.JSONField(null=True, help_text="How far a container has come.")
    event = models.CharField(max_length=200, blank=True, default="")
    suspend_payload = ValueField(null=True)
    suspended_at = models.DateTimeField(null=True)
    labels = models.JSONField(default=list, help_text="Names by which it may be resumed.")
    resume_data = ValueField(null=True)
    resumed_at = models.DateTimeField(null=True)

    queue = models.CharField(max_length=200, blank=True, default="")
    due_at = models.DateTimeField(null=True, help_text="No attempt begins earlier.")
    epoch = models.IntegerField(default=0, help_text="Counts claims; a late worker has an old one.")
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=200, blank=True, default="")
    wake_at = models.DateTimeField(
        null=True,
        help_text="When a rescuer must look: the message counts as lost, or the lease has run out.",
    )
    deaths = models.SmallIntegerField(default=0, help_text="Workers lost over this attempt.")
    stops = models.SmallIntegerField(
        db_default=0, help_text="Workers that stopped before this attempt had ended."
    )
    deaths_alone = models.SmallIntegerField(
        db_default=0, help_text="Of these, workers that had nothing else in their hands."
    )
    alone = models.BooleanField(
        db_default=False, help_text="Whether its worker has nothing else in its hands."
    )
    sends = models.SmallIntegerField(default=0, help_text="Messages sent for this attempt.")
    unknown_since = models.DateTimeField(
        null=True, help_text="From when on workers that took this attempt up lacked its code."
    )

    class Meta:
        ordering = ["execution_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["execution", "node_id"], name="step_run_once"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in NodeStatus]),
                name="step_run_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wake_at"], name="step_run_to_wake", condition=Q(wake_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="step_run_sent_again", condition=Q(sends__gt=1)),
            models.Index(
                fields=["root_id", "event"],
                name="step_run_listening",
                condition=Q(status__in=("waiting", "suspended")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id}/{self.node_id}"
