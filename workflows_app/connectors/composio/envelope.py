"""Opening ``{successful, data, error}``, once.  Refuses what is not such an envelope.

Steps see an action's ``data`` and nothing around it, so no binding ever spells ``.data.data``.
"""

from __future__ import annotations

import json
from typing import Any

from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.redaction import Redactor


def unwrap(body: Any, *, action: str, redactor: Redactor) -> Any:
    """Return what the action gave back: ``data``, or ``{}`` when it gave nothing.

    Raises:
        ToolError: ``composio.action_failed`` if the envelope says so,
            ``composio.outcome_unknown`` if it is no envelope.
    """
    # The old spelling has three letters l; answers have had either, or both.
    verdict = body.get("successful", body.get("successfull")) if isinstance(body, dict) else None
    if not isinstance(verdict, bool):
        raise failures.outcome_unknown("the answer does not say whether it succeeded")
    if verdict:
        data = body.get("data")
        return {} if data is None else data
    error = body.get("error")
    log_id = body.get("log_id", body.get("logId"))
    raise failures.action_failed(
        action,
        said=redactor.clean(error if isinstance(error, str) else json.dumps(error)),
        log_id=redactor.clean(log_id) if isinstance(log_id, str) else None,
    )
