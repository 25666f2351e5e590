"""The hot statements, by hand: what every step of every execution runs.  Everything else is ORM.

Written out because the ORM would take longer to build these few statements than the database to
run them.  They read and write a fixed number of small columns, never a value of another step.
"""

from executions_app.rows.events import (
    insert_events,
    insert_items,
    read_item,
)
from executions_app.rows.executions import (
    ExecutionRow,
    ExecutionValues,
    lock_execution,
    read_execution,
    read_nested,
    update_execution,
)
from executions_app.rows.steps import (
    Overtaken,
    StepRow,
    delete_steps,
    insert_steps,
    lock_steps,
    lock_steps_in,
    lock_unclaimed_steps,
    read_outputs,
    read_progress,
    read_step_values,
    update_step,
)

__all__ = [
    "ExecutionRow",
    "ExecutionValues",
    "Overtaken",
    "StepRow",
    "delete_steps",
    "insert_events",
    "insert_items",
    "insert_steps",
    "lock_execution",
    "lock_steps",
    "lock_steps_in",
    "lock_unclaimed_steps",
    "read_execution",
    "read_item",
    "read_nested",
    "read_outputs",
    "read_progress",
    "read_step_values",
    "update_execution",
    "update_step",
]
