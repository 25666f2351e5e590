"""Asking for one command to many executions: which ones it fits, and having it worked off.

WorkflowError
├── TooMany     the command fits more executions than one may be for
└── Busy        too many of the account's are worked off already
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from executions_app import database, dispatch
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.models import BulkCommand, Execution
from workflows_app.authoring.errors import WorkflowError

#: Executions that one command is for, at most.
LIMIT: Final = 10_000
#: Executions that are looked at to count what a command does not fit: the newest.
COUNTED: Final = 100_000
#: Commands of one account that are worked off at once.
MAX_RUNNING: Final = 20
#: Those that ended are kept so long, and go when the account asks for another.
KEPT: Final = timedelta(days=30)
SAMPLE: Final = 10

_OVER = [status.value for status in FINAL]
#: What each command can be tried on; it decides for itself whether it then does anything.
_FITS: Mapping[str, Q] = MappingProxyType(
    {
        BulkCommand.Action.CANCEL: ~Q(status__in=_OVER) & Q(stopping=""),
        BulkCommand.Action.RETRY: Q(status=ExecutionStatus.FAILED) & ~Q(stopping="timeout"),
        BulkCommand.Action.DELETE: Q(status__in=_OVER, root__isnull=True),
    }
)


class TooMany(WorkflowError):
    """The command fits more executions than one command may be for; nothing was done."""

    code = "bulk.too_many"

    def __init__(self) -> None:
        super().__init__(
            f"this would be for more than {LIMIT:,} executions; narrow the filter, by time for "
            "example, and ask several times",
            details={"limit": LIMIT},
        )


class Busy(WorkflowError):
    """Too many commands of the account are worked off already; nothing was done."""

    code = "bulk.busy"

    def __init__(self) -> None:
        super().__init__(
            f"{MAX_RUNNING} of your commands to many executions are worked off already; wait until "
            "one of them has ended",
            details={"limit": MAX_RUNNING},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a command would be for."""

    fitting: tuple[str, ...]
    """The newest first; one more than :data:`LIMIT`, if there are too many."""
    would: int
    """How many these are; if there are too many, counted up to :data:`COUNTED`."""
    by_status: Mapping[str, int]
    """All that are named, of the newest :data:`COUNTED`; only statuses that occur."""
    not_applicable: int
    """Those of them that the command does not fit, and ids that lead nowhere."""

    @property
    def is_too_many(self) -> bool:
        return self.would > LIMIT


def selected(rows: QuerySet[Execution], action: str, *, lost: int = 0) -> Selection:
    """Return which of ``rows`` the command ``action`` fits; ``lost`` ids led to none of them."""
    rows = rows.order_by("-created_at", "-id")
    fitting = rows.filter(_FITS[action]).values_list("pk", flat=True)
    found = tuple(fitting[: LIMIT + 1])
    would = len(found) if len(found) <= LIMIT else fitting[:COUNTED].count()
    named = Execution.objects.filter(pk__in=rows.values("pk")[:COUNTED]).order_by()
    by_status = dict(named.values_list("status").annotate(Count("pk")))
    others = max(sum(by_status.values()) - would, 0)
    return Selection(fitting=found, would=would, by_status=by_status, not_applicable=others + lost)


@transaction.atomic
def start_bulk(selection: Selection, action: str, *, owner: Any, reason: str = "") -> BulkCommand:
    """Return the command ``action`` of ``owner`` to what was ``selection``, which workers work off.

    Raises:
        TooMany: if it is for more than :data:`LIMIT`.
        Busy: if :data:`MAX_RUNNING` of the owner's are worked off.
    """
    if selection.is_too_many:
        raise TooMany
    now, owned = database.now(), BulkCommand.objects.filter(owner=owner)
    owned.filter(ended_at__lt=now - KEPT).delete()
    if owned.filter(status=BulkCommand.Status.RUNNING).count() >= MAX_RUNNING:
        raise Busy
    is_over = not selection.fitting
    command = BulkCommand.objects.create(
        owner=owner,
        action=action,
        reason=reason,
        execution_ids=list(selection.fitting),
        total=len(selection.fitting) + selection.not_applicable,
        not_applicable=selection.not_applicable,
        status=BulkCommand.Status.COMPLETED if is_over else BulkCommand.Status.RUNNING,
        created_at=now,
        ended_at=now if is_over else None,
        wake_at=None if is_over else now + timedelta(seconds=settings.RESCUE_SECONDS),
    )
    if not is_over:
        transaction.on_commit(partial(dispatch.tell_bulk, command.pk))
    return command


def sample_of(selection: Selection) -> Sequence[str]:
    """Return some of the executions that a command would be for."""
    return selection.fitting[:SAMPLE]
