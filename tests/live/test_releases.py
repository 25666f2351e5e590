"""Old and new code side by side: a step is run by a worker that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from executions_app.models import StepRun
from executions_app.waiting_reasons import Code, waiting_reasons
from tests.live.running import Stage, node, row_of
from tests.live.workers import Crew, wait_until
from tests.published import chain, published
from tests.services import Services

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

Release = Callable[..., Crew]


@pytest.fixture
def release(
    request: pytest.FixtureRequest, services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Release]:
    """Start a worker of a release that lacks some steps."""
    request.getfixturevalue("crew").dismiss()
    crews: list[Crew] = []

    def release(*, without: str = "") -> Crew:
        environment = services.environment(connection.settings_dict) | {
            "DJANGO_SETTINGS_MODULE": "tests.live.settings",
            "LIVE_STEPS_MISSING": without,
        }
        crews.append(Crew(environment, tmp_path_factory.mktemp("release")))
        crews[-1].hire(1)
        return crews[-1]

    yield release
    for crew in crews:
        crew.disband()


def test_a_step_that_old_workers_lack_waits_for_new_ones(
    bare_stage: Stage, release: Release
) -> None:
    (old,) = release(without="live-same").workers
    workflow = published(*chain(node("a"), node("new", "same"), node("z")))
    executions = [bare_stage.start(workflow) for _ in range(5)]
    for each in executions:
        wait_until(lambda each=each: row_of(each, "a").status == "completed", what="the first step")
    waiting = StepRun.objects.filter(node_id="new", unknown_since__isnull=False)
    wait_until(lambda: waiting.count() == 5, what="the old worker to leave all of them")
    assert {it.code for each in executions for it in waiting_reasons(each)} == {Code.CODE_MISSING}

    release()  # beside the old one, which goes on looking

    assert {bare_stage.end_of(each).status for each in executions} == {"completed"}
    assert {row_of(each, "new").attempt for each in executions} == {1}
    assert bare_stage.counts() == {"a": 5, "new": 5, "z": 5}
    assert old.is_alive
