"""The laws of the scheduler, over random plans, random fates and random orders of arrival."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from executions_app.engine.events import (
    Event,
    ExecutionStarted,
    ExecutionStopping,
    StepCancelled,
    StepRetrying,
    StepScheduled,
    StepStarted,
)
from executions_app.engine.evolve import evolve, replay
from executions_app.engine.outcomes import Broke, Succeeded, fact_of
from executions_app.engine.scheduler import advance
from executions_app.engine.state import ExecutionState
from executions_app.engine.statuses import FINAL, LIVE, NodeStatus
from tests.engine.plans import BROKEN, NOW, plans
from workflows_app.language.plan import Plan


@dataclass
class Story:
    """One execution, driven to its end in memory."""

    plan: Plan
    log: list[Event] = field(default_factory=list)
    state: ExecutionState = field(default_factory=ExecutionState)

    def add(self, *facts: Event) -> None:
        for fact in facts:
            self.state = evolve(self.plan, self.state, fact)
            self.log.append(fact)
        follow, self.state = advance(self.plan, self.state)
        self.log += follow

    def live(self) -> list[str]:
        return sorted(node_id for node_id, node in self.state.nodes.items() if node.status in LIVE)

    def finish_attempt(self, node_id: str, *, well: bool, may_retry: bool = True) -> None:
        node = self.state.node(node_id)
        begun = [StepStarted(node_id=node_id, started_at=NOW)]
        self.add(
            *(begun if node.status is NodeStatus.SCHEDULED else []),
            fact_of(
                Succeeded(output=None) if well else Broke(failure=BROKEN),
                self.plan.by_id[node_id],
                key=node_id,
                attempt=node.attempt,
                now=NOW,
                chance=0.5,
                may_retry=may_retry and self.state.stopping is None,
            ),
        )


def told(plan: Plan, data: st.DataObject, *, may_cancel: bool = False) -> Story:
    """Tell one random story of ``plan`` from start to end."""
    story = Story(plan)
    story.add(ExecutionStarted())
    for _ in range(200):
        if not story.live():
            return story
        if may_cancel and story.state.stopping is None and data.draw(st.integers(0, 9)) == 0:
            waiting = [
                node_id
                for node_id in story.live()
                if story.state.node(node_id).status is not NodeStatus.RUNNING
            ]
            story.add(
                ExecutionStopping(cause="cancel"),
                *(StepCancelled(node_id=node_id) for node_id in waiting),
            )
            continue
        story.finish_attempt(
            data.draw(st.sampled_from(story.live())), well=data.draw(st.booleans())
        )
    raise AssertionError("the execution never ends")


@given(plan=plans(), data=st.data())
def test_every_execution_ends_whatever_order_outcomes_arrive_in(
    plan: Plan, data: st.DataObject
) -> None:
    story = told(plan, data, may_cancel=True)

    assert story.state.status in FINAL
    assert story.state.live == 0


@given(plan=plans(), data=st.data())
def test_advancing_is_a_fixed_point_and_deterministic(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data)

    for cut in range(1, len(story.log) + 1):
        state = replay(plan, story.log[:cut])
        facts, after = advance(plan, state)
        assert advance(plan, state) == (facts, after)
        assert advance(plan, after) == ([], after)


@given(plan=plans(), data=st.data())
def test_replaying_the_log_gives_the_state(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data, may_cancel=True)

    assert replay(plan, story.log) == story.state


@given(plan=plans(), data=st.data())
def test_no_node_starts_before_its_needs_are_met(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data)

    for index, fact in enumerate(story.log):
        if isinstance(fact, StepScheduled):
            before = replay(plan, story.log[:index])
            node = plan.by_id[fact.node_id]
            settled_well = [
                need
                for need in node.needs
                if before.node(need).status in (NodeStatus.COMPLETED, NodeStatus.SKIPPED)
                or (
                    before.node(need).status is NodeStatus.FAILED
                    and plan.by_id[need].on_error == "continue"
                )
            ]
            assert len(settled_well) >= node.required


@given(plan=plans(), data=st.data())
def test_attempts_count_up_and_never_pass_the_limit(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data)

    for node in plan.nodes:
        retries = [
            fact.attempt
            for fact in story.log
            if isinstance(fact, StepRetrying) and fact.node_id == node.id
        ]
        assert retries == list(range(1, len(retries) + 1))
        assert len(retries) <= node.retry.attempts


@given(plan=plans(), data=st.data())
def test_a_node_is_scheduled_once_and_settles_once(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data, may_cancel=True)

    settled = ("step_completed", "step_failed", "step_skipped", "step_cancelled")
    for node in plan.nodes:
        mine = [fact.type for fact in story.log if getattr(fact, "node_id", None) == node.id]
        assert mine.count("step_scheduled") == sum(mine.count(kind) for kind in settled) <= 1
        assert mine.count("step_started") <= 1


@given(plan=plans(), data=st.data())
def test_after_a_stop_nothing_new_starts(plan: Plan, data: st.DataObject) -> None:
    story = told(plan, data, may_cancel=True)

    kinds = [fact.type for fact in story.log]
    if "execution_stopping" in kinds:
        after = kinds[kinds.index("execution_stopping") :]
        assert "step_scheduled" not in after
        assert "step_retrying" not in after
        assert kinds[-1] == "execution_cancelled"


@given(plan=plans(), data=st.data())
def test_a_partial_state_decides_what_the_whole_one_decides(
    plan: Plan, data: st.DataObject
) -> None:
    story = told(plan, data)

    for index, fact in enumerate(story.log):
        node_id = getattr(fact, "node_id", None)
        if fact.type not in ("step_completed", "step_failed", "step_skipped") or node_id is None:
            continue
        whole = replay(plan, story.log[:index])
        near = {node_id, *plan.successors[node_id]}
        partial_nodes = whole.nodes
        for other in whole.nodes:
            if other not in near:
                partial_nodes = partial_nodes.remove(other)
        part = ExecutionState(
            status=whole.status,
            live=whole.live,
            failed_position=whole.failed_position,
            stopping=whole.stopping,
            nodes=partial_nodes,
        )
        assert (
            advance(plan, evolve(plan, part, fact))[0]
            == advance(plan, evolve(plan, whole, fact))[0]
        )


@settings(max_examples=30)
@given(plan=plans(), data=st.data())
def test_the_first_failure_in_the_document_is_the_one_reported(
    plan: Plan, data: st.DataObject
) -> None:
    story = told(plan, data)

    failed = [
        plan.position[fact.node_id]
        for fact in story.log
        if fact.type == "step_failed" and not fact.handled
    ]
    last = story.log[-1]
    assert (last.type == "execution_failed") == bool(failed)
    if failed:
        assert last.node_id == plan.nodes[min(failed)].id
