"""The profile of the tests: real stores in a directory of their own, and short leases.

``DATABASE_URL`` and ``REDIS_URL`` are honoured.  Refuses to be eager, and to keep a database in
memory, where worker processes would not see it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# One directory for a test run and all its processes: the first one makes it and removes it, the
# others (pytest-xdist, Celery workers) inherit its name.  Each pytest-xdist worker has a part.
_DIRECTORY, _PART = "CELERIAC_TEST_DIR", os.environ.get("PYTEST_XDIST_WORKER", "")
if _DIRECTORY not in os.environ:
    os.environ[_DIRECTORY] = tempfile.mkdtemp(prefix="celeriac-tests-")
    atexit.register(shutil.rmtree, os.environ[_DIRECTORY], ignore_errors=True)
elif _PART and Path(os.environ[_DIRECTORY]).name != _PART:
    os.environ[_DIRECTORY] = str(Path(os.environ[_DIRECTORY]) / _PART)
    Path(os.environ[_DIRECTORY]).mkdir(exist_ok=True)
os.environ["STATE_DIR"] = os.environ[_DIRECTORY]

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import DATABASES, STATE_DIR, positive  # noqa: E402

SECRET_KEY = "only-for-tests-" + "0123456789abcdef" * 4
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LEASE_SECONDS: int = positive("LEASE_SECONDS", 3)
RESCUE_SECONDS: int = positive("RESCUE_SECONDS", 1)
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(STATE_DIR / "test.sqlite3")}
