"""Django's admin for definitions: workflows with versions and diagnostics, and connections.

Refuses to save a definition that was not compiled, to change what code defines, and to show a
row its reader may not see.
"""

from __future__ import annotations

from workflows_app.admin.connection import ConnectionAdmin
from workflows_app.admin.workflow import WorkflowAdmin

__all__ = ["ConnectionAdmin", "WorkflowAdmin"]
