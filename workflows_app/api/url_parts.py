"""What may stand in an address.  Refuses, as no such address, what no id can be: so nothing strange
reaches the database.
"""

from __future__ import annotations

from django.urls.converters import IntConverter, StringConverter


class WorkflowIdPart(StringConverter):
    """An id of a workflow."""

    regex = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}"


class ToolNamePart(StringConverter):
    """A dotted name of a tool."""

    regex = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}"


class CountPart(IntConverter):
    """A number from 1 that any database can compare."""

    regex = r"[1-9][0-9]{0,8}"
