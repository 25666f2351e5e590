"""How far a container has come: which bodies it has open, and what they came to.  Pure folding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rpds import HashTrieMap

from workflows_app.language.plan import (
    REPEATED,
    Plan,
    PlanNode,
    face_of,
    indexes_of,
    key_of,
    node_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The part of a container's state that its bodies change.  Never grows with the rounds."""

    open: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    """Body id, or number of the round -> how many of its nodes have begun and not settled."""
    todo: tuple[str, ...] = ()
    """Bodies that are to be opened."""
    next: int = 0
    """Rounds begun."""
    total: int = 0
    """Rounds to make: of a foreach its items; of a loop those decided so far."""
    done: int = 0
    """Rounds settled."""
    concurrency: int = 1
    held: int = 0
    """How many runs inside, however deep, wait for an answer or an event without end."""
    assured: int = 0
    """Rounds below this number begin whatever is held; below ``concurrency`` they always do."""
    failed: str = ""
    """The first run inside, in the order of the document, that failed for good."""
    bailed: str = ""
    """The first run inside that ends the workflow."""

    @property
    def is_doomed(self) -> bool:
        """Whether the container will not go on to its regular end."""
        return bool(self.failed or self.bailed)

    @property
    def has_room(self) -> bool:
        """Whether another round may begin now."""
        if self.is_doomed or self.next >= self.total or len(self.open) >= self.concurrency:
            return False
        return self.may_begin(self.next)

    def may_begin(self, index: int) -> bool:
        """Whether nothing that is held holds up the round ``index``.

        As many as may be at work at once are begun all, at first and whenever everything that was
        held goes on; after that a round that is held holds up the others.
        """
        return not self.held or index < max(self.concurrency, self.assured)

    def holding(self, change: int) -> Progress:
        """Return this with ``change`` more runs held."""
        held = self.held + change
        goes_on = change < 0 and held == 0
        assured = self.next + self.concurrency if goes_on else self.assured
        return replace(self, held=held, assured=assured)


@dataclass(frozen=True, slots=True)
class Holder:
    """The container around a run."""

    node: PlanNode
    key: str
    label: str
    """Under which of ``Progress.open`` the run counts."""


def holders(plan: Plan, key: str) -> Iterator[Holder]:
    """Yield the containers around the run ``key``, the nearest first."""
    node = plan.by_id[node_of(key)]
    indexes = indexes_of(key)
    while node.body:
        body, node = node.body, plan.container[node.body]
        label = body
        if node.kind in REPEATED:
            indexes, label = indexes[:-1], str(indexes[-1])
        yield Holder(node, key_of(node.id, indexes), label)


def holder_of(plan: Plan, key: str) -> Holder | None:
    """Return the nearest container around the run ``key``, or ``None`` at the top."""
    return next(holders(plan, key), None)


def path_of(plan: Plan, key: str) -> list[str | int]:
    """Return the way to the run ``key`` inside its execution: ids, and indexes of rounds."""
    path: list[str | int] = []
    for holder in holders(plan, key):
        if holder.node.kind in REPEATED:
            path[:0] = [holder.node.id, int(holder.label)]
    node_id = node_of(key)
    face = face_of(node_id)
    if face != node_id and path and path[-2:-1] == [face]:
        return path
    return [*path, node_id]


def order_of(plan: Plan, key: str) -> tuple[tuple[int, ...], int]:
    """Return where ``key`` stands among the runs of one container: by round, then by place."""
    return indexes_of(key), plan.position[node_of(key)]


def begun(progress: Progress, label: str, node: PlanNode) -> Progress:
    """Return ``progress`` after a body that counts under ``label`` began."""
    if node.kind in REPEATED:
        return replace(progress, next=max(progress.next, int(label) + 1))
    return replace(progress, todo=tuple(body for body in progress.todo if body != label))


def counted(progress: Progress, label: str, change: int) -> Progress:
    """Return ``progress`` with ``change`` more unsettled nodes in the body ``label``."""
    return replace(progress, open=progress.open.insert(label, progress.open.get(label, 0) + change))


def closed(progress: Progress, index: int) -> Progress:
    """Return ``progress`` after the round ``index`` has settled."""
    label = str(index)
    left = progress.open.remove(label) if label in progress.open else progress.open
    return replace(progress, open=left, done=progress.done + 1)


def unclosed(progress: Progress, label: str) -> Progress:
    """Return ``progress`` before the body that counts under ``label`` had settled."""
    if label in progress.open:
        return progress
    return replace(progress, open=progress.open.insert(label, 0), done=max(0, progress.done - 1))


def earlier(plan: Plan, first: str, second: str) -> str:
    """Return the one of two runs of a container that stands first; either may be empty."""
    named = [key for key in (first, second) if key]
    return min(named, key=lambda key: order_of(plan, key), default="")
