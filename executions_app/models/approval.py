"""An approval: what a person is asked, found by whom it is for.  Follows its step run's life."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from executions_app.models.value_field import ValueField
from workflows_app.models.ordered_json import OrderedJSONField


class Approval(models.Model):
    """One question to people; open until it is answered, or is answered no more."""

    class Status(models.TextChoices):
        OPEN = "open", "open"
        ANSWERED = "answered", "answered"
        EXPIRED = "expired", "expired"
        WITHDRAWN = "withdrawn", "withdrawn"

    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="approvals"
    )
    step = models.ForeignKey(
        "executions_app.StepRun",
        null=True,
        on_delete=models.SET_NULL,
        related_name="approvals",
        db_constraint=False,
        help_text="Gone when the run was forgotten, as by a time travel.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    node_id = models.CharField(max_length=300)
    title = models.TextField()
    form = OrderedJSONField(default=dict)
    context = ValueField(default=dict)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="approvals")
    groups = models.ManyToManyField(Group, related_name="approvals")
    assignees = models.JSONField(default=list, help_text="As the definition names them.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True, default="")
    answer = ValueField(null=True)
    comment = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["status", "-created_at", "-id"], name="approval_by_status"),
            models.Index(
                fields=["remind_at"],
                name="approval_to_remind",
                condition=Q(status="open", remind_at__isnull=False, reminded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title
