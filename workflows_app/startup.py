"""Run once, when Django is ready."""

from __future__ import annotations


def install() -> None:
    pass
