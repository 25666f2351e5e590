"""Looking a name up once, in bounded time.  Judges no address.

``getaddrinfo`` can be neither interrupted nor given a limit, so it runs beside the caller, who
leaves when the time is over.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore, Thread

from workflows_app.connectors.pinned_connection import Deadline, DeadlinePassed

Resolve = Callable[[str, int], Sequence[str]]
"""``resolve(host, port)`` returns every address of a name, or raises ``OSError``."""

#: Lookups that may hang at the same time.  ``getaddrinfo`` cannot be interrupted, so a hung one
#: keeps its thread until the system gives up; this bounds how many we let pile up.
_LOOKUPS = BoundedSemaphore(64)


def system_resolver(host: str, port: int) -> list[str]:
    """Return every address the system's resolver knows for ``host``.

    Raises:
        OSError: if it knows none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def within(deadline: Deadline, resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """Return what ``resolve`` answers, but wait for it no longer than the deadline.

    Raises:
        DeadlinePassed: if it is too late, or too many lookups hang already.
        OSError: what ``resolve`` raises.
    """
    answer: list[Sequence[str]] = []
    failure: list[BaseException] = []

    def look_up() -> None:
        try:
            answer.append(resolve(host, port))
        except BaseException as error:  # handed to the waiting thread, whatever it is
            failure.append(error)
        finally:
            _LOOKUPS.release()

    if not _LOOKUPS.acquire(timeout=deadline.left()):
        raise DeadlinePassed
    thread = Thread(target=look_up, name="http-lookup", daemon=True)
    try:
        thread.start()
    except BaseException:
        _LOOKUPS.release()
        raise
    thread.join(deadline.left())
    if failure:
        raise failure[0]
    if not answer:
        raise DeadlinePassed
    return answer[0]
