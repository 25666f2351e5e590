"""``GET /api/executions/{id}/events/``."""

from __future__ import annotations

import json

import pytest

from executions_app.models import Event
from executions_app.streaming.encode import encode_event
from tests.api.execution_clients import client_of
from tests.streaming.log_rows import a_user, an_execution, append

pytestmark = pytest.mark.django_db


def test_pages_go_on_after_any_event() -> None:
    ada = a_user()
    execution = an_execution(ada, events=7)
    client, url, seen = client_of(ada), f"/api/executions/{execution.pk}/events/?limit=3", []

    while url:
        page = client.get(url).json()
        seen.append([event["seq"] for event in page["results"]])
        url = page["next"]

    assert seen == [[1, 2, 3], [4, 5, 6], [7]]
    after = client.get(f"/api/executions/{execution.pk}/events/?after=5").json()
    assert [event["seq"] for event in after["results"]] == [6, 7]


def test_the_last_full_page_has_no_next() -> None:
    ada = a_user()
    execution = an_execution(ada, events=3)

    page = client_of(ada).get(f"/api/executions/{execution.pk}/events/?limit=3").json()

    assert page["next"] is None


def test_an_event_is_the_same_here_as_in_the_stream() -> None:
    ada = a_user()
    execution = an_execution(ada, events=1)
    append(execution, "step_completed", node_id="é", attempt=1, output={"n": 1.5}, name="É")

    told = client_of(ada).get(f"/api/executions/{execution.pk}/events/").json()["results"]

    streamed = [encode_event(row).body for row in Event.objects.order_by("seq")]
    data = [json.loads(body.partition(b"data: ")[2]) for body in streamed]
    assert told == data


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001", "before=3"])
def test_other_questions_are_refused(query: str) -> None:
    ada = a_user()
    execution = an_execution(ada)

    assert client_of(ada).get(f"/api/executions/{execution.pk}/events/?{query}").status_code == 400
