"""Taking secrets out of text that others wrote.  Refuses to pass long text on whole."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

REDACTED = "[redacted]"

#: Long enough for a sentence of theirs, too short for a page or a dump.
MAX_TEXT = 500

# Their messages sometimes quote the failing request of the service behind them.
_CREDENTIAL = re.compile(
    r"""(?ix)
    ( \b(?:bearer|basic)\s+
    | \b(?:x-)?(?:api|access|refresh|client|secret)[-_ ]?(?:key|token|secret)["']?\s*[:=]\s*["']?
    | \b(?:authorization|cookie|password)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?
    )
    [^\s"',;&}]{4,}
    """
)


class Redactor:
    """Removes one API key, in the spellings it may come back in, and whatever looks like one."""

    def __init__(self, api_key: str) -> None:
        self._spellings: tuple[str, ...] = ()
        if api_key:
            encoded = base64.b64encode(api_key.encode()).decode()
            self._spellings = (api_key, quote(api_key, safe=""), encoded, encoded.rstrip("="))

    def clean(self, text: object) -> str:
        """Return ``text`` without secrets, at most ``MAX_TEXT`` characters of it."""
        cleaned = str(text)
        for spelling in self._spellings:
            cleaned = cleaned.replace(spelling, REDACTED)
        cleaned = _CREDENTIAL.sub(lambda found: found.group(1) + REDACTED, cleaned)
        return cleaned if len(cleaned) <= MAX_TEXT else cleaned[: MAX_TEXT - 1] + "…"
