"""What the launcher says once everything runs: where to go, who to be, what to do next."""

from __future__ import annotations

from typing import Any

from config.embedded.first_admin import FirstAdmin


def welcome(settings: Any, new_admin: FirstAdmin | None) -> str:
    """Return the text; with ``new_admin``, the only sight of that account's password."""
    host = "localhost" if settings.HOST in {"127.0.0.1", "0.0.0.0", "::", "::1"} else settings.HOST  # noqa: S104
    site = f"http://{host}:{settings.PORT}"
    rows = [
        ("Celeriac", f"{site}/"),
        ("Admin", f"{site}/admin/"),
        ("API", f"{site}/api/docs/"),
    ]
    if settings.FLOWER_PORT:
        rows.append(("Flower", f"http://localhost:{settings.FLOWER_PORT}/"))
        password_file = settings.STATE_DIR / "flower_password"
        if password_file.exists() and password_file.read_text() == settings.FLOWER_PASSWORD:
            rows.append(("", f"user {settings.FLOWER_USER}, password in {password_file}"))
    if new_admin is not None:
        rows.append(("Sign in", f"user {new_admin.username}, password {new_admin.password}"))
        rows.append(("", "shown only now; `manage.py changepassword` sets another"))
    rows.append(("Logs", f"{settings.STATE_DIR / 'log'}"))
    lines = [f"  {name:<10}{text}" for name, text in rows]
    rule = "-" * max(map(len, lines))
    return "\n".join((rule, *lines, "", "  Ctrl-C stops everything; your data stays.", rule))
