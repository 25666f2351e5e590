"""An event: one fact of an execution's log, numbered densely from 1, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One fact; ``seq`` is also the id of the SSE message."""

    pk = models.CompositePrimaryKey("execution_id", "seq")
    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="events", db_index=False
    )
    seq = models.IntegerField()
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    source = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="The nested execution it is about; empty for the log's own.",
    )

    class Meta:
        ordering = ["execution_id", "seq"]
        indexes = [
            models.Index(
                fields=["execution", "seq"], name="event_log_lines", condition=Q(type="log")
            ),
            models.Index(fields=["source", "seq"], name="event_of_nested", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id}#{self.seq} {self.type}"
