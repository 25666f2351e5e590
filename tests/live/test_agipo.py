"""A workflow exported from Agipo, from its file to the mail it sends: real workers, and a connector
hub on loopback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event as Signal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from executions_app.models import Execution
from tests.connectors.composio_stub import ACCOUNT_TOKEN, API_KEY, ComposioStub, returns, slow
from tests.live.agipo_office import (
    ACTIONS,
    CONTENT,
    FETCH,
    FILE,
    INPUT,
    MAIL,
    NAVIGATE,
    PAGE,
    SENT,
    Office,
    client_of,
    essentials,
)
from tests.live.running import no_orphans
from tests.live.workers import Crew, wait_until
from tests.services import Services
from workflows_app.models import Connection, entity_id_of

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", params=["v2", "v3"])
def hub(
    request: pytest.FixtureRequest, crew: Crew, services: Services, tmp_path_factory: Any
) -> Iterator[tuple[str, ComposioStub, Crew]]:
    """A connector hub that speaks one protocol, and two workers whose environment names it."""
    # Workers without a key would take our messages; who needs them hires them again.
    crew.dismiss()
    with ComposioStub() as stub:
        environment = services.environment(connection.settings_dict) | {
            "COMPOSIO_API_KEY": API_KEY,
            "COMPOSIO_BASE_URL": stub.base_url,
            "COMPOSIO_API": request.param,
        }
        own = Crew(environment, tmp_path_factory.mktemp(f"workers-{request.param}"))
        yield request.param, stub, own
        own.disband()


@pytest.fixture
def office(hub: tuple[str, ComposioStub, Crew], db: None, settings: Any) -> Iterator[Office]:
    """Ada, with nothing connected yet."""
    api, stub, crew = hub
    settings.COMPOSIO_API_KEY = API_KEY
    settings.COMPOSIO_BASE_URL = stub.base_url
    settings.COMPOSIO_API = api
    for action, data in zip(ACTIONS.values(), (PAGE, CONTENT, SENT), strict=True):
        stub.behaviours[action] = returns({"data": data, "successful": True, "error": None})
    stub.requests.clear()
    crew.hire(2)
    yield Office(api=api, stub=stub, crew=crew)
    stub.released.set()
    stub.released = Signal()
    wait_until(no_orphans, what="no execution that nothing moves on", seconds=1.0)
    Connection.objects.all().delete()


def test_an_import_warns_about_the_types_nobody_knows_and_can_be_run(office: Office) -> None:
    done = office.manage("workflows", "import", str(FILE), "--owner", "ada", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["format"], told["status"]) == (0, "agipo", "warnings")
    assert [(item["code"], item["path"]) for item in told["diagnostics"]] == [
        ("type.unknown", "/nodes/2/input/subject/from"),
        ("type.unknown", "/nodes/2/input/body/from"),
    ]
    assert (told["version"], told["owner"]) == (1, "ada")
    assert office.get(f"/api/workflows/{told['id']}/")["compile"]["status"] == "warnings"


def test_preflight_asks_for_both_inputs_and_for_the_one_account_that_is_missing(
    office: Office,
) -> None:
    workflow_id = office.bring_in()

    before = office.get(f"/api/workflows/{workflow_id}/preflight/")
    made = office.connect(office.account())
    after = office.get(f"/api/workflows/{workflow_id}/preflight/")

    assert set(before["input_schema"]["required"]) == set(INPUT)
    assert (before["can_run"], before["missing_connections"]) == (False, ["gmail"])
    assert [(r["code"], r["node_ids"]) for r in before["reasons"]] == [
        ("connection.missing", [MAIL])
    ]
    assert made.status_code == 201, made.content
    assert (after["can_run"], after["reasons"]) == (True, [])
    assert [c["connection_id"] for c in after["connections"]] == [made.json()["id"]]
    assert office.stub.executions() == []


def test_without_the_account_nothing_is_started_and_the_answer_says_what_to_connect(
    office: Office,
) -> None:
    workflow_id = office.bring_in(of_mail={"retry": {"attempts": 3}})
    bob = User.objects.create_user("bob")
    Connection.objects.create(owner=bob, toolkit="gmail", account_id=office.account().id)

    answer = office.client.post(
        f"/api/workflows/{workflow_id}/execute/", {"input": INPUT}, format="json"
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "connection.missing"
    assert answer.json()["details"]["toolkits"] == ["gmail"]
    assert not Execution.objects.exists()
    assert office.sent() == []


def test_once_connected_three_requests_go_out_and_history_tells_what_came_of_each(
    office: Office,
) -> None:
    workflow_id = office.bring_in()
    account = office.account()
    assert office.connect(account).status_code == 201

    execution_id = office.execute(workflow_id, **{"Idempotency-Key": "once"})
    again = office.execute(workflow_id, **{"Idempotency-Key": "once"})
    record = office.end_of(execution_id)

    assert again == execution_id
    handed_over = {
        NAVIGATE: {"url": INPUT["Website URL"]},
        FETCH: PAGE,
        MAIL: {
            "recipient_email": INPUT["Email Address"],
            "subject": CONTENT["title"],
            "body": CONTENT["content"],
        },
    }
    assert [essentials(request) for request in office.stub.executions()] == [
        {
            "action": action,
            "arguments": handed_over[node],
            # The older protocol names nobody where no account is used.
            "entity": office.entity if node == MAIL or office.api == "v3" else None,
            "account": account.id if node == MAIL else None,
            "key": f"{execution_id}:{node}",
        }
        for node, action in ACTIONS.items()
    ]
    assert (record["status"], record["input"], record["output"]) == ("completed", INPUT, SENT)
    assert [(s["step_id"], s["input"], s["output"], s["attempt"]) for s in record["steps"]] == [
        (NAVIGATE, handed_over[NAVIGATE], PAGE, 1),
        (FETCH, handed_over[FETCH], CONTENT, 1),
        (MAIL, handed_over[MAIL], SENT, 1),
    ]
    for step in record["steps"]:
        alone = office.get(f"/api/executions/{execution_id}/steps/{step['step_id']}/")
        assert {name: alone[name] for name in step} == step
    events = office.get(f"/api/executions/{execution_id}/events/")
    history = json.dumps([record, events])
    for secret in (API_KEY, ACCOUNT_TOKEN):
        assert secret not in history
        assert secret not in office.crew.log_text()


def test_the_shell_follows_it_to_its_end(office: Office) -> None:
    workflow_id = office.bring_in()
    assert office.connect(office.account()).status_code == 201

    done = office.manage(
        *("run_workflow", workflow_id, "--input", json.dumps(INPUT), "--follow", "--json")
    )

    assert done.returncode == 0, done.stderr
    execution = Execution.objects.get()
    assert (execution.trigger, execution.owner_id) == ("cli", office.ada.pk)
    assert execution.output == SENT
    assert office.sent() == list(ACTIONS.values())


def test_an_answer_that_never_comes_leaves_one_request_and_an_open_question(
    office: Office,
) -> None:
    patience = {"timeout": 1, "retry": {"attempts": 3}}
    workflow_id = office.bring_in(of_mail=patience)
    assert office.connect(office.account()).status_code == 201
    office.stub.behaviours[ACTIONS[MAIL]] = slow

    record = office.end_of(office.execute(workflow_id))

    assert record["status"] == "failed"
    assert record["error"]["code"] == "composio.outcome_unknown"
    assert record["steps"][-1]["attempt"] == 1
    assert office.sent() == list(ACTIONS.values())


def test_what_was_turned_away_is_sent_again_with_the_same_key(office: Office) -> None:
    workflow_id = office.bring_in(of_mail={"retry": {"attempts": 3}})
    assert office.connect(office.account()).status_code == 201
    accepts = office.stub.behaviours[ACTIONS[MAIL]]
    answers = iter([returns({"message": "slow down"}, status=429), accepts])
    office.stub.behaviours[ACTIONS[MAIL]] = lambda handler, asked: next(answers)(handler, asked)

    record = office.end_of(office.execute(workflow_id))

    first, second = (essentials(request) for request in office.stub.executions()[2:])
    assert first == second
    assert (record["status"], record["steps"][-1]["attempt"]) == ("completed", 2)


def test_an_account_of_somebody_else_is_refused_when_noted_down_and_when_used(
    office: Office,
) -> None:
    workflow_id = office.bring_in()
    bob = User.objects.create_user("bob")
    foreign = office.account(owner=entity_id_of(bob.pk))
    sold = office.account()
    assert office.connect(sold).status_code == 201

    refused = office.connect(foreign)
    sold.owner = entity_id_of(bob.pk)
    record = office.end_of(office.execute(workflow_id))

    assert (refused.status_code, refused.json()["code"]) == (400, "composio.account_mismatch")
    assert Connection.objects.get().account_id == sold.id
    assert record["error"]["code"] == "composio.account_mismatch"
    assert office.sent() == [ACTIONS[NAVIGATE], ACTIONS[FETCH]]


def test_to_others_none_of_it_exists(office: Office) -> None:
    workflow_id = office.bring_in()
    made = office.connect(office.account()).json()
    execution_id = office.execute(workflow_id)
    office.end_of(execution_id)
    bob = client_of(User.objects.create_user("bob"))

    answers = [
        bob.get(f"/api/workflows/{workflow_id}/"),
        bob.get(f"/api/workflows/{workflow_id}/preflight/"),
        bob.post(f"/api/workflows/{workflow_id}/execute/", {"input": INPUT}, format="json"),
        bob.get(f"/api/connections/{made['id']}/"),
        bob.get(f"/api/executions/{execution_id}/"),
        bob.get(f"/api/executions/{execution_id}/steps/{MAIL}/"),
        bob.get(f"/api/executions/{execution_id}/events/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert bob.get("/api/connections/").json()["results"] == []
    assert len(office.stub.executions()) == len(ACTIONS)
