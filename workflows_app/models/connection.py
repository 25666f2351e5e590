"""A connection: a user's account at a third party.  Holds an id there, never a credential."""

from __future__ import annotations

from django.conf import settings
from django.db import models


def entity_id_of(user_id: int) -> str:
    """Return the identity under which a user is known to the connector hub."""
    return f"user-{user_id}"


class Connection(models.Model):
    """One account, by the id the connector hub gave it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        INACTIVE = "inactive", "inactive"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="connections"
    )
    toolkit = models.CharField(max_length=100, help_text="For example gmail or github.")
    account_id = models.CharField(max_length=200, help_text="The connector hub's own id.")
    label = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    is_default = models.BooleanField(
        default=True, help_text="Used where a step names no connection."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["toolkit", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "toolkit", "account_id"], name="connection_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.toolkit}: {self.label or self.account_id}"
