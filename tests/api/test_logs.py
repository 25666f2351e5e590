"""``GET /api/executions/{id}/logs/``."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.api import log_text
from executions_app.models import Execution
from tests.api.execution_clients import client_of
from tests.streaming.log_rows import a_user, an_execution, append

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


@pytest.fixture
def execution(ada: User) -> Execution:
    execution = an_execution(ada)
    append(execution, "execution_started", trigger="api")
    append(execution, "log", message="a", level="debug", node_id="charge", attempt=1)
    append(execution, "log", message="b", level="info", node_id="ship", attempt=1)
    append(execution, "step_started", node_id="ship", attempt=1)
    append(execution, "log", message="c", level="error")
    return execution


def lines(user: User, execution: Execution, query: str = "") -> Any:
    answer = client_of(user).get(f"/api/executions/{execution.pk}/logs/{query}")
    assert answer.status_code == 200, answer.content
    return "".join(line["message"] for line in answer.json()["results"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abc"),
        ("?level=debug", "abc"),
        ("?level=info", "bc"),
        ("?level=error", "c"),
        ("?level=critical", ""),
        ("?levels=debug,error", "ac"),
        ("?levels=info", "b"),
        ("?levels=debug,error&level=info", "c"),
        ("?levels=debug&level=info", ""),
        ("?levels=debug,info,warning,error,critical", "abc"),
        ("?step=ship", "b"),
        ("?step=ship&level=error", ""),
        ("?after=2", "bc"),
        ("?after=2&limit=1", "b"),
    ],
)
def test_lines_are_found(ada: User, execution: Execution, query: str, found: str) -> None:
    assert lines(ada, execution, query) == found


@pytest.mark.parametrize(
    "query", ["?level=loud", "?levels=error,loud", "?step=%00", "?type=log", "?format=xml"]
)
def test_other_questions_are_refused(ada: User, execution: Execution, query: str) -> None:
    answer = client_of(ada).get(f"/api/executions/{execution.pk}/logs/{query}")

    assert answer.status_code == 400


# -- as a text ------------------------------------------------------------------------------------


def text_of(user: User, execution: Execution, query: str = "") -> list[str]:
    answer = client_of(user).get(f"/api/executions/{execution.pk}/logs/?format=text{query}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode().splitlines()


def test_lines_come_as_a_file_to_keep(ada: User) -> None:
    execution = an_execution(ada, id="order:17")
    append(execution, "log", message="charged", level="info", node_id="charge[2]", attempt=3)
    append(execution, "log", message="odd", level="warning", fields={"cents": 5, "näme": "x"})

    answer = client_of(ada).get(f"/api/executions/{execution.pk}/logs/?format=text")

    assert answer["Content-Disposition"] == 'attachment; filename="execution-order_17.log"'
    first, second = answer.content.decode().splitlines()
    assert first.endswith("Z INFO     charge[2]#3 charged")
    assert second.endswith('Z WARNING  - odd {"cents":5,"näme":"x"}')


def test_a_text_has_what_was_asked_for(ada: User, execution: Execution) -> None:
    assert [line[-1] for line in text_of(ada, execution)] == ["a", "b", "c"]
    assert [line[-1] for line in text_of(ada, execution, "&levels=debug,error")] == ["a", "c"]
    assert [line[-1] for line in text_of(ada, execution, "&after=2&step=ship")] == ["b"]
    assert text_of(ada, execution, "&level=critical") == []


def test_a_message_of_several_lines_passes_for_none_of_them(ada: User) -> None:
    execution = an_execution(ada)
    forged = "x\n2026-05-04T10:00:00Z ERROR    pay stolen\r\u2028and \x1b[31mmore"
    append(execution, "log", message=forged, level="info")

    first, *others = text_of(ada, execution)

    assert first.endswith("- x")
    assert len(others) == 3
    assert all(line.startswith("    ") for line in others)
    assert others[-1] == "    and �[31mmore"


def test_a_long_text_ends_by_saying_where_it_goes_on(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = an_execution(ada)
    for number in range(5):
        append(execution, "log", message=f"line {number}", level="info")
    monkeypatch.setattr(log_text, "_PAGE", 2)

    cut = text_of(ada, execution, "&limit=3")
    monkeypatch.setattr(log_text, "MAX_BYTES", 100)
    small = text_of(ada, execution)

    assert [line[-6:] for line in cut[:-1]] == ["line 0", "line 1", "line 2"]
    assert cut[-1] == "... there is more: ?format=text&after=3"
    assert small[-1] == f"... there is more: ?format=text&after={len(small) - 1}"
    assert text_of(ada, execution, "&after=3")[-1].endswith("line 4")


def test_nobody_keeps_lines_of_others(execution: Execution) -> None:
    answer = client_of(a_user()).get(f"/api/executions/{execution.pk}/logs/?format=text")

    assert (answer.status_code, answer.json()["code"]) == (404, "execution.not_found")
