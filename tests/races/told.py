"""All stories there are."""

from __future__ import annotations

from tests.races import answerers, answers, commands, conflicts, events, joins, stops
from tests.races.stories import STORIES

__all__ = ["STORIES", "answerers", "answers", "commands", "conflicts", "events", "joins", "stops"]
