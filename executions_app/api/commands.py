"""What the commands to an execution have in common: who asks, why, and how it stands afterwards."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from workflows_app.api.bodies import BodySerializer

#: Said of the body's ``step`` where it may be left out.
NAMED = "Its id, a path of ids into nested workflows (a list, or dotted), or a run's key."


class ReasonBody(BodySerializer):
    """Why; kept in the history."""

    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2_000, default="", help_text="For the history."
    )


def by(request: Request) -> str:
    """Return how the history calls the caller."""
    name: str = request.user.get_username()
    return name


def as_it_stands(request: Request, execution_id: str) -> Response:
    """Return 202 with the execution as it is after a command."""
    return Response(ExecutionSummary(execution_of(request, execution_id)).data, status=202)
