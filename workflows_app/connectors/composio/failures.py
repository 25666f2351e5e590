"""Every way a Composio action can fail, by code.  Refuses to carry a secret or a foreign owner.

before anything is sent
    composio.not_configured       no key, or the v2 library cannot be loaded
    composio.identity_missing     the step acts for nobody
    composio.connection_missing   the toolkit needs an account and the step has none
    composio.account_mismatch     no such account, or not this owner's, or of another toolkit
    composio.account_inactive     the account must be connected again
    composio.local_tool_refused   the action would run on the worker itself
    composio.file_refused         the input asks for a file of the worker
    composio.bad_input            the input is not JSON
answered, and nothing was done
    composio.unauthorized         the key was refused
    composio.not_found            there is no such action
    composio.rate_limited         too many requests; may be tried again
    composio.rejected             any other refusal
    composio.unavailable          not reached, or a question went unanswered; may be tried again
done, or perhaps done
    composio.action_failed        the action ran and says that it failed
    composio.outcome_unknown      it was sent, and no usable answer came
    composio.limit                the answer is larger than a step may keep
"""

from __future__ import annotations

from typing import Any

from workflows_app.connectors.base import ToolError


def not_configured(advice: str) -> ToolError:
    """``advice`` says what to set; it must not hold what is set now."""
    return ToolError("composio.not_configured", advice)


def identity_missing(action: str) -> ToolError:
    """Nobody to act for."""
    return ToolError(
        "composio.identity_missing",
        f"entity_id required: run {action!r} on behalf of a user",
        {"action": action},
    )


def connection_missing(action: str, *, toolkit: str) -> ToolError:
    """The step names no account."""
    return ToolError(
        "composio.connection_missing",
        f"connect an account of {toolkit!r} before running {action!r}",
        {"action": action, "toolkit": toolkit},
    )


def account_mismatch(account_id: str) -> ToolError:
    """Not usable by this owner, for whatever reason."""
    # One sentence for "does not exist", "somebody else's" and "another service's": telling
    # them apart would tell a stranger which accounts exist.
    return ToolError(
        "composio.account_mismatch",
        f"account {account_id[:64]!r} cannot be used here; choose one of your own connections",
        {"account": account_id[:64]},
    )


def account_inactive(account_id: str, *, status: str) -> ToolError:
    """``status`` is Composio's word for it."""
    return ToolError(
        "composio.account_inactive",
        f"account {account_id!r} is {status[:32]!r}; connect it again",
        {"account": account_id, "status": status[:32]},
    )


def local_tool_refused(action: str) -> ToolError:
    """It would run on the worker."""
    return ToolError(
        "composio.local_tool_refused",
        f"{action!r} would run on the worker itself; use an action of a connected service",
        {"action": action},
    )


def file_refused(action: str, *, path: str) -> ToolError:
    """``path`` is the place in the input, not a path on disk."""
    return ToolError(
        "composio.file_refused",
        f"{action!r} takes a file at {path!r}; files of the worker are never sent, leave it out",
        {"action": action, "path": path},
    )


def bad_input(action: str) -> ToolError:
    """It cannot be written as JSON."""
    return ToolError(
        "composio.bad_input",
        f"the input of {action!r} must be plain JSON without NaN or Infinity",
        {"action": action},
    )


def unavailable(reason: str) -> ToolError:
    """Nothing was done, so trying again is safe."""
    return ToolError(
        "composio.unavailable",
        f"Composio did not answer ({reason}) and nothing was done; try again later",
        {"reason": reason},
        retryable=True,
    )


def outcome_unknown(reason: str, *, status: int | None = None) -> ToolError:
    """It may have been done, so trying again is for the step's policy to decide."""
    details: dict[str, Any] = {"reason": reason}
    if status is not None:
        details["status"] = status
    return ToolError(
        "composio.outcome_unknown",
        f"the action was sent but no usable answer came ({reason}); look whether it happened "
        "before running it again",
        details,
        unknown_outcome=True,
    )


def too_large(limit_bytes: int, *, acted: bool) -> ToolError:
    """``acted`` says that the request would have changed something."""
    return ToolError(
        "composio.limit",
        f"the answer is larger than {limit_bytes} bytes; ask the action for less",
        {"limit_bytes": limit_bytes},
        # The action has run, and its verdict is in the answer that was not read.
        unknown_outcome=acted,
    )


def action_failed(action: str, *, said: str, log_id: str | None) -> ToolError:
    """``said`` is the service's sentence, already without secrets."""
    details = {"action": action} if log_id is None else {"action": action, "log_id": log_id}
    return ToolError("composio.action_failed", f"{action} failed: {said}", details)


def refused(
    status: int, *, said: str, retry_after_seconds: float | None = None, acted: bool
) -> ToolError:
    """Return the failure for an HTTP answer that is not a success.

    ``acted`` says that the request would have changed something: behind a 5xx or a timeout of
    a gateway, the action may well have run.
    """
    details: dict[str, Any] = {"status": status}
    if status >= 500 or status == 408:
        reason = f"HTTP {status}"
        return outcome_unknown(reason, status=status) if acted else unavailable(reason)
    if status in (401, 403):
        return ToolError(
            "composio.unauthorized", f"Composio refused COMPOSIO_API_KEY: {said}", details
        )
    if status == 404:
        return ToolError("composio.not_found", f"Composio does not know it: {said}", details)
    if status == 429:
        details["retry_after_seconds"] = retry_after_seconds
        return ToolError(
            "composio.rate_limited", "Composio asks for fewer requests", details, retryable=True
        )
    return ToolError("composio.rejected", f"Composio refused with HTTP {status}: {said}", details)
