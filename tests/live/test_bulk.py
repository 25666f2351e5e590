"""A command to many executions, on real workers: lost messages and a death delay it, no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from executions_app import dispatch
from executions_app.models import BulkCommand, Event, Execution
from executions_app.operations.audit import differences
from executions_app.operations.start_bulk import selected, start_bulk
from tests.live.running import Stage, node, status_of
from tests.live.workers import Crew, wait_until
from tests.published import chain, published

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def test_a_lost_message_and_a_dead_worker_only_delay_a_command_to_many(
    stage: Stage, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = published(*chain(node("a", "slow"), node("after")))
    executions = [stage.start(workflow) for _ in range(30)]
    root: Any = get_user_model().objects.create_superuser("bulk-root")
    rows = Execution.objects.filter(pk__in=[execution.pk for execution in executions])
    with monkeypatch.context() as lost, transaction.atomic():
        lost.setattr(dispatch, "tell_bulk", lambda bulk_id: None)
        command = start_bulk(selected(rows, "cancel"), "cancel", owner=root)

    stage.wait_for_start("a", times=2)
    crew.workers[0].kill()
    stage.go("a")

    wait_until(
        lambda: BulkCommand.objects.filter(pk=command.pk, status="completed").exists(),
        what="the end of the command",
    )
    wait_until(
        lambda: all(status_of(it) in ("cancelled", "completed") for it in executions),
        what="the end of all executions",
    )
    command.refresh_from_db()
    assert command.done + command.not_applicable == command.total == 30
    stopped = Event.objects.filter(execution__in=executions, type="execution_stopping")
    assert stopped.count() == command.done
    assert all(differences(execution.pk) == [] for execution in executions)
