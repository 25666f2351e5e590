"""Section O: sleeping, and waiting for events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.semantics.bodies import asked, recorded
from workflows_app.authoring import StepContext, create_workflow

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _one_more(value: Any) -> Any:
    return {"n": value["n"] + 1}


#: 253
short_sleep = (
    create_workflow(id="o-short-sleep")
    .then(recorded("A", _one_more))
    .sleep(0.1)
    .then(recorded("B"))
    .commit()
)


def _as_long_as_asked(ctx: StepContext) -> float:
    return float(ctx.get_step_result("A")["n"] + ctx.input_data["n"]) / 20


#: 254
computed_sleep = (
    create_workflow(id="o-computed-sleep")
    .then(recorded("A", _one_more))
    .sleep(asked("span", _as_long_as_asked))
    .then(recorded("B"))
    .commit()
)


def _when_asked(ctx: StepContext) -> datetime:
    return datetime.fromisoformat(ctx.input_data["until"])


#: 255
computed_moment = (
    create_workflow(id="o-computed-moment")
    .then(recorded("A"))
    .sleep_until(asked("moment", _when_asked))
    .then(recorded("B"))
    .commit()
)
no_waits = {
    "a past date": (
        create_workflow(id="o-past-date")
        .then(recorded("A"))
        .sleep_until(LONG_AGO)
        .then(recorded("B"))
        .commit()
    ),
    "a computed past date": (
        create_workflow(id="o-computed-past-date")
        .then(recorded("A"))
        .sleep_until(lambda ctx: LONG_AGO)
        .then(recorded("B"))
        .commit()
    ),
    "a negative time": (
        create_workflow(id="o-negative")
        .then(recorded("A"))
        .sleep(lambda ctx: -60)
        .then(recorded("B"))
        .commit()
    ),
    "no time": (
        create_workflow(id="o-zero").then(recorded("A")).sleep(0).then(recorded("B")).commit()
    ),
}

#: 256
observed_sleep = (
    create_workflow(id="o-observed").then(recorded("A")).sleep(1).then(recorded("B")).commit()
)

#: 258
long_sleep = (
    create_workflow(id="o-long")
    .then(recorded("A"))
    .sleep(timedelta(minutes=1))
    .then(recorded("B"))
    .commit()
)


def _told(value: Any, ctx: StepContext) -> Any:
    return {"a": value, "event": ctx.resume_data}


#: 262, 263
event = (
    create_workflow(id="o-event")
    .then(recorded("A", _one_more))
    .wait_for_event("go", recorded("S", _told))
    .then(recorded("Z"))
    .commit()
)
