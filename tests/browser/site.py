"""The installation that the browser visits, and what tests do to it beside the browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from tests.launcher import Launcher, until

PATIENCE_SECONDS = 60.0
UNFINISHED = ("pending", "running", "waiting", "suspended", "paused")


class Site:
    """``manage.py up`` over a directory of its own, and a way around the browser."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self._environment = environment
        self.launcher = Launcher(directory, FLOWER_PORT="0", **environment).up()
        found = re.search(r"user (\S+), password (\S+)\n", self.launcher.output)
        assert found, self.launcher.output
        self.admin, self.password = found.groups()
        self.url = f"http://127.0.0.1:{self.launcher.port}"
        self.api = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Token {self._token(self.admin)}"},
            timeout=PATIENCE_SECONDS,
        )

    def manage(self, *arguments: str) -> str:
        """Return what ``manage.py`` printed, run as a process of its own."""
        state = {"STATE_DIR": str(self.directory), "PORT": str(self.launcher.port)}
        bare = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=bare | state | self._environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def create(self, definition: dict[str, Any]) -> str:
        """Return the id of a new workflow with ``definition``, which must compile."""
        answer = self.api.post("/api/workflows/", json={"definition": definition}).json()
        assert answer["compile"]["status"] != "errors", answer
        return str(answer["id"])

    def execute(self, workflow_id: str, **input_data: Any) -> str:
        """Return the id of an execution that was just started."""
        answer = self.api.post(f"/api/workflows/{workflow_id}/execute/", json={"input": input_data})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["execution_id"])

    def execution(self, execution_id: str) -> dict[str, Any]:
        """Return the record of an execution."""
        answer = self.api.get(f"/api/executions/{execution_id}/")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def until_status(self, execution_id: str, *statuses: str) -> dict[str, Any]:
        """Return the record of an execution once it is in one of ``statuses``."""
        until(lambda: self.execution(execution_id)["status"] in statuses, str(statuses))
        return self.execution(execution_id)

    def stop(self) -> None:
        """Stop everything."""
        self.api.close()
        if not self.launcher.ended:
            self.launcher.end()

    def _token(self, username: str) -> str:
        return self.manage("create_token", username).strip().splitlines()[-1]


OUTSIDE = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "BROKER_URL")
