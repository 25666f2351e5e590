"""A signal: an event that was sent before anything waited for it, kept until something does."""

from __future__ import annotations

from django.db import models

from executions_app.models.value_field import ValueField


class Signal(models.Model):
    """One event; deleted when a wait takes it."""

    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="signals"
    )
    name = models.CharField(max_length=200)
    data = ValueField(null=True)
    by = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} for {self.execution_id}"
