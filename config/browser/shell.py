"""The page that loads the web UI.  Refuses inline scripts, and to be anything but an empty shell:
what it shows comes over the API, to whoever may see it.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from config.browser.bundle import assets
from config.security_headers import CONTENT_SECURITY_POLICY

#: The first parts of the addresses that the UI has pages for; ``editor/src/app/routes.tsx``.
PAGES = ("login", "workflows", "executions", "inbox", "schedules", "connections", "settings")
PATTERN = rf"^(?:(?:{'|'.join(PAGES)})(?:/.*)?)?$"
THEMES = ("light", "dark")


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Return the page; without a bundle, one that says which command makes it."""
    found = assets()
    if found is None:
        return render(request, "config/no_bundle.html", status=503)
    theme = request.COOKIES.get("theme", "")
    nonce = secrets.token_urlsafe(16)
    response = render(
        request,
        "config/shell.html",
        {"assets": found, "nonce": nonce, "theme": theme if theme in THEMES else ""},
    )
    # Libraries add style sheets of their own at run time; the nonce is their permission.
    response["Content-Security-Policy"] = (
        f"{CONTENT_SECURITY_POLICY}; script-src 'self'; style-src 'self' 'nonce-{nonce}'"
    )
    response["Cache-Control"] = "no-cache, private"
    return response
