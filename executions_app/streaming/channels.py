"""Who may follow an execution.  Refuses everybody whom the rule does not name.

The rule is :func:`visible_to`; everything that reads executions for somebody applies it, so that a
stream shows nothing which a query would not.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django_eventstream.channelmanager import ChannelManagerBase

from executions_app.models import Execution

_PREFIX = "execution-"


def visible_to(user: Any) -> Q | None:
    """Return what ``user`` may see of the executions; ``None`` means nothing at all.

    An owner sees their own, staff also those without an owner, a superuser all of them.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return Q()
    own = Q(owner_id=user.pk)
    return own | Q(owner__isnull=True) if user.is_staff else own


def channel_of(execution_id: str) -> str:
    """Return the name of the channel on which the execution's events travel."""
    return f"{_PREFIX}{execution_id}"


class ExecutionChannels(ChannelManagerBase):
    """django-eventstream's question who may read a channel, answered from our table."""

    def get_channels_for_request(self, request: Any, view_kwargs: dict[str, Any]) -> set[str]:
        """Return the one channel the route names; a query parameter can add none."""
        return {channel_of(view_kwargs["execution_id"])}

    def can_read_channel(self, user: Any, channel: str) -> bool:
        """Return whether ``user`` (``None`` for nobody) may read ``channel`` now."""
        rule = visible_to(user)
        if rule is None or not channel.startswith(_PREFIX):
            return False
        return Execution.objects.filter(rule, pk=channel.removeprefix(_PREFIX)).exists()

    def is_channel_reliable(self, channel: str) -> bool:
        """Return ``True``: every event can be read again."""
        return True
