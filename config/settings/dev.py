"""One machine, nothing to configure: the profile of ``make up``.  Refuses no missing variable."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.base import FLOWER_PASSWORD, SECRET_KEY, STATE_DIR
from config.settings.generated_key import generated_key

STATE_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
SECRET_KEY = SECRET_KEY or generated_key(STATE_DIR / "secret_key")
FLOWER_PASSWORD = FLOWER_PASSWORD or generated_key(STATE_DIR / "flower_password", random_bytes=15)
#: Static files are served from the applications, so that nothing has to be collected first.
WHITENOISE_USE_FINDERS = True
#: The web UI may be built again while the server runs.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = None
