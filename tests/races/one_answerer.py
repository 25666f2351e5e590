"""A process that reads ids of executions and resumes each; it says whether it was the one, and what
became due by that.  Refuses to send anything to a broker."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import django

django.setup()

from executions_app.errors import ResumeRefused  # noqa: E402
from executions_app.operations.resume import resume_execution  # noqa: E402
from tests.journal.histories import ListBroker, journal_step, list_broker  # noqa: E402


def main() -> None:
    """Answer until nobody asks any more."""
    with journal_step(), list_broker() as broker:
        _say({"ready": True})
        for line in sys.stdin:
            _say(_answered(line.strip(), broker))


def _answered(execution_id: str, broker: ListBroker) -> dict[str, Any]:
    broker.waiting.clear()
    try:
        resume_execution(execution_id, data=1)
    except ResumeRefused as error:
        return {"refused": type(error).__name__}
    except Exception as error:
        return {"refused": repr(error)}
    return {"due": [asdict(due) for due in broker.waiting]}


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
