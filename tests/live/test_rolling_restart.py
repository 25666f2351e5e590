"""Replacing all workers one after another while work goes on: nobody notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from executions_app.models import Execution, StepRun
from tests.live.running import Stage, node
from tests.live.workers import Crew, wait_until
from tests.published import chain, published
from tests.services import Services

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

WORKERS, REPLACED, STEPS, EXECUTIONS = 2, 3, 5, 24


@pytest.fixture
def replaced(
    request: pytest.FixtureRequest, services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crew]:
    """Two workers, for whose steps nobody but they would look for minutes."""
    request.getfixturevalue("crew").dismiss()
    environment = services.environment(connection.settings_dict) | {
        "DJANGO_SETTINGS_MODULE": "tests.live.settings",
        "LEASE_SECONDS": "120",
        "WORKER_STOP_SECONDS": "3",
    }
    crew = Crew(environment, tmp_path_factory.mktemp("replaced"))
    crew.hire(WORKERS)
    yield crew
    crew.disband()


def test_replacing_workers_under_load_fails_nothing(bare_stage: Stage, replaced: Crew) -> None:
    nodes = [node(f"s{number}", "brief") for number in range(STEPS)]
    workflow = published(*chain(*nodes))
    executions: list[Execution] = []

    for _ in range(REPLACED):
        executions += [bare_stage.start(workflow) for _ in range(EXECUTIONS // REPLACED)]
        leaving = replaced.workers.pop(0)
        wait_until(lambda: StepRun.objects.exclude(claimed_at=None).exists(), what="work")
        leaving.ask_to_end()
        replaced.hire(WORKERS)
        wait_until(lambda leaving=leaving: not leaving.is_alive, what="the old one to end")
        assert leaving.process.status == 0, leaving.log.read_text()

    ends = [bare_stage.end_of(execution) for execution in executions]

    assert {end.status for end in ends} == {"completed"}
    repeated = len(bare_stage.starts()) - len(executions) * STEPS
    assert 0 <= repeated <= REPLACED
    assert not StepRun.objects.filter(deaths__gt=0).exists()
