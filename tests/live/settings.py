"""The profile of the workers that live tests start: the tests' own, and their workflows."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [
    *_INSTALLED_APPS,
    "tests.live.broken_for_tests",
    "tests.live.workflows_for_tests",
]
