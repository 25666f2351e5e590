"""A workflow: the name under which definitions are saved, and the version that runs."""

from __future__ import annotations

import uuid_utils
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from workflows_app.models.ordered_json import OrderedJSONField

WORKFLOW_ID = RegexValidator(
    r"^[A-Za-z0-9_][A-Za-z0-9_.\-]*\Z", "use letters, digits, dots, dashes and underscores"
)


def new_workflow_id() -> str:
    """Return an id nobody has: a UUIDv7, so that ids sort by time."""
    return str(uuid_utils.uuid7())


class Workflow(models.Model):
    """One workflow, drawn by somebody or defined in code."""

    class Source(models.TextChoices):
        DRAWN = "drawn", "drawn"
        PYTHON = "python", "Python"

    class CompileStatus(models.TextChoices):
        OK = "ok", "ok"
        WARNINGS = "warnings", "warnings"
        ERRORS = "errors", "errors"

    id = models.CharField(
        primary_key=True, max_length=200, default=new_workflow_id, validators=[WORKFLOW_ID]
    )
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.DRAWN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="workflows",
        help_text="Who may see and run it; workflows from code have none and belong to everybody.",
    )
    revision = models.PositiveIntegerField(
        default=1, help_text="Counts saves; sent as the ETag of the definition."
    )
    definition = OrderedJSONField(help_text="The draft, as last saved.")
    compile_status = models.CharField(max_length=10, choices=CompileStatus.choices)
    diagnostics = models.JSONField(default=list, blank=True)
    published = models.ForeignKey(
        "workflows_app.WorkflowVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The version that new executions run.",
    )
    module = models.CharField(
        max_length=300, blank=True, default="", help_text="Where code defines it."
    )
    node_count = models.PositiveIntegerField(
        default=0, help_text="Nodes of the draft, in all its bodies."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-updated_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-updated_at"], name="workflow_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=["drawn", "python"]), name="workflow_source_known"
            ),
            models.CheckConstraint(
                condition=models.Q(compile_status__in=["ok", "warnings", "errors"]),
                name="workflow_compile_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
