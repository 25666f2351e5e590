"""How to reach Composio.  Refuses an address or a key that could not work or would leak.

The environment is read elsewhere; whoever starts the process passes this object in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

DEFAULT_BASE_URL = "https://backend.composio.dev/api"

#: Toolkits that act without an account of the user.  Composio's own meta tools are left out on
#: purpose: one of them can run any other action, past every check made here.
DEFAULT_NO_AUTH_TOOLKITS = frozenset(
    {"browser_tool", "codeinterpreter", "composio_search", "hackernews", "text_to_pdf"}
)

# A key with a line break in it would be quoted back by the HTTP library's error message.
_KEY = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposioSettings:
    """Where Composio is, who we are there, and which of its two protocols to speak.

    Raises:
        ValueError: if a value could not work; the message never holds the key.
    """

    api_key: str = field(repr=False)
    """Empty means that Composio is not set up: every action then fails with that advice."""

    base_url: str = DEFAULT_BASE_URL
    """Ends in ``/api``; v3 accepts the bare host as well."""

    api: Literal["v2", "v3"] = "v2"
    state_dir: Path = Path("var/composio")
    """A directory of our own: the v2 library insists on keeping files."""

    timeout_seconds: float = 60.0
    """For one action with its account check; a step's own limit wins when it is shorter."""

    no_auth_toolkits: frozenset[str] = DEFAULT_NO_AUTH_TOOLKITS

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        # Reading the port raises when it is no number.
        if url.scheme not in ("http", "https") or not url.hostname or url.port == 0:
            raise ValueError("COMPOSIO_BASE_URL must be an http(s) address")
        if url.username is not None or url.query or url.fragment:
            raise ValueError("COMPOSIO_BASE_URL must have no user, query or fragment")
        if self.api not in ("v2", "v3"):
            raise ValueError(f"COMPOSIO_API must be 'v2' or 'v3', not {self.api!r}")
        if self.api == "v2" and not url.path.rstrip("/").endswith("/api"):
            raise ValueError(f"COMPOSIO_BASE_URL must end in '/api' for v2, not {url.path!r}")
        if not _KEY.fullmatch(self.api_key):
            raise ValueError("COMPOSIO_API_KEY must be printable ASCII without spaces")
        if not self.timeout_seconds > 0:
            raise ValueError(f"timeout_seconds must be above zero, not {self.timeout_seconds!r}")

    @property
    def root_url(self) -> str:
        """The address up to and without ``/api``, no slash at its end."""
        return self.base_url.rstrip("/").removesuffix("/api").rstrip("/")
