"""The profile of an installation under faults: a server's own, with the leases of the tests and the
steps that are run.  Refuses to share anything with another installation: ``STATE_DIR`` must be set.
"""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS as _INSTALLED_APPS
from config.settings.base import positive

SECRET_KEY = "only-for-chaos-" + "0123456789abcdef" * 4
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [*_INSTALLED_APPS, "tests.chaos.app.Steps"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LEASE_SECONDS: int = positive("LEASE_SECONDS", 4)
RESCUE_SECONDS: int = positive("RESCUE_SECONDS", 1)
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = None
