"""Deciding whether a URL's host and port may be reached.  No connections are made here.

Everything is refused that is not an ordinary public web address: an explicit list of networks
(``ipaddress.is_private`` and ``is_global`` let a third of these through), names that mean "here",
ports other than 80 and 443, and every spelling of a host that two parsers could read differently.
What an operator names in an allow list may be reached although it is private, never although it
is a metadata service.

Source: the IANA special-purpose address registries (IPv4, IPv6), RFC 6890; the host rules are
those of the WHATWG URL standard ("ends in a number"), turned from repair into refusal.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx

from workflows_app.connectors.base import ToolError

HostPort = tuple[str, int]

MAX_URL_CHARACTERS = 8_192
MAX_ADDRESSES = 16

_DEFAULT_PORTS = {"http": 80, "https": 443}

#: First match names the reason, so the metadata hosts stand before the networks they sit in.
_DENIED: tuple[tuple[str, str], ...] = (
    ("169.254.169.254/32", "metadata"),
    ("169.254.170.2/32", "metadata"),
    ("100.100.100.200/32", "metadata"),  # Alibaba, inside shared space
    ("192.0.0.192/32", "metadata"),  # Oracle
    ("168.63.129.16/32", "metadata"),  # Azure, inside public space
    ("fd00:ec2::/32", "metadata"),  # Amazon, inside unique-local space
    ("fd20:ce::254/128", "metadata"),  # Google
    ("0.0.0.0/8", "this-host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "as112"),
    ("192.52.193.0/24", "amt"),
    ("192.88.99.0/24", "6to4-relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "as112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "this-host"),
    ("::1/128", "loopback"),
    ("::/96", "ipv4-compatible"),
    ("::ffff:0:0/96", "ipv4-mapped"),
    ("::ffff:0:0:0/96", "ipv4-translated"),
    ("64:ff9b::/96", "nat64"),
    ("64:ff9b:1::/48", "nat64"),
    ("100::/64", "discard"),
    ("2001::/32", "teredo"),
    ("2001:2::/48", "benchmarking"),
    ("2001:db8::/32", "documentation"),
    ("2001::/23", "protocol"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "as112"),
    ("3ffe::/16", "6bone"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "unique-local"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_NETWORKS = tuple((ipaddress.ip_network(text), kind) for text, kind in _DENIED)
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")

#: What an allow list may open.  Metadata services, multicast and the like stay shut.
_LIFTABLE = frozenset({"private", "shared", "loopback", "unique-local"})

_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "home.arpa", "onion")

_AUTHORITY = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<userinfo>[^/?#]*@)?"
    r"(?P<host>\[[^\[\]@/?#]*\]|[^\[\]:@/?#]*)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#].*)?",
    re.ASCII | re.DOTALL,
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A URL that may be tried, once its addresses have been checked too."""

    url: httpx.URL
    host: str
    """ASCII, lower case; an IPv6 literal stands without brackets."""

    port: int
    listed: bool
    """True when the allow list names this host and port."""

    @property
    def literal(self) -> str | None:
        """The host if it is an address, else ``None``."""
        return self.host if _address_of(self.host) is not None else None

    def __str__(self) -> str:
        """Scheme, host and port: all of a URL that may stand in a message."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if _DEFAULT_PORTS[self.url.scheme] == self.port else f":{self.port}"
        return f"{self.url.scheme}://{host}{port}"


def parse_allow(text: str | Iterable[str]) -> frozenset[HostPort]:
    """Return the host and port pairs of an allow list such as ``"api:8000, [::1]:9000"``.

    Raises:
        ValueError: if an entry is not ``host:port``.
    """
    entries = text.split(",") if isinstance(text, str) else text
    return frozenset(_allow_entry(entry.strip()) for entry in entries if entry.strip())


def check_url(url: str | httpx.URL, *, allow: frozenset[HostPort] = frozenset()) -> Destination:
    """Return where ``url`` leads, having looked at everything but the addresses of its name.

    Raises:
        ToolError: ``http.invalid_url`` if it cannot be read as an absolute URL;
            ``http.blocked_destination`` if it can, but leads where nothing may go.
    """
    text = str(url)
    scheme = _refuse_unclear_text(text)
    try:
        parsed = httpx.URL(text)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _invalid("its host or port cannot be read") from error
    port = parsed.port if parsed.port is not None else _DEFAULT_PORTS[scheme]
    address = _address_of(host)
    if address is None:
        _refuse_unclear_name(host)
    else:
        if not text.isascii() and host not in text:
            raise _blocked(None, "spelling", f"write the address {host!r} in plain digits")
        host = str(address)
    listed = (host, port) in allow
    destination = Destination(
        url=parsed.copy_with(fragment=None), host=host, port=port, listed=listed
    )
    if not listed:
        if port not in _DEFAULT_PORTS.values():
            raise _blocked(destination, "port", f"port {port} is not 80 or 443")
        if address is None and _is_local(host):
            raise _blocked(destination, "local-name", f"{host!r} is a name for inside addresses")
    if address is not None:
        check_addresses(destination, [host])
    return destination


def check_addresses(destination: Destination, addresses: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses to connect to, at most 16, having checked *every* one given.

    One inside address among public ones condemns the name: which of them a second look would
    give is the attacker's choice, not ours.

    Raises:
        ToolError: ``http.blocked_destination``.
    """
    for text in addresses:
        kind = denied_kind(text)
        if kind is None or (destination.listed and kind in _LIFTABLE):
            continue
        raise _blocked(destination, kind, f"its address is {kind}")
    return tuple(addresses[:MAX_ADDRESSES])


def denied_kind(address: str) -> str | None:
    """Return why ``address`` (IPv4 or IPv6 text) must not be reached, or ``None`` if it may."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unreadable"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.scope_id is not None:
        return "scoped"
    for network, kind in _NETWORKS:
        if parsed.version == network.version and parsed in network:
            return kind
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_UNICAST_V6:
        return "reserved"
    return None


def _refuse_unclear_text(text: str) -> str:
    """Return the scheme.  The URL parser mends what it can; here the unmended text is read."""
    if len(text) > MAX_URL_CHARACTERS:
        raise _invalid(f"it is longer than {MAX_URL_CHARACTERS} characters")
    if "\\" in text or not text.isprintable():
        raise _invalid("it holds a backslash or a control character; percent-encode it")
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise _invalid("write it as http://host/path or https://host/path")
    scheme = match["scheme"].lower()
    if scheme not in _DEFAULT_PORTS:
        raise _blocked(None, "scheme", f"only http and https are spoken, not {scheme!r}")
    if match["userinfo"] is not None:
        raise _blocked(None, "userinfo", "put the credentials into a header, not before an '@'")
    if not match["host"]:
        raise _invalid("it names no host")
    if match["port"] is not None and not 0 < int(match["port"]) < 65_536:
        raise _invalid(f"{match['port']!r} is not a port")
    if "%" in match["host"]:
        raise _blocked(None, "spelling", "a host is written without '%'")
    return scheme


def _refuse_unclear_name(host: str) -> None:
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _blocked(None, "spelling", f"{host[:253]!r} is not a plain host name")
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0x7f.1, 127.1: some resolver somewhere reads an address in it.
        raise _blocked(None, "spelling", f"write the address {host!r} as four decimal numbers")


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_local(host: str) -> bool:
    return any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES)


def _allow_entry(entry: str) -> HostPort:
    host, _, port = entry.rpartition(":")
    host = host.removeprefix("[").removesuffix("]").lower()
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"{entry!r} in the allow list is not host:port")
    address = _address_of(host)
    return (str(address) if address is not None else host), int(port)


def _invalid(why: str) -> ToolError:
    return ToolError("http.invalid_url", f"this URL cannot be used: {why}")


def _blocked(destination: Destination | None, kind: str, why: str) -> ToolError:
    where = "this URL" if destination is None else repr(str(destination))
    details = {"reason": kind} | ({"host": destination.host} if destination is not None else {})
    return ToolError("http.blocked_destination", f"{where} may not be reached: {why}", details)
