"""The revision of a draft as HTTP carries it.  Source: RFC 9110, 8.8.3 and 13.1.1."""

from __future__ import annotations

import re

from rest_framework.request import Request

from workflows_app.models import Workflow

# A proxy that compresses an answer marks its tag as weak; the revision in it is still right.
_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def etag_of(workflow: Workflow) -> str:
    """Return the tag of the draft, ``"3"`` with its quotes."""
    return f'"{workflow.revision}"'


def expected_revisions(request: Request) -> frozenset[int] | None:
    """Return the revisions that ``If-Match`` allows; ``None`` when any will do.

    A tag that is none of ours allows none, so that the write is refused and nothing is lost.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    tags = (_TAG.fullmatch(part.strip()) for part in header.split(","))
    return frozenset(int(tag.group(1)) for tag in tags if tag)
