"""One command for many executions: which ones, how far it has come, and what it came to.

Which ones is settled when it is asked for, so that nothing made later is met by it.  The position
is moved in the transaction that commands the execution there: whoever dies, and however often a
message comes, each is commanded once.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from executions_app.models.execution import new_execution_id


class BulkCommand(models.Model):
    """One command of one account."""

    class Action(models.TextChoices):
        CANCEL = "cancel", "cancel"
        RETRY = "retry", "retry"
        DELETE = "delete", "delete"

    class Status(models.TextChoices):
        RUNNING = "running", "running"
        COMPLETED = "completed", "completed"

    id = models.CharField(primary_key=True, max_length=200, default=new_execution_id)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="bulk_commands",
        db_index=False,
        help_text="Who asked; only what they may command is touched.",
    )
    action = models.CharField(max_length=10, choices=Action.choices)
    reason = models.TextField(blank=True, default="")
    execution_ids = models.JSONField(help_text="Those that the command fitted when it was asked.")
    total = models.IntegerField(help_text="All that were named, also those it did not fit.")
    position = models.IntegerField(default=0, help_text="The next one's place in the list.")
    done = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)
    errors = models.JSONField(default=list, help_text="Of the first that failed.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(
        null=True, help_text="When a rescuer must look: its message counts as lost."
    )
    sends = models.SmallIntegerField(default=0, help_text="Messages sent since it last moved.")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["cancel", "retry", "delete"]), name="bulk_action_known"
            ),
            models.CheckConstraint(
                condition=Q(status="running", ended_at__isnull=True, wake_at__isnull=False)
                | Q(status="completed", ended_at__isnull=False, wake_at__isnull=True),
                name="bulk_is_woken_until_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="bulk_by_owner"),
            models.Index(
                fields=["wake_at"], name="bulk_to_wake", condition=Q(wake_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.total}"
