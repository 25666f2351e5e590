"""Why an execution does not move, and what would move it on.  Reads a few rows, changes nothing.

Everything is read from what the execution itself has written; nobody is asked whether workers
live, so a reason says since when, and until when, and leaves the conclusion to people.
"""

from executions_app.waiting_reasons.family import MAX_REASONS, waiting_reasons
from executions_app.waiting_reasons.reason import Code, Reason

__all__ = ["MAX_REASONS", "Code", "Reason", "waiting_reasons"]
