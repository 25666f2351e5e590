"""Names of variables for nodes: what people call a node, made into a word that Python takes."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")
MAX_NAME_CHARS: Final = 40


class VariableNames:
    """Gives each name once, and none that means something else in the module."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}

    def new(self, node_id: str, name: object = None) -> str:
        """Return a name for the node ``node_id`` that people see as ``name``."""
        wanted = node_id
        if not _WORD.fullmatch(node_id) and isinstance(name, str) and _slug(name):
            wanted = name
        word = _slug(wanted) or "step"
        if not _WORD.fullmatch(word):
            word = f"step_{word}"
        word = word[:MAX_NAME_CHARS].rstrip("_") or "step"
        chosen, number = word, 2
        while chosen in self._taken:
            chosen, number = f"{word}_{number}", number + 1
        self._taken.add(chosen)
        return chosen


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
