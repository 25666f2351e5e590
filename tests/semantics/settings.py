"""The profile of the workers that tell scenarios: the tests' own, and the scenarios' workflows."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [*_INSTALLED_APPS, "tests.semantics.workflows"]
