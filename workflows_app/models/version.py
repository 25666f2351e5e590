"""A version: one definition with its plan, never changed once it is written."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from workflows_app.models.ordered_json import OrderedJSONField

#: The number of what only tests of one step run; no list of versions has it.
TEST_NUMBER = 0


class WorkflowVersion(models.Model):
    """What an execution pins when it starts."""

    workflow = models.ForeignKey(
        "workflows_app.Workflow", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(
        help_text="1, 2, 3 ... within the workflow; 0 where only a test of one step runs it."
    )
    definition = OrderedJSONField()
    plan = OrderedJSONField()
    plan_hash = models.CharField(max_length=80)
    diagnostics = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["workflow_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "number"],
                condition=models.Q(number__gt=TEST_NUMBER),
                name="version_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["workflow", "plan_hash"], name="version_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} v{self.number}"
