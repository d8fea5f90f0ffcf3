"""Looking at addresses on the public internet that people wrote down: whether they answer, or what they say where it is asked for.

Whoever writes a link chooses whom this machine talks to. So only the public internet is asked, at the very address that was
looked at (a name cannot change its mind in between), anew at each redirect; without cookies, keys or a body.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import IO, Literal, Self
from urllib.parse import quote, urljoin, urlsplit

from django.core.cache import cache

from announcements.kernel.mail_servers import is_private

MOST, AT_ONCE, REDIRECTS = 50, 8, 3
SECONDS, BUDGET = 5.0, 30.0
KEEP_SECONDS, ASK_AGAIN_SECONDS = 600, 60
PORTS = {80, 443, 8000, 8080, 8443}
HEADERS = {"User-Agent": "Mantel link check", "Accept": "*/*", "Connection": "close"}
MOVED = {301, 302, 303, 307, 308}
# Somebody is there, who wants to know who asks, or is asked too often.
THERE = {401, 402, 403, 405, 406, 416, 429}
_ASSIGNED = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by their numbers, and yet what a cloud tells its own machines (Azure, Oracle).
_CLOUDS = {"168.63.129.16", "192.0.0.192"}
FETCHING = {
    "User-Agent": "Mantel",
    "Accept": "application/atom+xml, application/rss+xml, */*;q=0.5",
    "Connection": "close",
}
FETCH_SECONDS, CHUNK = 30.0, 65_536
Why = Literal["", "status", "unknown_host", "no_answer", "not_secure", "too_many_redirects"]
Not = Literal[Why, "unseen", "too_large"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a link: it answers; it is dead, and why; or it is unseen, because it is not ours to look at."""

    kind: Literal["answers", "dead", "unseen"]
    why: Why = ""
    status: int = 0


class NotFetched(Exception):
    """What an address holds could not be had, and why; `status` where it answered with one."""

    def __init__(self, why: Not, status: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


class _Unseen(Exception):
    """It is not on the public internet, or not addressed as a page is."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to ask: the addresses that were looked at, and what for."""

    secure: bool
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, url: str) -> Self:
        """Return where a link leads; raise _Unseen, or OSError when its name is not known."""
        try:
            parts = urlsplit(url)
            host, secure = parts.hostname or "", parts.scheme == "https"
            port = parts.port or (443 if secure else 80)
            strange = parts.scheme not in {"http", "https"} or "@" in parts.netloc or not host or port not in PORTS
            host = host if ":" in host else host.encode("idna").decode()
        except ValueError:
            raise _Unseen from None
        if strange:
            raise _Unseen
        found = {str(place[0]): None for *_kind, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        if not all(map(is_public, found)):
            raise _Unseen
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        if parts.query:
            target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
        return cls(secure, host, port, target, tuple(found))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one on the public internet, in whatever notation it hides another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    assigned = ip.version == 4 or ip in _ASSIGNED or ip in _NAT64
    return assigned and not is_private(address) and address not in _CLOUDS


def known(urls: Collection[str]) -> dict[str, Seen]:
    """Return what was seen of these links in the last minutes; the others are left out."""
    kept = {url: cache.get(_name("seen", url)) for url in urls}
    return {url: Seen(*seen) for url, seen in kept.items() if seen}


def claim(urls: Collection[str]) -> list[str]:
    """Return those of these links that nobody is looking at, and say that somebody is now, for a minute."""
    return [url for url in list(urls)[:MOST] if cache.add(_name("asked", url), 1, ASK_AGAIN_SECONDS)]


def look(urls: Collection[str]) -> dict[str, Seen]:
    """Look at links, at most 50 and for half a minute; keep and return what was seen. Talks to the network."""
    wanted = list(dict.fromkeys(urls))[:MOST]
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outside")
    asked = {pool.submit(_look, url): url for url in wanted}
    done, _late = wait(asked, timeout=BUDGET)
    pool.shutdown(wait=False, cancel_futures=True)
    seen = {asked[one]: one.result() for one in done}
    for url, one in seen.items():
        cache.set(_name("seen", url), (one.kind, one.why, one.status), KEEP_SECONDS)
    return seen


def fetch(url: str, *, into: IO[bytes], most: int) -> None:
    """Write what an address holds into a file, at most so many bytes and within half a minute; raise NotFetched. Talks to the network."""
    try:
        status = _followed(url, monotonic() + FETCH_SECONDS, into, most)
    except _Unseen:
        raise NotFetched("unseen") from None
    except ssl.SSLError:
        raise NotFetched("not_secure") from None
    except socket.gaierror:
        raise NotFetched("unknown_host") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotFetched("no_answer") from None
    if status != 200:
        raise NotFetched("too_many_redirects" if status in MOVED else "status", status)


def _followed(url: str, ends: float, into: IO[bytes], most: int) -> int:
    for _step in range(REDIRECTS + 1):
        status, to = _get(_Place.of(url), ends, into, most)
        if status not in MOVED or not to:
            break
        url = urljoin(url, to)
    return status


def _get(place: _Place, ends: float, into: IO[bytes], most: int) -> tuple[int, str]:
    with _reached(place, ends) as line, closing(_asked(place, line, "GET", FETCHING)) as answer:
        while answer.status == 200 and (part := answer.read(CHUNK)):
            most -= into.write(part)
            if most < 0:
                raise NotFetched("too_large")
        if monotonic() >= ends or answer.getheader("Content-Encoding", "identity") != "identity":
            raise TimeoutError  # cut off it would look as if it had ended; and nobody asked for it packed
        return answer.status, answer.getheader("Location", "")


def _name(what: str, url: str) -> str:
    return f"outside:{what}:{hashlib.blake2b(url.encode(), digest_size=16).hexdigest()}"


def _look(url: str) -> Seen:
    """Follow a link to where it ends. Each step is a new place, looked at like the first."""
    try:
        for _step in range(REDIRECTS + 1):
            status, to = _answer(_Place.of(url))
            if status not in MOVED or not to:
                answers = status < 400 or status in THERE
                return Seen("answers" if answers else "dead", "" if answers else "status", status)
            url = urljoin(url, to)
    except _Unseen:
        return Seen("unseen")
    except ssl.SSLError:
        return Seen("dead", "not_secure")
    except socket.gaierror:
        return Seen("dead", "unknown_host")
    except (OSError, http.client.HTTPException, ValueError):
        return Seen("dead", "no_answer")
    return Seen("dead", "too_many_redirects")


def _answer(place: _Place) -> tuple[int, str]:
    """Return the status of a place, and where it sends us. Who refuses HEAD is asked for the first byte."""
    ends = monotonic() + SECONDS
    status, to = _ask(place, "HEAD", ends)
    return _ask(place, "GET", ends) if status >= 400 else (status, to)


def _ask(place: _Place, method: str, ends: float) -> tuple[int, str]:
    with _reached(place, ends) as line:
        answer = _asked(place, line, method, HEADERS | ({"Range": "bytes=0-0"} if method == "GET" else {}))
        if monotonic() >= ends:  # headers that were cut off look as if they had ended
            raise TimeoutError
        return answer.status, answer.getheader("Location", "")


def _asked(place: _Place, line: socket.socket, method: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    host = f"[{place.host}]" if ":" in place.host else place.host
    plain = http.client.HTTPConnection(host, place.port)
    plain.default_port = 443 if place.secure else 80  # what Host leaves out
    plain.sock = line
    plain.request(method, place.target, headers=headers)
    return plain.getresponse()


@contextmanager
def _reached(place: _Place, ends: float) -> Iterator[socket.socket]:
    """Connect to an address that was looked at, and hang up at the end of the time, however slowly it answers."""
    line = socket.create_connection((place.addresses[0], place.port), max(0.1, ends - monotonic()))
    # A duplicate: encryption takes the first over, and hanging up one hangs up both.
    other = line.dup()
    watch = threading.Timer(max(0.1, ends - monotonic()), _hang_up, (other,))
    watch.daemon = True
    watch.start()
    try:
        if place.secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=place.host)
        yield line
    finally:
        watch.cancel()
        line.close()
        other.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
