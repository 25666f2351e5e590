"""When a failed attempt is tried again.  Pure: chance comes in as a number."""

from __future__ import annotations

from workflows_app.language.plan import RetryPolicy

#: No policy waits longer, in seconds.
LONGEST_DELAY = 7 * 86_400.0


def next_delay_seconds(policy: RetryPolicy, *, attempt: int, chance: float) -> float | None:
    """Return the seconds to wait after ``attempt`` (1-based) failed, or ``None`` to give up.

    ``chance`` is in [0, 1) and decides the jitter, which only ever shortens the wait, so that
    ``max_delay`` holds.
    """
    if attempt > policy.attempts:
        return None
    match policy.backoff:
        case "fixed":
            delay = policy.delay
        case "linear":
            delay = policy.delay * attempt
        case "exponential":
            # Beyond 2**40 every delay has long met its cap; the bound keeps floats finite.
            delay = policy.delay * 2.0 ** min(attempt - 1, 40)
    ceiling = LONGEST_DELAY if policy.max_delay is None else min(policy.max_delay, LONGEST_DELAY)
    return min(delay, ceiling) * (1.0 - policy.jitter * chance)
