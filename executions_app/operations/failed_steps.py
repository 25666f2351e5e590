"""Which runs of an execution that failed are to blame, and which of them somebody means.  Reads
only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from executions_app.engine.progress import holders, path_of
from executions_app.engine.reopening import broken, keeps_progress
from executions_app.engine.statuses import ExecutionStatus
from executions_app.operations.reopen import Site, nested_in
from executions_app.recording.frame import Frame
from workflows_app.language.plan import REPEATED, NodeKind, face_of, indexes_of, key_of, node_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in a family: the runs of nested workflows around it, and itself."""

    levels: tuple[tuple[Frame, str], ...] = ()

    def inside(self, frame: Frame, key: str) -> Place:
        """Return the place of the run ``key`` of ``frame``, whose surroundings this is."""
        return Place((*self.levels, (frame, key)))

    def below(self, around: Place) -> Place | None:
        """Return the rest of the way from ``around``, or ``None`` if it does not lead there."""
        depth = len(around.levels)
        return Place(self.levels[depth:]) if self.levels[:depth] == around.levels else None

    @property
    def name(self) -> str:
        """The ids on the way down, joined by dots: what people call the step."""
        return ".".join(self.ids)

    @property
    def ids(self) -> list[str]:
        return [face_of(node_of(key)) for _, key in self.levels]

    @property
    def key_name(self) -> str:
        """The name with the rounds in which the run is."""
        return ".".join(_face(key) for _, key in self.levels)

    def holds(self, other: Place) -> bool:
        """Whether ``other`` is a run inside this one."""
        *around, (frame, key) = self.levels
        *same, (_, inner) = other.levels[: len(self.levels)]
        held = {holder.key for holder in holders(frame.plan, inner)}
        return around == same and (key in held or (key == inner and other != self))

    def is_meant_by(self, step: StepName) -> bool:
        """Whether ``step`` names this run, or something around it."""
        wanted = parts_of(step)
        return any(_begins(form, wanted) for form in (*self._forms(), *self._ways_down()))

    def is_named_by(self, step: StepName) -> bool:
        """Whether ``step`` names this very run."""
        wanted = ".".join(parts_of(step))
        return any(".".join(form) == wanted for form in self._forms())

    def _forms(self) -> list[list[str]]:
        """Return the ways to write the place: ids, keys with their rounds, and ids and rounds."""
        whole = [str(part) for frame, key in self.levels for part in path_of(frame.plan, key)]
        return [self.ids, [_face(key) for _, key in self.levels], whole]

    def _ways_down(self) -> Iterator[list[str]]:
        """Yield the ids and rounds from each container around the outermost run down to the run."""
        parts, starts = [], []
        for depth, (frame, key) in enumerate(self.levels):
            for holder in reversed(list(holders(frame.plan, key))):
                starts += [] if depth else [len(parts)]
                parts.append(holder.node.id)
                parts += [holder.label] if holder.node.kind in REPEATED else []
            parts.append(face_of(node_of(key)))
        for start in starts:
            yield parts[start:]


#: Where a root stands.
NOWHERE = Place()

#: A step as callers name it: an id, a dotted path, or a list of ids, rounds and objects with an id.
StepName = Any


def parts_of(step: StepName) -> list[str]:
    """Return the parts of a step's name as texts; a dotted text is one part."""
    parts = step if isinstance(step, list | tuple) else [step]
    return [str(part) if isinstance(part, str | int) else str(part.id) for part in parts]


def name_of(step: StepName) -> str:
    """Return how a step's name is written in one text."""
    return ".".join(parts_of(step))


#: Tells whether a run is among those that somebody means.
Choice = Callable[[Place], bool]


def choice_of(frame: Frame, step: StepName) -> Choice:
    """Return what ``step`` chooses as seen from ``frame``, in it and inside it; ``None`` is all."""
    around = _surroundings(frame)

    def is_chosen(place: Place) -> bool:
        inner = place.below(around)
        return inner is not None and (step is None or inner.is_meant_by(step))

    return is_chosen


def named_by(frame: Frame, step: StepName) -> Choice:
    """Return which run ``step`` names as seen from ``frame``, in it or inside it."""
    around = _surroundings(frame)

    def is_chosen(place: Place) -> bool:
        inner = place.below(around)
        return inner is not None and bool(inner.levels) and inner.is_named_by(step)

    return is_chosen


def failed_site(
    frame: Frame,
    is_chosen: Choice,
    *,
    around: Place = NOWHERE,
    within: str = "",
    held: bool = False,
) -> tuple[Site, list[Place]]:
    """Return what of ``frame`` is done again so that it can go on, and the places of all runs that
    are to blame, chosen or not.

    ``around`` is where ``frame`` stands; ``within`` a container run, where ``held`` takes those
    along that have not settled.
    """
    frame.load_all()
    site, places = Site(frame), []
    for key in broken(frame.plan, frame.state, within=within, held=held):
        place = around.inside(frame, key)
        nested = _nested_that_failed(frame, key)
        if nested is not None:
            inner, deeper = failed_site(nested, is_chosen, around=place)
            places += deeper or [place]
            if inner.keys or (not deeper and is_chosen(place)):
                site.keys.append(key)
                site.inside[key] = inner
            continue
        places.append(place)
        if is_chosen(place):
            site.keys.append(key)
            if keeps_progress(frame.plan, frame.state, key):
                site.keeps.add(key)
    return site, places


def _nested_that_failed(frame: Frame, key: str) -> Frame | None:
    if frame.plan.by_id[node_of(key)].kind is not NodeKind.WORKFLOW:
        return None
    nested = nested_in(frame, key)
    stopped = (ExecutionStatus.FAILED, ExecutionStatus.CANCELLED)
    return nested if nested is not None and nested.state.status in stopped else None


def _face(key: str) -> str:
    return key_of(face_of(node_of(key)), indexes_of(key))


def _begins(form: Sequence[str], wanted: Sequence[str]) -> bool:
    said, meant = ".".join(form), ".".join(wanted)
    return said == meant or said.startswith(f"{meant}.")


def _surroundings(frame: Frame) -> Place:
    if frame.execution.parent_id is None:
        return NOWHERE
    outer = frame.recording.frame(frame.execution.parent_id)
    return _surroundings(outer).inside(outer, frame.execution.parent_key)
