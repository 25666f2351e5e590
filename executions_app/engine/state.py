"""What an execution is, as a value.

A state may be partial: the journal loads the nodes around what changed and nothing else.  A node
that is absent is pending and has met none of its needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rpds import HashTrieMap

from executions_app.engine.progress import Progress
from executions_app.engine.statuses import ExecutionStatus, NodeStatus


@dataclass(frozen=True, slots=True)
class NodeState:
    status: NodeStatus = NodeStatus.PENDING
    met: int = 0
    """How many of its needs have settled well."""
    attempt: int = 1
    """The current try, or the last one."""
    is_timed: bool = False
    """Whether what it waits for ends at some moment, come what may."""
    progress: Progress | None = None
    """Of a container that has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionState:
    status: ExecutionStatus = ExecutionStatus.PENDING
    live: int = 0
    """How many nodes are scheduled, running or waiting for a retry; open containers aside."""
    timers: int = 0
    """How many wait for something that ends by itself."""
    listeners: int = 0
    """How many wait for an event without end."""
    suspended: int = 0
    """How many wait for an answer."""
    containers: int = 0
    """How many containers are open."""
    doomed: int = 0
    """How many of these hold a failure, or a bail, that is not theirs yet."""
    failed_position: int | None = None
    """The place in the document of the first node, by that order, that failed for good."""
    bailed_position: int | None = None
    """The place of the first node that ended the workflow early."""
    stopping: str | None = None
    """Why nothing new starts: ``cancel``, ``timeout``, or ``None``."""
    begun: int = 0
    """How many runs were scheduled since it was started or opened again."""
    stepping: int = 0
    """1 when it is to pause after one step, 2 once that step has settled."""
    nodes: HashTrieMap[str, NodeState] = field(default_factory=HashTrieMap)
    """By key.  A persistent map, so that a fact costs the same however many nodes there are."""

    def node(self, key: str) -> NodeState:
        """Return the node's state; an absent node is pending and has met no need."""
        return self.nodes.get(key, UNTOUCHED)

    @property
    def is_doomed(self) -> bool:
        """Whether it will fail, or end early, once everything beside that has settled."""
        return self.failed_position is not None or self.bailed_position is not None


UNTOUCHED = NodeState()
