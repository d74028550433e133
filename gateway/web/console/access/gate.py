"""Judges a request to the console by its head: by which name it calls us, and from which page it comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from gateway.config.hosts import is_loopback, name_of

READS: Final = frozenset({"GET", "HEAD"})
ELSEWHERE: Final = "CONSOLE_ORIGIN is not set, so the console answers on this machine alone: http://127.0.0.1"
FROM_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})


@dataclass(frozen=True, slots=True)
class Head:
    """What of a request's head is judged."""

    method: str
    path: str
    query: str
    host: str | None
    origin: str | None
    site: str | None  # Sec-Fetch-Site
    cookie: str | None
    live: bool  # asked by the page's script, for a part of it

    @classmethod
    def of(cls, method: str, path: str, query: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Self:
        """Of a request. A header that is there twice counts as what both say."""
        found: dict[bytes, str] = {}
        for name, value in headers:
            text = value.decode("latin-1")
            found[name] = f"{found[name]}, {text}" if name in found else text
        return cls(
            method=method,
            path=path,
            query=query.decode("latin-1"),
            host=found.get(b"host"),
            origin=found.get(b"origin"),
            site=found.get(b"sec-fetch-site"),
            cookie=found.get(b"cookie"),
            live=b"hx-request" in found,
        )

    def cookie_named(self, name: str) -> str | None:
        """One cookie's value."""
        for part in (self.cookie or "").replace(",", ";").split(";"):
            key, equals, value = part.strip().partition("=")
            if equals and key == name:
                return value
        return None

    @property
    def is_first_from_elsewhere(self) -> bool:
        """Has somebody followed a link from another site, so that the browser held the session's cookie back?"""
        return self.method in READS and not self.live and self.site in FROM_ELSEWHERE


def refusal(head: Head, origin: str | None) -> str | None:
    """Why the request is refused, whoever asks; None if it may pass. `origin`: CONSOLE_ORIGIN."""
    if head.host is None or not is_own_host(head.host, origin):
        return ELSEWHERE if origin is None else f"the console is at {origin}"
    if head.method in READS:
        return None
    if head.method != "POST":
        return "pages are read by GET and changed by POST"
    is_ours = head.origin in own_origins(head.host, origin) and head.site in {None, "same-origin"}
    return None if is_ours else "this form was not sent by a page of the console"


def is_own_host(host: str, origin: str | None) -> bool:
    """Is it the name of CONSOLE_ORIGIN, or without that, one of this machine?"""
    if origin is None:
        return is_loopback(name_of(host))
    scheme, _, netloc = origin.partition("://")
    port = ":443" if scheme == "https" else ":80"
    return host.lower().removesuffix(port) == netloc.removesuffix(port)


def own_origins(host: str, origin: str | None) -> frozenset[str]:
    """What a browser may say of where a form was sent from."""
    if origin is not None:
        return frozenset({origin})
    return frozenset({f"http://{host.lower()}", f"https://{host.lower()}"})
