"""A module somebody broke."""

from __future__ import annotations

raise RuntimeError("this module is broken on purpose")
