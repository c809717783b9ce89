"""The one door for requests to addresses that people give: imports by URL, webhooks, ML backends, media.

http(s) only, on a short list of ports; the name is resolved once and **every** address must be public; the connection goes to one of the checked
addresses (so a second DNS answer cannot change it) with the right SNI and Host; redirects are checked again; time and size are bounded; the
environment's proxies are not used. `ALLOWED_INTERNAL_HOSTS` opens exact hosts. Nothing else in the project opens a socket to such an address.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused

if TYPE_CHECKING:
    import urllib3  # by the first request: a server starts without it

PORTS = frozenset({80, 443, *range(8080, 8091), 9090})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 3
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
MOST_ADDRESSES = 4  # of one name, that are tried in turn
CHUNK = 64 << 10

_allowed_now: ContextVar[frozenset[str]] = ContextVar("hosts allowed by the operator", default=frozenset())


def address_refused() -> Refused:
    """One text for a forbidden address and for one that does not answer, so that nobody can map the inner network with it."""
    return Refused(
        _("This address cannot be reached from here. Give a public http(s) address, or ask the administrator to allow the host."),
        400,
    )


@dataclass
class Answer:
    """What came back: `url` after redirects, `status`, lower-case `headers`, and the body as a stream of at most `max_bytes`."""

    url: str
    status: int
    headers: Mapping[str, str]
    _response: urllib3.BaseHTTPResponse
    _max_bytes: int
    _until: float

    def stream(self) -> Iterator[bytes]:
        """The body in chunks. Raises `Refused` (413) once it is larger than allowed."""
        import urllib3

        size = 0
        try:
            # read1 gives what has arrived; `stream` would wait for a whole chunk of a body that drips.
            while chunk := self._response.read1(CHUNK, decode_content=True):
                size += len(chunk)
                if size > self._max_bytes:
                    raise Refused(_("The answer of this address is too large."), 413)
                if time.monotonic() > self._until:
                    raise address_refused()  # it drips: each byte in time, the whole never
                yield chunk
        except urllib3.exceptions.HTTPError:
            raise address_refused() from None

    def read(self) -> bytes:
        return b"".join(self.stream())


@contextmanager
def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 10.0,
    connect: float | None = None,
    max_bytes: int = 100 << 20,
    within: float = 600.0,
) -> Iterator[Answer]:
    """Ask `url`; yields an `Answer` (any status). `timeout` is seconds between two reads, and for connecting unless `connect` says so; `within` for the whole.

    Raises `Refused` (400) when the address is not allowed or does not answer, and for more than three redirects.
    """
    import urllib3

    for _hop in range(MAX_REDIRECTS + 1):
        parts, host, port = _parts(url)
        limits = urllib3.Timeout(connect=timeout if connect is None else connect, read=timeout)
        pool, response = _asked(method, parts, checked_addresses(host, port), port, limits, headers or {}, body)
        location = response.headers.get("Location")
        if response.status in REDIRECTS and location and method in ("GET", "HEAD"):
            response.close()
            pool.close()
            further = urljoin(url, location)
            if _origin(further) != _origin(url):  # what is for one server is not told to another
                headers = {name: value for name, value in (headers or {}).items() if name.lower() not in CREDENTIALS}
            url = further
            continue
        try:
            yield Answer(
                url,
                response.status,
                {name.lower(): value for name, value in response.headers.items()},
                response,
                max_bytes,
                time.monotonic() + within,
            )
        finally:
            response.close()
            pool.close()
        return
    raise Refused(_("This address redirects too often."), 400)


def _asked(
    method: str,
    parts: SplitResult,
    addresses: list[str],
    port: int,
    limits: urllib3.Timeout,
    headers: Mapping[str, str],
    body: bytes | None,
) -> tuple[urllib3.HTTPConnectionPool, urllib3.BaseHTTPResponse]:
    """The answer of the first address that lets us connect. One that took the connection and then failed is not asked past: it may have acted."""
    import urllib3

    for address in addresses[:MOST_ADDRESSES]:
        pool = _pool(parts, address, port, limits)
        try:
            return pool, pool.urlopen(
                method,
                (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                headers={
                    "Host": parts.netloc.rpartition("@")[2],
                    "User-Agent": f"Labelspace/{settings.VERSION}",
                    "Accept-Encoding": "gzip",
                    **headers,
                },
                body=body,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=True,
                assert_same_host=False,
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            pool.close()
        except (urllib3.exceptions.HTTPError, OSError, UnicodeError):
            pool.close()
            break
    raise address_refused()


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def checked_address(url: str) -> tuple[SplitResult, str, int]:
    """(parts of the URL, the first checked IP address, port). Raises `Refused` for anything that must not be asked."""
    parts, host, port = _parts(url)
    return parts, checked_addresses(host, port)[0], port


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """(parts of the URL, host, port). Raises `Refused` for what is no http(s) address."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise address_refused() from None
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise address_refused()
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def checked_addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the name server orders them: any may be connected to.

    Raises `Refused` for what must not be asked and for names that nobody knows.
    """
    trusted = not settings.SSRF_PROTECTION_ENABLED or is_allowed_internal(host, port)
    if not trusted and port not in PORTS:
        raise address_refused()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise address_refused() from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not (trusted or all(is_public(address) for address in addresses)):
        raise address_refused()
    return addresses


def is_allowed_internal(host: str, port: int) -> bool:
    """Whether `ALLOWED_INTERNAL_HOSTS` names this host, alone or with the port."""
    allowed = settings.ALLOWED_INTERNAL_HOSTS
    return any(name in names for name in (host, f"{host}:{port}") for names in (allowed, _allowed_now.get()))


@contextmanager
def allowing(host: str) -> Iterator[None]:
    """Inside of this block `host` (perhaps with `:port`) may be asked though it is an internal one: the operator of this machine has named it.

    Never for an address that came from a request.
    """
    token = _allowed_now.set(_allowed_now.get() | {host.lower()})
    try:
        yield
    finally:
        _allowed_now.reset(token)


def is_public(address: str) -> bool:
    """Whether an IP address is a public unicast one, also when it is wrapped in IPv6 (mapped, 6to4, NAT64, Teredo)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    banned = (ipaddress.ip_network(subnet, strict=False) for subnet in settings.USER_ADDITIONAL_BANNED_SUBNETS)
    return ip.is_global and not ip.is_multicast and not any(ip in subnet for subnet in banned)


def _pool(parts: SplitResult, address: str, port: int, limits: urllib3.Timeout) -> urllib3.HTTPConnectionPool:
    import urllib3

    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=limits, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=limits,
        maxsize=1,
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )
