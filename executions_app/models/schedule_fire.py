"""A fire: what became of one slot of a schedule, and why.

Unique by schedule and slot, so that no slot can be fired twice, whoever ticks.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ScheduleFire(models.Model):
    """One slot of one schedule."""

    class Outcome(models.TextChoices):
        STARTED = "started", "started"
        SKIPPED = "skipped", "skipped"
        QUEUED = "queued", "queued"
        FAILED = "failed", "failed"

    schedule = models.ForeignKey(
        "executions_app.Schedule", on_delete=models.CASCADE, related_name="fires", db_index=False
    )
    slot = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True, default="")
    execution = models.ForeignKey(
        "executions_app.Execution",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="schedule_fires",
    )
    fired_at = models.DateTimeField(help_text="When it was decided.")

    class Meta:
        ordering = ["-slot", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot"], name="schedule_fire_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["started", "skipped", "queued", "failed"]),
                name="schedule_fire_outcome_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["schedule", "slot"],
                name="schedule_fire_queue",
                condition=Q(outcome="queued"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.slot.isoformat()}"
