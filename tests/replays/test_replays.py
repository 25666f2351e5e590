"""The recorded logs are what executions do today, and Python's fold of them is as written there."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

import pytest

from executions_app.engine.events import EVENT_TYPES
from executions_app.operations.audit import differences
from tests.replays import replay
from tests.replays.recorder import recorder
from tests.replays.stories import STORIES

pytestmark = pytest.mark.django_db(transaction=True)


@cache
def stored() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in replay.FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_is_written_down(name: str) -> None:
    with recorder() as told:
        STORIES[name](told)

        assert differences(told.id) == []
        written, path = replay.dumped(replay.replay_of(told)), replay.path_of(name)
    if "REPLAYS_WRITE" in os.environ:
        path.write_text(written, encoding="utf-8")
    # Not the texts: PostgreSQL keeps the members of an object in an order of its own.
    kept, told_now = json.loads(path.read_text(encoding="utf-8")), json.loads(written)
    assert kept == told_now, "run python -m tests.replays.record --write"


def test_there_is_a_file_for_each_story_and_no_other() -> None:
    assert stored().keys() == STORIES.keys()


def test_every_event_occurs_in_some_story() -> None:
    told = {event["type"] for it in stored().values() for event in it["events"]}

    assert set(EVENT_TYPES) - told == set()
