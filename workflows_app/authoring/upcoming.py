"""The next slots of a schedule as people read them: in UTC and as the zone's clock shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from workflows_app.authoring.schedule import Schedule
from workflows_app.authoring.slots import slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One slot; both texts are ISO 8601 with an offset."""

    utc: str
    local: str


def upcoming(schedule: Schedule, *, after: datetime, count: int) -> list[Upcoming]:
    """Return the first ``count`` slots later than ``after``; fewer if the schedule ends."""
    zone = ZoneInfo(schedule.timezone)
    return [
        Upcoming(
            utc=slot.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            local=slot.astimezone(zone).isoformat(),
        )
        for slot in slots(schedule, after=after, limit=count)
    ]
