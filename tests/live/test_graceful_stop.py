"""Workers that are asked to end: what runs may end in time, the rest is given back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from executions_app.models import Event, Execution
from tests.live.running import Stage, node, row_of
from tests.live.workers import Crew, Worker, wait_until
from tests.published import published
from tests.services import Services

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

#: Whoever waited for a lease here would wait in vain.
LEASE_SECONDS = 120
SOON, LATE = 1, 60

Hire = Callable[..., Crew]


@pytest.fixture(scope="module")
def crews() -> Iterator[list[Crew]]:
    """All that were hired here."""
    found: list[Crew] = []
    yield found
    for crew in found:
        crew.disband()


@pytest.fixture
def hire(
    services: Services, tmp_path_factory: pytest.TempPathFactory, crews: list[Crew]
) -> Iterator[Hire]:
    """Start one worker of a pool; more of a crew's own are hired as it says."""

    def hire(pool: str, *, stop_seconds: int) -> Crew:
        environment = services.environment(connection.settings_dict) | {
            "DJANGO_SETTINGS_MODULE": "tests.live.settings",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "WORKER_STOP_SECONDS": str(stop_seconds),
        }
        crews.append(Crew(environment, tmp_path_factory.mktemp("stopping"), pool=pool))
        crews[-1].hire(1)
        return crews[-1]

    yield hire
    for crew in crews:
        crew.dismiss()


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest) -> None:
    """Send the workers of other tests home: they would take the steps up."""
    request.getfixturevalue("crew").dismiss()


def ends_by_itself(worker: Worker) -> bool:
    wait_until(lambda: not worker.is_alive, what="the worker to end", seconds=20.0)
    return worker.process.status == 0


@pytest.mark.parametrize("pool", ["threads", "prefork", "solo"])
def test_what_does_not_end_in_time_is_begun_elsewhere_at_once(
    bare_stage: Stage, hire: Hire, pool: str
) -> None:
    crew = hire(pool, stop_seconds=SOON)
    (leaving,) = crew.workers
    execution = bare_stage.start(published([node("a", "slow")]))
    bare_stage.wait_for_start("a")

    leaving.ask_to_end()
    crew.workers.clear()
    crew.hire(1)
    assert ends_by_itself(leaving), leaving.log.read_text()
    bare_stage.wait_for_start("a", times=2)
    bare_stage.go("a")

    assert bare_stage.end_of(execution).status == "completed"
    assert (row_of(execution, "a").deaths, row_of(execution, "a").stops) == (0, 1)
    assert [start[2] for start in bare_stage.starts()] == ["0", "1"]  # told that it began before
    lines = Event.objects.filter(execution=execution, type="log")
    assert "was stopped before this step had ended" in lines.get().data["message"]


def test_what_ends_in_time_is_recorded_and_nothing_new_begins(
    bare_stage: Stage, hire: Hire
) -> None:
    crew = hire("threads", stop_seconds=LATE)
    (leaving,) = crew.workers
    ending = bare_stage.start(published([node("a", "slow"), node("b")], [["a", "b"]]))
    bare_stage.wait_for_start("a")

    leaving.ask_to_end()
    wait_until(lambda: "shutdown" in leaving.log.read_text(), what="the worker to hear of it")
    later: Execution = bare_stage.start(published([node("c")]))
    bare_stage.go("a")

    assert ends_by_itself(leaving), leaving.log.read_text()
    assert row_of(ending, "a").status == "completed"
    assert bare_stage.counts() == {"a": 1}
    crew.hire(1)
    assert bare_stage.end_of(ending).status == "completed"
    assert bare_stage.end_of(later).status == "completed"
    assert bare_stage.counts() == {"a": 1, "b": 1, "c": 1}
