"""``manage.py schedules``: look at schedules, pause them, let them go on, fire them now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser

from executions_app import database
from executions_app.api.schedule_shapes import (
    FireShape,
    ScheduleRecord,
    ScheduleShape,
    UpcomingShape,
)
from executions_app.api.shapes import Started
from executions_app.management.outcome import write_value
from executions_app.management.watch import watch
from executions_app.models import Schedule, ScheduleFire
from executions_app.operations.find_schedules import get_schedule, schedules_for
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.sync_schedules import sync_schedules
from executions_app.operations.trigger_schedule import trigger_schedule
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.schedule import ScheduleInvalid
from workflows_app.authoring.upcoming import Upcoming, upcoming
from workflows_app.management.named_rows import user_named, workflow_named
from workflows_app.management.terminal import shortened
from workflows_app.management.terminal_command import OK, TerminalCommand, add_json_option
from workflows_app.operations.sync_registry import sync_registry

DEFAULT_LIMIT = 50
NEXT_SHOWN, FIRES_SHOWN, MAX_COUNT = 5, 10, 1_000
NAME_CHARACTERS, REASON_CHARACTERS = 40, 80
BY = "command line"
_INSTANT = timedelta(microseconds=1)


class Command(TerminalCommand):
    """One method for each word after ``schedules``."""

    help = (
        "List, show, pause, resume, trigger and preview schedules, whoever they belong to. Exit "
        "status: 0 if all is well, 1 if something was refused; with --follow as run_workflow has "
        "it. Each word has a --help of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        rows = words.add_parser("list", help="show schedules, newest first")
        rows.add_argument("--workflow", metavar="ID", help="of this workflow, by id or name")
        rows.add_argument("--owner", metavar="USER", help="only those of this user")
        rows.add_argument("--paused", action="store_true", help="only those that are paused")
        rows.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="rows to show at most")

        show = words.add_parser("show", help="show one with its next and its latest slots")
        pause = words.add_parser("pause", help="start nothing of it until it is resumed")
        resume = words.add_parser("resume", help="go on with its next slot after now")
        fire = words.add_parser("trigger", help="start it once now, beside its slots")
        fire.add_argument("--follow", action="store_true", help="show its steps until it ends")
        for word in (show, pause, resume, fire):
            word.add_argument("schedule", metavar="ID", help="the schedule's id")

        look = words.add_parser("preview", help="show when something would be due; save nothing")
        timing = look.add_mutually_exclusive_group(required=True)
        timing.add_argument("--cron", metavar="TEXT", help="such as '0 9 * * MON-FRI'")
        timing.add_argument("--interval", type=int, metavar="SECONDS", help="such as 3600")
        look.add_argument("--timezone", default="UTC", help="an IANA name; else UTC")
        look.add_argument("--count", type=int, default=NEXT_SHOWN, help="moments to show at most")
        look.add_argument(
            "--starts-at", metavar="TIME", help="begin there, not now; such as 2026-03-28T00:00Z"
        )
        for word in (rows, show, pause, resume, fire, look):
            add_json_option(word)

    def perform(self, options: dict[str, Any]) -> int:
        if options["word"] == "preview":
            return self._preview(options)
        sync_registry()
        sync_schedules()
        match options["word"]:
            case "list":
                return self._list(options)
            case "show":
                return self._show(options["schedule"])
            case "trigger":
                return self._trigger(options["schedule"], follow=options["follow"])
            case "pause":
                pause_schedule(options["schedule"], by=BY)
            case "resume":
                resume_schedule(options["schedule"])
        row = get_schedule(_operator(), options["schedule"])
        if self.output.is_json:
            self.output.json(ScheduleRecord(row).data)
        else:
            self.output.line(_state(row))
        return OK

    def _list(self, options: dict[str, Any]) -> int:
        rows = schedules_for(_operator()).order_by("-created_at", "-id")
        if options["workflow"]:
            rows = rows.filter(workflow=workflow_named(options["workflow"]))
        if options["owner"]:
            rows = rows.filter(owner=user_named(options["owner"]))
        if options["paused"]:
            rows = rows.filter(paused_at__isnull=False)
        found = list(rows[: max(options["limit"], 0)])
        if self.output.is_json:
            self.output.json({"results": ScheduleShape(found, many=True).data})
            return OK
        if not found:
            self.output.line("No schedules; make one in the admin, over HTTP or in Python.")
            return OK
        self.output.table(
            ("id", "workflow", "when", "zone", "next (UTC)", "overlap", "owner"),
            [
                (
                    row.pk,
                    shortened(row.workflow.name, NAME_CHARACTERS),
                    _when(row),
                    row.timezone,
                    _state(row),
                    row.overlap,
                    row.owner.get_username() if row.owner else "-",
                )
                for row in found
            ],
        )
        return OK

    def _show(self, schedule_id: str) -> int:
        row = get_schedule(_operator(), schedule_id)
        fires = ScheduleFire.objects.filter(schedule=row).order_by("-slot")[:FIRES_SHOWN]
        if self.output.is_json:
            latest = FireShape(fires, many=True).data
            self.output.json({**ScheduleRecord(row).data, "latest_fires": latest})
            return OK
        self.output.line(f"{row.workflow.name}  {_when(row)}  {row.timezone}", style="bold")
        owner = row.owner.get_username() if row.owner else "nobody"
        self.output.line(
            f"for {owner}; catch-up {row.catch_up_word}, overlap {row.overlap}, jitter "
            f"{row.jitter_seconds} s; {_state(row)}"
        )
        self.output.line("input:", style="bold")
        write_value(row.input, self.output, full=False)
        if row.paused_at is None:
            self._write_upcoming(upcoming(row.rule, after=database.now(), count=NEXT_SHOWN))
        if fires:
            self.output.table(
                ("slot (UTC)", "outcome", "execution", "reason"),
                [
                    (
                        _time(fire.slot),
                        fire.outcome,
                        fire.execution_id or "-",
                        shortened(fire.reason, REASON_CHARACTERS),
                    )
                    for fire in fires
                ],
            )
        return OK

    def _trigger(self, schedule_id: str, *, follow: bool) -> int:
        row = trigger_schedule(schedule_id, by=BY)
        if follow:
            return watch(row.pk, self.output)
        if self.output.is_json:
            self.output.json(Started(row).data)
        self.output.line(row.pk)
        return OK

    def _preview(self, options: dict[str, Any]) -> int:
        rule = Rule(
            cron=options["cron"],
            interval=options["interval"],
            timezone=options["timezone"],
            starts_at=_moment(options["starts_at"]),
        )
        after = database.now() if rule.starts_at is None else rule.starts_at - _INSTANT
        count = min(max(options["count"], 0), MAX_COUNT)
        found = upcoming(rule, after=after, count=count)
        if self.output.is_json:
            fires = UpcomingShape(found, many=True).data
            self.output.json({"timezone": rule.timezone, "fires": fires})
        else:
            self._write_upcoming(found)
        return OK

    def _write_upcoming(self, found: list[Upcoming]) -> None:
        if found:
            self.output.table(
                ("next (UTC)", "by its own clock"), [(slot.utc, slot.local) for slot in found]
            )
        else:
            self.output.line("It is due no more.")


def _operator() -> Any:
    """Return who sees everything: whoever can run commands on this machine could do so anyway."""
    return get_user_model()(is_superuser=True, is_active=True)


def _when(row: Schedule) -> str:
    return row.cron or f"every {row.interval_seconds} s"


def _state(row: Schedule) -> str:
    if row.paused_at is not None:
        return f"paused by {row.paused_by}" if row.paused_by else "paused"
    return _time(row.next_fire_at) if row.next_fire_at else "ended"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise ScheduleInvalid(
            "starts_at", f"{text!r}: write a time like 2026-05-04T10:00:00Z"
        ) from None
