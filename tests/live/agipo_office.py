"""Ada's office: an imported workflow, her connections, and what the connector hub saw of both.

Speaks over HTTP and in a shell only, as Ada would.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from rest_framework.test import APIClient

from executions_app.operations.audit import differences
from tests.connectors.composio_stub import ComposioStub, Recorded, StubAccount
from tests.live.workers import Crew, wait_until
from workflows_app.models import entity_id_of

FILE = Path(__file__).parent.parent / "fixtures/agipo/send-site-content-to-email.workflow.json"
NAVIGATE, FETCH, MAIL = "hxoEFHJL21nAkQfLsnFAY", "BDHS3ZinvIN94tv0l35Sx", "4Ouop5jvsC8YbJIek-Qna"
ACTIONS = {
    NAVIGATE: "BROWSER_TOOL_NAVIGATE",
    FETCH: "BROWSER_TOOL_FETCH_WEBPAGE",
    MAIL: "GMAIL_SEND_EMAIL",
}
INPUT = {"Website URL": "https://example.org/news", "Email Address": "reader@example.org"}

#: What the hub answers, and so what each step puts out.
PAGE = {"session": "s-1", "page": {"url": "https://example.org/news"}}
CONTENT = {"title": "News — today", "content": "<p>It rains.</p>"}
SENT = {"id": "18c2", "threadId": "18c2", "labelIds": ["SENT"]}

_numbers = count(1)


class Office:
    """What Ada does, over HTTP and in a shell, and what the hub has seen of it."""

    def __init__(self, *, api: str, stub: ComposioStub, crew: Crew) -> None:
        self.api, self.stub, self.crew = api, stub, crew
        self.ada = User.objects.create_user("ada")
        self.client = client_of(self.ada)
        self.entity = entity_id_of(self.ada.pk)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` as a process of its own."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=dict(self.crew.environment),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def bring_in(self, *, of_mail: dict[str, Any] | None = None) -> str:
        """Import the file and return the workflow's id; ``of_mail`` is added to the last node."""
        told = StringIO()
        with contextlib.redirect_stdout(told):  # the shell itself has a test of its own
            call_command("workflows", "import", str(FILE), "--owner", "ada", "--json")
        workflow_id = str(json.loads(told.getvalue())["id"])
        if of_mail:
            saved = self.get(f"/api/workflows/{workflow_id}/")["definition"]
            saved["nodes"][2] |= of_mail
            body = {"definition": saved}
            answer = self.client.put(f"/api/workflows/{workflow_id}/", body, format="json")
            assert answer.json()["compile"]["status"] == "warnings", answer.json()
        return workflow_id

    def account(self, **fields: Any) -> StubAccount:
        """Return an account at the hub that no worker remembers; Ada's mail unless said."""
        fields = {"owner": self.entity, "toolkit": "gmail", **fields}
        return self.stub.account(f"ca_{next(_numbers)}", **fields)

    def connect(self, account: StubAccount, *, toolkit: str = "gmail") -> Any:
        """Note the account down as Ada's and return the answer."""
        body = {"toolkit": toolkit, "account_id": account.id}
        return self.client.post("/api/connections/", body, format="json")

    def execute(self, workflow_id: str, **headers: str) -> str:
        """Start it and return the execution's id."""
        url = f"/api/workflows/{workflow_id}/execute/"
        answer = self.client.post(url, {"input": INPUT}, format="json", headers=headers)
        assert answer.status_code == 202, answer.json()
        return str(answer.json()["execution_id"])

    def end_of(self, execution_id: str) -> dict[str, Any]:
        """Wait for the end and return the record, its laws checked."""
        wait_until(
            lambda: self.record(execution_id)["ended_at"] is not None,
            what=f"the end of {execution_id}",
            seconds=40.0,
        )
        assert differences(execution_id) == []
        return self.record(execution_id)

    def record(self, execution_id: str) -> dict[str, Any]:
        return self.get(f"/api/executions/{execution_id}/")

    def get(self, url: str) -> Any:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def sent(self) -> list[str]:
        """Return the actions the hub was asked to run."""
        return [action_of(request) for request in self.stub.executions()]


def client_of(user: User) -> APIClient:
    """Return a client with a session of ``user``."""
    client = APIClient()
    client.force_login(user)
    return client


def action_of(request: Recorded) -> str:
    """Return the action that an execute request names."""
    return next(part for part in request.path.split("/") if part in ACTIONS.values())


def essentials(request: Recorded) -> dict[str, Any]:
    """Return what an execute request says, whichever protocol it speaks."""
    body = request.body
    return {
        "action": action_of(request),
        "arguments": body["input"] if "input" in body else body["arguments"],
        "entity": body.get("entityId", body.get("user_id")),
        "account": body.get("connectedAccountId", body.get("connected_account_id")),
        "key": request.headers["idempotency-key"],
    }
