"""Forgetting an execution: its row, its steps and its log."""

from __future__ import annotations

from django.db import transaction

from executions_app import database
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound, NotApplicable
from executions_app.models import Execution
from executions_app.operations.value_storage import files_of, remove_after_commit


def delete_execution(execution_id: str) -> None:
    """Delete a finished execution; its reruns stay and lose their link.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it has not finished: cancel it first; or if it is nested in another.
    """
    with transaction.atomic():
        rows = Execution.objects.filter(pk=execution_id).only("id", "status", "root_id")
        execution = database.locked(rows).first()
        if execution is None:
            raise ExecutionNotFound(execution_id)
        if execution.root_id is not None:
            alone = f"deleted without execution {execution.root_id!r}, which it is part of"
            raise NotApplicable(alone, execution.status)
        if execution.status not in FINAL:
            raise NotApplicable("deleted", execution.status)
        forget(execution_id)


def forget(*execution_ids: str) -> None:
    """Delete executions, what is nested in them, and the files that their values are in.

    The caller holds a transaction.
    """
    nested = Execution.objects.filter(root_id__in=execution_ids).values_list("pk", flat=True)
    names = files_of([*execution_ids, *nested])
    Execution.objects.filter(pk__in=execution_ids).delete()
    remove_after_commit(names)
