"""An execution: a plan being run, or run, for somebody."""

from __future__ import annotations

import uuid_utils
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from executions_app.engine.statuses import ExecutionStatus
from executions_app.models.value_field import ValueField
from workflows_app.models.ordered_json import OrderedJSONField

EXECUTION_ID = RegexValidator(r"^[A-Za-z0-9._:\-]{1,200}\Z")


def new_execution_id() -> str:
    """Return an id nobody has: a UUIDv7, so that ids sort by time."""
    return str(uuid_utils.uuid7())


class Execution(models.Model):
    """One execution.  The counters, positions and flags from ``status`` to ``last_seq`` are the
    fold of its log; only the journal writes them.

    A nested workflow is an execution of its own: ``root`` names the one that was started, in whose
    log its facts stand; ``parent`` and ``parent_key`` the run it is the inside of.
    """

    class Trigger(models.TextChoices):
        API = "api", "API"
        ADMIN = "admin", "admin"
        CLI = "cli", "command line"
        PYTHON = "python", "Python"
        RERUN = "rerun", "rerun"
        SCHEDULE = "schedule", "schedule"
        NESTED = "nested", "nested"
        FAILURE = "failure", "failure of another"
        TEST = "test", "test of one step"

    id = models.CharField(
        primary_key=True, max_length=200, default=new_execution_id, validators=[EXECUTION_ID]
    )
    workflow = models.ForeignKey(
        "workflows_app.Workflow", on_delete=models.PROTECT, related_name="executions"
    )
    version = models.ForeignKey(
        "workflows_app.WorkflowVersion", on_delete=models.PROTECT, related_name="executions"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="executions",
    )
    resource_id = models.CharField(max_length=200, blank=True, default="")
    trigger = models.CharField(max_length=10, choices=Trigger.choices, default=Trigger.API)
    rerun_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns"
    )
    root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="family"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    parent_key = models.CharField(max_length=300, blank=True, default="")
    path = models.JSONField(default=list, help_text="The way down from the root: ids and indexes.")
    lane = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        help_text="Where it waits its turn: the value of the workflow's key; NULL: nowhere.",
    )
    priority = models.SmallIntegerField(
        default=0, help_text="Of those that wait in a lane the highest begins first."
    )
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_hash = models.CharField(max_length=80, blank=True, default="")

    status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value) for status in ExecutionStatus],
        default=ExecutionStatus.PENDING.value,
    )
    live = models.IntegerField(default=0)
    timers = models.IntegerField(default=0)
    listeners = models.IntegerField(default=0)
    suspended = models.IntegerField(default=0)
    containers = models.IntegerField(default=0)
    doomed = models.IntegerField(default=0)
    failed_position = models.IntegerField(null=True, blank=True)
    bailed_position = models.IntegerField(null=True, blank=True)
    begun = models.IntegerField(default=0)
    stepping = models.SmallIntegerField(default=0)
    stopping = models.CharField(max_length=10, blank=True, default="")
    stop_reason = models.TextField(blank=True, default="")
    stopped_by = models.CharField(max_length=200, blank=True, default="")
    last_seq = models.IntegerField(default=0)
    recorded_bytes = models.BigIntegerField(
        default=0, help_text="Of a root: bytes of all values recorded of it and inside it."
    )
    nested_count = models.IntegerField(default=0, help_text="Of a root: executions begun in it.")

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    hooks_at = models.DateTimeField(
        null=True, blank=True, help_text="From when on its hooks are to be called."
    )
    hooks_seq = models.IntegerField(
        default=0, help_text="The number of the last event that its hooks were told of."
    )

    travel_answer = OrderedJSONField(
        null=True,
        help_text="What the first suspension after a time travel is answered with: data and by.",
    )

    input = ValueField(null=True)
    runtime_context = OrderedJSONField(default=dict)
    state = OrderedJSONField(default=dict)
    output = ValueField(null=True)
    error = OrderedJSONField(null=True)
    usage = models.JSONField(default=dict, help_text="Tokens that steps reported, by kind.")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in ExecutionStatus]),
                name="execution_status_known",
            ),
            models.CheckConstraint(condition=Q(live__gte=0), name="execution_live_not_negative"),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="execution_idempotent",
            ),
            # NULLs are distinct to a database, so executions of nobody need a rule of their own.
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=Q(idempotency_key__isnull=False, owner__isnull=True),
                name="execution_idempotent_of_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="execution_newest"),
            models.Index(fields=["owner", "-created_at", "-id"], name="execution_by_owner"),
            models.Index(fields=["workflow", "-created_at", "-id"], name="execution_by_workflow"),
            models.Index(
                fields=["owner", "workflow", "-created_at", "-id"],
                name="execution_latest",
                condition=Q(root__isnull=True),
            ),
            models.Index(
                fields=["resource_id", "-created_at", "-id"],
                name="execution_by_resource",
                condition=~Q(resource_id=""),
            ),
            models.Index(fields=["status", "-created_at", "-id"], name="execution_by_status"),
            models.Index(
                fields=["hooks_at"],
                name="execution_hooks",
                condition=Q(hooks_at__isnull=False),
            ),
            models.Index(
                fields=["workflow", "lane", "-priority", "created_at", "id"],
                name="execution_in_line",
                condition=Q(status="pending", lane__isnull=False),
            ),
            models.Index(
                fields=["workflow", "lane"],
                name="execution_in_place",
                condition=~Q(status="pending") & Q(lane__isnull=False, ended_at__isnull=True),
            ),
            models.Index(
                fields=["workflow", "lane", "-started_at"],
                name="execution_starts",
                condition=Q(lane__isnull=False, started_at__isnull=False),
            ),
            models.Index(
                fields=["owner"],
                name="execution_going_on",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["deadline_at"],
                name="execution_deadlines",
                condition=Q(deadline_at__isnull=False, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.id
