"""The profile of a server.  Refuses to start with unsafe settings: see ``config.checks``."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.environment import env, given

REFUSE_UNSAFE = True
#: Nobody may be served by accident: hosts have no default here.
ALLOWED_HOSTS: list[str] = given("ALLOWED_HOSTS", [])

HTTPS_ONLY: bool = given("HTTPS_ONLY", True)
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
#: Probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
if env("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Tries to log in are counted here by all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,  # noqa: F405
        "KEY_PREFIX": "celeriac",
    }
}
