"""Breaks on import, as a deploy in a hurry does."""

raise RuntimeError("half a deploy")
