"""How statuses, times and JSON look in the admin.  Refuses to mark anything as safe HTML that it
did not format itself: data is always escaped text.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

#: Longer JSON is cut on a page; nobody reads more, and browsers stall.
PAGE_CHARS = 200_000
NOTHING = "—"


def badge(status: str, *, label: str = "") -> SafeString:
    """Return ``status`` as a coloured word; ``label`` is shown instead where it is given."""
    return format_html(
        '<span class="wf-badge wf-{status}">{label}</span>', status=status, label=label or status
    )


def json_text(value: Any, *, max_chars: int = PAGE_CHARS) -> str:
    """Return ``value`` as indented JSON, cut after ``max_chars``; plain text, not HTML."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    if len(text) <= max_chars:
        return text
    return f"{text[:max_chars]}\n… cut: {len(text):,} characters in all"


def duration_text(duration: timedelta | None) -> str:
    """Return ``duration`` in the two largest units that say something, ``—`` for none."""
    if duration is None:
        return NOTHING
    seconds = max(duration.total_seconds(), 0)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def url_or_none(name: str, *args: Any, query: str = "") -> str | None:
    """Return the address of the view ``name``, or ``None`` where its app is not installed."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return None
