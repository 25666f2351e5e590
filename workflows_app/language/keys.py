"""Keys: how one run of a node is named, inside loops and lists too.  Knows no plan.

A key is the node's id, and an index for each repeated container around it: ``charge[5][2]``.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Ends the id of a step that a builder put alone into a container named after it.
BODY_SUFFIX = ":body"


def face_of(node_id: str) -> str:
    """Return the id under which people know a node: ``charge`` for ``charge:body``."""
    return node_id.removesuffix(BODY_SUFFIX)


def node_of(key: str) -> str:
    """Return the node that ``key`` is a run of: ``charge`` of ``charge[5][2]``."""
    return key.partition("[")[0]


def indexes_of(key: str) -> tuple[int, ...]:
    """Return in which rounds of the containers around it the run ``key`` is, outermost first."""
    return tuple(int(part) for part in key.partition("[")[2].rstrip("]").split("][") if part)


def key_of(node_id: str, indexes: Sequence[int] = ()) -> str:
    """Return the key of a run of ``node_id``: its id, and an index for each repeated container
    around it, as in ``charge[5][2]``."""
    return node_id + "".join(f"[{index}]" for index in indexes)
