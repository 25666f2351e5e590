"""The profile that is measured: what a server runs with, plus the workflows of the benchmark."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS as _INSTALLED_APPS

SECRET_KEY = "only-for-benchmarks-" + "0123456789abcdef" * 4
INSTALLED_APPS = [*_INSTALLED_APPS, "tests.benchmarks.app"]
