"""``manage.py run_workflow``: input, owner, what is shown, and the exit status for each end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from executions_app.models import Execution
from executions_app.operations.cancel import cancel_execution
from tests.cli.commands import manage
from tests.cli.definitions import double, failing, saved, waiting
from tests.cli.worker import beside, newest, work_off
from tests.services import Services

pytestmark = pytest.mark.django_db


def the_only_one() -> Execution:
    return Execution.objects.get()


# -- starting ---------------------------------------------------------------------------------


def test_without_follow_the_id_is_all_that_is_said() -> None:
    saved(waiting(), "wait")

    answer = manage("run_workflow", "wait")

    execution = the_only_one()
    assert (answer.status, answer.out) == (0, f"{execution.pk}\n")
    assert (execution.trigger, execution.status) == ("cli", "running")


def test_programs_get_the_answer_of_the_api() -> None:
    saved(waiting(), "wait")

    answer = manage("run_workflow", "wait", "--json")

    assert answer.json["execution_id"] == the_only_one().pk
    assert (answer.json["workflow"], answer.json["version"]) == ("wait", 1)


def test_a_workflow_in_code_is_found_by_its_name_without_a_migration() -> None:
    assert manage("run_workflow", "hello").status == 0
    assert the_only_one().workflow_id == "sample-hello"


def test_input_and_context_reach_the_execution(tmp_path: Path) -> None:
    saved(double(), "double")
    path = tmp_path / "input.json"
    path.write_text('{"n": 4}')

    manage("run_workflow", "double", "--input-file", str(path), "--context", '{"tenant": 1}')

    execution = the_only_one()
    assert (execution.input, execution.runtime_context) == ({"n": 4}, {"tenant": 1})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--input", '{"n": "x"}'], "n must be"),
        (["--input", "{}"], "n"),
        (["--input", "{n: 1}"], "--input: send valid JSON"),
        (["--input", '{"n": 1e999}'], "--input"),
        (["--input-file", "nowhere"], "'nowhere' cannot be read"),
        (["--input", '{"n": 1}', "--context", "[]"], "--context must be a JSON object"),
        (["--input", '{"n": 1}', "--user", "nobody"], "no user 'nobody'"),
        (["--input", '{"n": 1}', "--timeout", "5"], "--timeout"),
        (["--input", '{"n": 1}', "--follow", "--timeout", "-1"], "--timeout"),
    ],
)
def test_what_does_not_fit_starts_nothing_and_is_bad_usage(arguments: list[str], said: str) -> None:
    saved(double(), "double")

    answer = manage("run_workflow", "double", *arguments)

    assert answer.status == 2
    assert said in answer.error
    assert not Execution.objects.exists()


def test_a_refusal_is_an_object_for_programs() -> None:
    saved(double(), "double")

    answer = manage("run_workflow", "double", "--json")

    assert (answer.status, answer.json["code"]) == (2, "input.invalid")
    assert answer.json["details"]["problems"][0]["path"] == "n"


def test_an_unknown_workflow_is_named() -> None:
    answer = manage("run_workflow", "nope")

    assert answer.status == 2
    assert "there is no workflow 'nope'" in answer.error


# -- for whom ---------------------------------------------------------------------------------


def test_it_runs_for_the_workflows_owner_unless_said_otherwise() -> None:
    users = get_user_model().objects
    ada, boss = users.create_user("ada"), users.create_superuser("boss")
    saved(waiting(), "wait", owner=ada)

    manage("run_workflow", "wait")
    manage("run_workflow", "wait", "--user", "boss")

    assert set(Execution.objects.values_list("owner", flat=True)) == {ada.pk, boss.pk}


def test_it_does_not_run_for_somebody_who_cannot_see_the_workflow() -> None:
    users = get_user_model().objects
    ada = users.create_user("ada")
    users.create_user("eve")
    saved(waiting(), "wait", owner=ada)

    answer = manage("run_workflow", "wait", "--user", "eve")

    assert answer.status == 2
    assert not Execution.objects.exists()


# -- following --------------------------------------------------------------------------------


def test_a_completed_execution_shows_its_result() -> None:
    saved(double(), "double")

    answer = manage("run_workflow", "double", "--input", '{"n": 21}', "--follow")

    assert answer.status == 0
    assert '"n": 42' in answer.out
    assert "✓ completed" in answer.out


def test_a_failed_execution_shows_why() -> None:
    saved(failing(), "failing")

    answer = manage("run_workflow", "failing", "--follow")

    assert answer.status == 1
    assert "✗ failed" in answer.out
    assert "expression." in answer.out


@pytest.mark.django_db(transaction=True)
def test_steps_are_shown_one_line_an_event_while_a_worker_runs_them() -> None:
    saved(waiting(), "wait")
    answer = manage("run_workflow", "wait", "--json")
    execution_id = answer.json["execution_id"]

    with beside(lambda: work_off(execution_id)):
        answer = manage("executions", "events", execution_id, "--follow", "--json")

    *events, outcome = answer.json_lines
    assert answer.status == 0
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["type"], events[-1]["type"]) == ("execution_started", "execution_completed")
    assert outcome == {
        "execution_id": execution_id,
        "status": "completed",
        "output": {"said": "hello"},
        "error": None,
    }


@pytest.mark.django_db(transaction=True)
def test_lines_for_people_leave_plumbing_out() -> None:
    saved(waiting(), "wait")
    manage("run_workflow", "wait")
    work_off(newest())

    answer = manage("executions", "events", newest())

    said = [line.split(maxsplit=2)[1:] for line in answer.out.splitlines()]
    assert said == [
        ["execution_started", "by cli"],
        ["step_scheduled", "Say it"],
        ["step_started", "Say it"],
        ["log", "Say it: hello"],
        ["step_completed", "Say it"],
        ["execution_completed"],
    ]


def test_a_cancelled_execution_has_a_status_of_its_own() -> None:
    saved(waiting(), "wait")
    manage("run_workflow", "wait")
    cancel_execution(newest(), reason="too late", by="ada")

    answer = manage("executions", "events", newest(), "--follow")

    assert answer.status == 3
    assert "too late (by ada)" in answer.out


def test_a_timeout_leaves_the_execution_going_and_says_how_to_go_on() -> None:
    saved(waiting(), "wait")

    answer = manage("run_workflow", "wait", "--follow", "--timeout", "0.01")

    assert answer.status == 4
    assert f"manage.py executions cancel {newest()}" in answer.out
    assert the_only_one().status == "running"


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_detaches_and_cancels_nothing(services: Services) -> None:
    saved(waiting(), "wait")
    manage("run_workflow", "wait")
    follower = subprocess.Popen(
        [sys.executable, "manage.py", "executions", "events", newest(), "--follow"],
        cwd=settings.BASE_DIR,
        env=services.environment(connection.settings_dict),
        stdout=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl-C, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert follower.stdout is not None

    first_line = follower.stdout.readline()
    follower.send_signal(signal.SIGINT)
    rest, _ = follower.communicate(timeout=60)

    assert "execution_started" in first_line
    assert follower.returncode == 130
    assert f"manage.py executions cancel {newest()}" in rest
    assert the_only_one().status == "running"
