"""Reading a response body into memory, never more of it than allowed.  Knows no network.

The limit counts bytes *after* decoding, and a gzip stream is opened only as far as the limit, so
that two megabytes that want to be two gigabytes cost one.  Encodings other than gzip, and
encodings within encodings, are refused instead of guessed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from workflows_app.connectors.base import ToolError

#: Members of one gzip body.  Each costs a fresh decoder, and ordinary servers send one.
MAX_GZIP_MEMBERS = 64

#: 16 + 15: a gzip wrapper (not zlib, not raw) around the largest window.
_GZIP_WINDOW = 31


def read_body(chunks: Iterable[bytes], *, encodings: Sequence[str], limit_bytes: int) -> bytes:
    """Return the decoded body; ``encodings`` are the values of ``Content-Encoding``, in order.

    Raises:
        ToolError: ``http.limit`` if it is longer than ``limit_bytes``, ``http.encoding`` if it is
            neither plain nor one sound gzip.
    """
    names = [name.strip().lower() for value in encodings for name in value.split(",")]
    names = [name for name in names if name]
    if names in ([], ["identity"]):
        return _joined(chunks, limit_bytes)
    if names == ["gzip"]:
        # Incompressible data grows a little in gzip; anything beyond that is padding.
        room = limit_bytes + limit_bytes // 64 + 1_024
        return _Gunzip(limit_bytes).feed_all(_counted(chunks, room))
    shown = ", ".join(names)[:100]
    raise ToolError(
        "http.encoding",
        f"the answer is encoded as {shown!r}; only plain and gzip answers are read",
        {"content_encoding": shown},
    )


class _Gunzip:
    """Inflates step by step; holds at most one byte more than the limit."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._body = bytearray()
        self._decoder = zlib.decompressobj(_GZIP_WINDOW)
        self._members = 1
        self._fed = False

    def feed_all(self, chunks: Iterable[bytes]) -> bytes:
        for chunk in chunks:
            self._feed(chunk)
        if self._fed and not self._decoder.eof:
            raise ToolError("http.encoding", "the gzip answer ends in the middle")
        return bytes(self._body)

    def _feed(self, chunk: bytes) -> None:
        while chunk:
            self._fed = True
            if self._decoder.eof:
                self._next_member()
            try:
                # One byte over the limit is enough to know, and never asks for "no limit" (0).
                self._body += self._decoder.decompress(chunk, self._limit + 1 - len(self._body))
            except zlib.error as error:
                raise ToolError("http.encoding", "the answer says gzip but is not") from error
            if len(self._body) > self._limit:
                raise too_long(self._limit)
            chunk = self._decoder.unconsumed_tail or self._decoder.unused_data

    def _next_member(self) -> None:
        self._members += 1
        if self._members > MAX_GZIP_MEMBERS:
            raise ToolError(
                "http.limit", f"the gzip answer has more than {MAX_GZIP_MEMBERS} members"
            )
        self._decoder = zlib.decompressobj(_GZIP_WINDOW)


def _counted(chunks: Iterable[bytes], limit_bytes: int) -> Iterable[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > limit_bytes:
            raise too_long(limit_bytes)
        yield chunk


def _joined(chunks: Iterable[bytes], limit_bytes: int) -> bytes:
    body = bytearray()
    for chunk in _counted(chunks, limit_bytes):
        body += chunk
    return bytes(body)


def too_long(limit_bytes: int) -> ToolError:
    """Return the error for a body over the limit."""
    return ToolError(
        "http.limit",
        f"the answer's body is longer than {limit_bytes} bytes; ask for a smaller page of it",
        {"limit_bytes": limit_bytes},
    )
