"""Whether an address can be served at, asked before anything is started."""

from __future__ import annotations

import errno
import socket


class PortTaken(Exception):
    """Another program serves there, or we may not."""

    def __init__(self, host: str, port: int, variable: str, reason: str) -> None:
        super().__init__(f"cannot serve at {host}:{port}: {reason}; choose another {variable}")


def require_free(host: str, port: int, *, variable: str) -> None:
    """Return if ``host:port`` can be bound; ``variable`` is where it was configured.

    Raises:
        PortTaken: if it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "another program uses it" if taken else str(error.strerror)
            raise PortTaken(host, port, variable, reason) from error


def is_serving(host: str, port: int) -> bool:
    """Return whether somebody accepts connections at ``host:port``."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
