"""A schedule: when a workflow starts by itself, and with what.

``next_slot_at`` and ``next_fire_at`` are the only clockwork: whoever ticks takes the rows whose
time has come, under their lock, and moves both on in the transaction that starts the executions.
"""

from __future__ import annotations

from typing import Any

import uuid_utils
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from workflows_app.authoring.schedule import CatchUp
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.models.ordered_json import OrderedJSONField

#: Together with ``sched_`` and the slot it must fit an execution's id.
MAX_ID_CHARS = 170
SCHEDULE_ID = RegexValidator(r"^[A-Za-z0-9._:\-]{1,170}\Z")


def new_schedule_id() -> str:
    """Return an id nobody has: a UUIDv7, so that ids sort by time."""
    return str(uuid_utils.uuid7())


class Schedule(models.Model):
    """When one workflow starts by itself."""

    class Source(models.TextChoices):
        USER = "user", "a user"
        PYTHON = "python", "Python"

    class Overlap(models.TextChoices):
        SKIP = "skip", "skip the new one"
        QUEUE = "queue", "start the new one afterwards"
        ALLOW = "allow", "start it beside"
        CANCEL_OTHER = "cancel_other", "cancel the running one"

    id = models.CharField(
        primary_key=True,
        max_length=MAX_ID_CHARS,
        default=new_schedule_id,
        validators=[SCHEDULE_ID],
        editable=False,
    )
    workflow = models.ForeignKey(
        "workflows_app.Workflow", on_delete=models.CASCADE, related_name="schedules"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="schedules",
        help_text="For whom it runs; schedules from code have none.",
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.USER)

    cron = models.CharField(max_length=200, blank=True, default="")
    interval_seconds = models.IntegerField(null=True, blank=True)
    timezone = models.CharField(max_length=100, default="UTC")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    jitter_seconds = models.IntegerField(default=0)
    catch_up = models.IntegerField(default=1, help_text="Missed slots that are made up for.")
    overlap = models.CharField(max_length=12, choices=Overlap.choices, default=Overlap.SKIP)

    input = OrderedJSONField(null=True, blank=True)
    runtime_context = OrderedJSONField(default=dict, blank=True)
    initial_state = OrderedJSONField(default=dict, blank=True)

    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.CharField(max_length=200, blank=True, default="")
    next_slot_at = models.DateTimeField(null=True, blank=True)
    next_fire_at = models.DateTimeField(
        null=True, blank=True, help_text="The next slot and its jitter; none: it has ended."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cron="") ^ Q(interval_seconds__isnull=True),
                name="schedule_cron_or_interval",
            ),
            models.CheckConstraint(
                condition=Q(overlap__in=["skip", "queue", "allow", "cancel_other"]),
                name="schedule_overlap_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["user", "python"]), name="schedule_source_known"
            ),
            models.CheckConstraint(
                condition=Q(catch_up__gte=0, jitter_seconds__gte=0),
                name="schedule_counts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(next_slot_at__isnull=True, next_fire_at__isnull=True)
                | Q(next_slot_at__isnull=False, next_fire_at__gte=models.F("next_slot_at")),
                name="schedule_fires_after_its_slot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_fire_at"],
                name="schedule_due",
                condition=Q(paused_at__isnull=True, next_fire_at__isnull=False),
            ),
            models.Index(fields=["-created_at", "-id"], name="schedule_newest"),
            models.Index(fields=["owner", "-created_at", "-id"], name="schedule_by_owner"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def rule(self) -> Rule:
        """The schedule as authors write it.

        Raises:
            ScheduleInvalid: if the row holds what no author may write.
        """
        return Rule(
            cron=self.cron or None,
            interval=self.interval_seconds,
            timezone=self.timezone,
            input_data=self.input,
            runtime_context=self.runtime_context,
            initial_state=self.initial_state,
            catch_up=self.catch_up,
            overlap=self.overlap,  # type: ignore[arg-type]
            jitter=self.jitter_seconds,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )

    @property
    def catch_up_word(self) -> CatchUp:
        """``catch_up`` as people write it."""
        words: dict[int, Any] = {0: "none", 1: "last"}
        return words.get(self.catch_up, self.catch_up)
