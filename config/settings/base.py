"""What all profiles share.  Refuses to know which profile it serves: those differ on top of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from config.logging import logging_config
from config.settings.addresses import broker_url, database, email, embedded_redis_url
from config.settings.environment import between, env, given, one_of, positive
from config.settings.limits import (
    definition_limits,
    execution_limits,
    json_limits,
    value_storage,
    value_storage_above,
)

BASE_DIR = Path(__file__).resolve().parents[2]
#: Everything the project writes on this machine: database, embedded Redis, logs, generated keys.
STATE_DIR = Path(given("STATE_DIR", str(BASE_DIR / "var"))).resolve()

# --- stores ------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": database(given("DATABASE_URL", f"sqlite:///{STATE_DIR / 'celeriac.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Empty when nobody named a server: then ``manage.py up`` brings one.
REDIS_URL_GIVEN: str = env("REDIS_URL")
REDIS_URL: str = REDIS_URL_GIVEN or embedded_redis_url(STATE_DIR)
BROKER_URL: str = broker_url(given("BROKER_URL", REDIS_URL))

# --- applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.CompositionRoot",
    "workflows_app",
    "executions_app",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_eventstream",
]
MIDDLEWARE = [
    "config.request_size.RequestSizeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.security_headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.slashes.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_root"
#: The bundle's files carry a digest of their content in their names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/editor/assets/"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING_CONFIG = "logging.config.dictConfig"
# Mail goes to standard output until somebody names a server.
vars().update(email(given("EMAIL_URL", "consolemail://")))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env("DEFAULT_FROM_EMAIL")
LOGGING = logging_config(env("LOG_LEVEL"))

# --- web and its protection --------------------------------------------------------------------
SECRET_KEY: str = env("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env("SECRET_KEY_FALLBACKS")
DEBUG: bool = env("DEBUG")
HOST: str = env("HOST")
PORT: int = env("PORT")
ALLOWED_HOSTS: list[str] = given("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE: int = positive("MAX_BODY_BYTES")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
#: Production turns this on: any error of ``config.checks`` then keeps every process from starting.
REFUSE_UNSAFE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The token comes first: its challenge makes a request without credentials a 401, not a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workflows_app.api.token_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workflows_app.api.json_parser.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "workflows_app.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Token",
    "TOKEN_TTL": timedelta(days=positive("TOKEN_DAYS")),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Celeriac",
    "DESCRIPTION": "Durable workflows rooted in Celery.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- executions --------------------------------------------------------------------------------
#: A worker that has not renewed its claim for this long has lost it.
LEASE_SECONDS: int = positive("LEASE_SECONDS", 15)
#: A message that nobody claimed for this long counts as lost and is sent again.
RESCUE_SECONDS: int = positive("RESCUE_SECONDS", 5)
#: So long a step whose code a worker lacks waits for another that has it, as while a new release
#: is rolled out.
UNKNOWN_STEP_GRACE_SECONDS: int = positive("UNKNOWN_STEP_GRACE_SECONDS")
WORKFLOW_QUEUES: list[str] = env("WORKFLOW_QUEUES")
WORKER_POOL: str = one_of("WORKER_POOL", ("threads", "prefork", "solo"))
WORKER_CONCURRENCY: int = positive("WORKER_CONCURRENCY")
#: So long a worker that is asked to end lets its steps run on; then it gives them back.
WORKER_STOP_SECONDS: int = positive("WORKER_STOP_SECONDS")
FLOWER_PORT: int = env("FLOWER_PORT")
FLOWER_USER: str = env("FLOWER_USER")
FLOWER_PASSWORD: str = env("FLOWER_PASSWORD")

#: Who may listen to a channel; the library's own default lets everybody.
EVENTSTREAM_CHANNELMANAGER_CLASS = "executions_app.streaming.channels.ExecutionChannels"

# --- limits ------------------------------------------------------------------------------------
LIMITS = execution_limits()
DEFINITION_LIMITS = definition_limits()
JSON_LIMITS = json_limits()
#: Larger values are kept in files; 0 for none.
VALUE_STORAGE_ABOVE_BYTES: int = value_storage_above()
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "celeriac-values": value_storage(STATE_DIR),
}

# --- connectors --------------------------------------------------------------------------------
COMPOSIO_API_KEY: str = env("COMPOSIO_API_KEY")
COMPOSIO_BASE_URL: str = env("COMPOSIO_BASE_URL")
COMPOSIO_API: str = one_of("COMPOSIO_API", ("v2", "v3"))
#: ``host:port`` pairs that HTTP steps may reach although the address is private.
HTTP_TOOL_ALLOW: list[str] = env("HTTP_TOOL_ALLOW")
HTTP_TOOL_SECONDS: int = between("HTTP_TOOL_SECONDS", 1, 600)
HTTP_TOOL_MAX_BYTES: int = between("HTTP_TOOL_MAX_BYTES", 1_024, 50_000_000)
HTTP_TOOL_MAX_REDIRECTS: int = between("HTTP_TOOL_MAX_REDIRECTS", 1, 20, or_zero=True)
