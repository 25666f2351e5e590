"""The vocabulary of workflows: what can be put after what.  Spells definitions, runs nothing.

Every method but those that begin with an underscore adds one entry at the end and returns the flow,
so that calls can be chained.  Every entry takes the options that any node may have
(:class:`~workflows_app.authoring.spelling.NodeOptions`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack

from workflows_app.authoring.datatypes import data_type
from workflows_app.authoring.sources import AnySource, SourceFields
from workflows_app.authoring.spelling import (
    Condition,
    Duration,
    Moment,
    NodeOptions,
    condition_json,
    duration_json,
    fields_json,
    moment_json,
    seconds,
    source_json,
)
from workflows_app.authoring.writing import Anything, Writer, entry
from workflows_app.language.plan import BODY_SUFFIX

OnDeadline = Literal["fail", "skip", "approve", "reject"]


class Flow(Writer):
    """A graph of steps, written from its beginning to its end."""

    # -- steps ----------------------------------------------------------------------------------

    @entry
    def then(self, step: Anything) -> None:
        """Run ``step`` after everything so far, with its output."""
        self._follow([self._piece(step)])

    @entry
    def parallel(self, steps: Sequence[Anything]) -> None:
        """Run ``steps`` side by side, each with the same input.

        What follows receives a mapping of their outputs by step id, also when there is one.
        """
        if not steps:
            raise ValueError("parallel() needs at least one step")
        self._follow([self._piece(step) for step in steps], is_block=True)

    @entry
    def graph(self, needs: Mapping[Any, Sequence[Anything]]) -> None:
        """Run any acyclic graph: each step after the steps it needs.

        A step that needs none runs after everything so far.  A step with one need receives its
        output, with several a mapping by step id.  A circle is reported by ``commit()``.

        Raises:
            ValueError: if a needed step is not itself a key.
        """
        if not needs:
            raise ValueError("graph() needs at least one step")
        pieces = {step: self._piece(step) for step in needs}
        for step, needed in needs.items():
            for need in needed:
                if need not in pieces:
                    raise ValueError(
                        f"{getattr(step, 'id', step)!r} needs {getattr(need, 'id', need)!r}, "
                        "which is not a key of the graph"
                    )
                self._edges.extend(
                    (earlier, later["id"])
                    for earlier in pieces[need].exits
                    for later in pieces[step].entries
                )
        left = {earlier for earlier, _ in self._edges}
        ends = [piece for piece in pieces.values() if left.isdisjoint(piece.exits)]
        self._follow([pieces[step] for step, needed in needs.items() if not needed])
        self._tail = tuple(exit_ for piece in ends for exit_ in piece.exits)

    @entry
    def map(
        self,
        mapping: Callable[..., Any] | SourceFields,
        *,
        id: str | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Make a new value: by a callable that takes one context, or field by field."""
        node_id = self._sheet.claim_or_number(id, kind="mapping")
        fields: dict[str, Any] = {"type": "map"}
        if isinstance(mapping, Mapping):
            fields["fields"] = fields_json(mapping, self._sheet, node_id)
        else:
            made = source_json(mapping, self._sheet, node_id)
            if "code" not in made:
                raise TypeError("map() takes a callable, or a mapping of fields to sources")
            fields |= made
        self._follow([self._node(node_id, fields, options)])

    # -- containers -----------------------------------------------------------------------------

    @entry
    def branch(
        self,
        arms: Sequence[tuple[Condition, Anything]],
        *,
        mode: Literal["all", "first"] = "all",
        id: str | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Run every step whose condition holds, side by side; with ``mode="first"`` only the first.

        Conditions are CEL or callables and see what the branch received.  What follows receives a
        mapping of the outputs of the arms that ran.
        """
        if not arms:
            raise ValueError('branch() needs at least one arm: branch([("input.n > 1", step)])')
        node_id = self._sheet.claim_or_number(id, kind="branch")
        cases = []
        for number, (condition, step) in enumerate(arms, start=1):
            case_id = getattr(step, "id", None) or f"case_{number}"
            when = condition_json(condition, self._sheet, f"{node_id}/{case_id}")
            cases.append({"id": case_id, "when": when, "body": self._body(step)})
        fields = {"type": "branch", "mode": mode, "cases": cases}
        self._follow([self._node(node_id, fields, options)])

    @entry
    def dowhile(
        self,
        step: Anything,
        condition: Condition,
        *,
        id: str | None = None,
        max_iterations: int | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Run ``step``, then again with its own output for as long as ``condition`` holds.

        In the condition ``input`` is the step's output and ``iteration`` counts from 1.
        """
        self._loop("while", step, condition, id, max_iterations, options)

    @entry
    def dountil(
        self,
        step: Anything,
        condition: Condition,
        *,
        id: str | None = None,
        max_iterations: int | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Run ``step``, then again with its own output until ``condition`` holds."""
        self._loop("until", step, condition, id, max_iterations, options)

    @entry
    def foreach(
        self,
        step: Anything,
        *,
        concurrency: int | AnySource = 1,
        items: AnySource | None = None,
        id: str | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Run ``step`` once for each item of the list received, ``concurrency`` at a time.

        ``items`` makes another list.  The outputs are handed on in the order of the items.
        """
        node_id = self._sheet.claim_or_number(id or getattr(step, "id", None), kind="foreach")
        fields: dict[str, Any] = {"type": "foreach"}
        if items is not None:
            fields["items"] = source_json(items, self._sheet, f"{node_id}/items")
        fields["concurrency"] = (
            concurrency
            if isinstance(concurrency, int)
            else source_json(concurrency, self._sheet, f"{node_id}/concurrency")
        )
        fields["body"] = self._body(step, node_id=node_id + BODY_SUFFIX)
        self._follow([self._node(node_id, fields, options)])

    # -- waiting --------------------------------------------------------------------------------

    @entry
    def sleep(
        self, span: Duration, *, id: str | None = None, **options: Unpack[NodeOptions]
    ) -> None:
        """Wait for ``span``, in seconds or as a ``timedelta``, and hand on what was received."""
        node_id = self._sheet.claim_or_number(id, kind="sleep")
        value = duration_json(span, self._sheet, f"{node_id}/seconds")
        self._follow([self._node(node_id, {"type": "sleep", "seconds": value}, options)])

    @entry
    def sleep_until(
        self, moment: Moment, *, id: str | None = None, **options: Unpack[NodeOptions]
    ) -> None:
        """Wait until ``moment``, an aware time, and hand on what was received."""
        node_id = self._sheet.claim_or_number(id, kind="sleep")
        value = moment_json(moment, self._sheet, f"{node_id}/at")
        self._follow([self._node(node_id, {"type": "sleep_until", "at": value}, options)])

    @entry
    def wait_for_event(
        self,
        event: str,
        step: Anything | None = None,
        *,
        id: str | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Wait for ``event``, then run ``step`` with the event's data as its resume data.

        Without a step the event's data is handed on.  ``timeout`` bounds the wait.
        """
        node_id = self._sheet.claim_or_number(id or getattr(step, "id", None), kind="wait")
        fields: dict[str, Any] = {"type": "wait_for_event", "event": event}
        if step is not None:
            fields["body"] = self._body(step, node_id=node_id + BODY_SUFFIX)
        self._follow([self._node(node_id, fields, options)])

    @entry
    def approval(
        self,
        id: str,
        *,
        title: str | AnySource,
        form: Any = None,
        context: SourceFields | None = None,
        assignees: Sequence[str] = (),
        deadline: Duration | None = None,
        on_deadline: OnDeadline = "fail",
        reminder: Duration | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """Ask a person, and hand on what they answered.

        ``form`` is the schema of the answer; ``context`` is what the person is shown;
        ``assignees`` are user names or ``group:`` and a group's name.
        """
        node_id, sheet = self._sheet.claim(id), self._sheet
        fields: dict[str, Any] = {
            "type": "approval",
            "title": (
                title if isinstance(title, str) else source_json(title, sheet, f"{node_id}/title")
            ),
            "form": data_type(form).json_schema,
            "context": context and fields_json(context, sheet, f"{node_id}/context"),
            "assignees": list(assignees) or None,
            "deadline": (
                None if deadline is None else duration_json(deadline, sheet, f"{node_id}/deadline")
            ),
            "on_deadline": None if on_deadline == "fail" else on_deadline,
            "reminder": seconds(reminder),
        }
        spelled = {key: value for key, value in fields.items() if value is not None}
        self._follow([self._node(node_id, spelled, options)])

    @entry
    def bail(
        self,
        result: AnySource | SourceFields | None = None,
        *,
        id: str | None = None,
        **options: Unpack[NodeOptions],
    ) -> None:
        """End the workflow here with ``result``; without one, with what was received.

        In a body, only the arm, the round or the item that comes here ends the workflow.
        """
        node_id = self._sheet.claim_or_number(id, kind="bail")
        fields: dict[str, Any] = {"type": "bail"}
        if isinstance(result, Mapping):
            fields["result"] = fields_json(result, self._sheet, node_id)
        elif result is not None:
            fields["result"] = source_json(result, self._sheet, f"{node_id}/result")
        self._follow([self._node(node_id, fields, options)])

    # -- inside ---------------------------------------------------------------------------------

    def _loop(
        self,
        kind: str,
        step: Anything,
        condition: Condition,
        id: str | None,
        max_iterations: int | None,
        options: NodeOptions,
    ) -> None:
        node_id = self._sheet.claim_or_number(id, kind="loop")
        fields: dict[str, Any] = {
            "type": "loop",
            kind: condition_json(condition, self._sheet, node_id),
        }
        if max_iterations is not None:
            fields["max_iterations"] = max_iterations
        fields["body"] = self._body(step)
        self._follow([self._node(node_id, fields, options)])
