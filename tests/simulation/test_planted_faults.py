"""The simulation bites: an engine without one of its safeguards does not come through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from executions_app.models import StepRun
from executions_app.operations import record_attempt, rescue
from executions_app.runner import claim
from tests.simulation.run import simulate

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="shown on SQLite, where it is quick"),
]
#: One of so many seeds is enough to see it.
MOST_SEEDS = 40


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes late is believed all the same."""
    patch.setattr(record_attempt, "_is_ours", lambda log, held: True)
    patch.setattr(
        record_attempt,
        "record_on_trust",
        lambda held, tried, facts, usage: record_attempt._record(held, tried, facts, usage),
    )


def no_exclusive_claim(patch: pytest.MonkeyPatch) -> None:
    """Whoever has a message begins, although somebody else holds the attempt."""
    patch.setattr(claim, "_claim", _taking_what_is_held(claim._claim))


def _taking_what_is_held(original: Callable[..., Any]) -> Callable[..., Any]:
    def take(step_run_id: int, attempt: int, *, free: str) -> Any:
        return original(step_run_id, attempt, free="claimed_at IS NOT DISTINCT FROM claimed_at")

    return take


def nothing_sent_again(patch: pytest.MonkeyPatch) -> None:
    """What the broker lost stays lost."""
    locked = rescue.database.locked

    def without(rows: QuerySet[Any], **options: Any) -> QuerySet[Any]:
        found = locked(rows, **options)
        return found.exclude(claimed_at=None) if found.model is StepRun else found

    patch.setattr(rescue.database, "locked", without)


def no_worker_is_ever_lost(patch: pytest.MonkeyPatch) -> None:
    """What a dead worker held stays in its hands."""
    steps = rescue._rescue_steps
    patch.setattr(rescue, "_rescue_steps", lambda may_judge: steps(may_judge=False))


@pytest.mark.parametrize(
    "plant", [no_fence, no_exclusive_claim, nothing_sent_again, no_worker_is_ever_lost]
)
def test_an_engine_without_a_safeguard_is_found_out(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)

    found = next((report for seed in range(MOST_SEEDS) if (report := simulate(seed)).wrong), None)

    assert found is not None, f"{MOST_SEEDS} seeds saw nothing wrong"
    assert "Error" not in str(found), str(found)  # a fault planted badly shows nothing
