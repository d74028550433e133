"""Heads of requests and answers as they are passed on: everything but what concerns one connection alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Header = tuple[bytes, bytes]
Headers = list[Header]

PSEUDONYM = b"soulprint-gateway"  # how this proxy calls itself in `Via`
HOP_BY_HOP = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
        b"trailer", b"transfer-encoding", b"upgrade",
    }
)  # fmt: skip
FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"via"})
# The server has read the body's length, answered the expectation, and writes its own date.
MADE_ANEW = frozenset({b"host", b"expect"})
WITHOUT_BODY = (204, 304)
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class UnclearRequest(Exception):
    """The request could mean two things to two servers; the message says why."""


class UnclearAnswer(Exception):
    """The answer's headers cannot be passed on."""


class Loop(Exception):
    """The request has been here before: the old service's address leads back to this gateway."""


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request up to its body. `target` is the path as it was spelled, with its query."""

    method: str
    target: bytes
    headers: Headers


def request_head(scope: Mapping[str, Any], host: bytes, prefix: bytes = b"") -> RequestHead:
    """The head for the service at `host` whose routes begin with `prefix`. Raises `UnclearRequest` and `Loop`."""
    incoming: Headers = list(scope["headers"])
    _check_framing(incoming)
    _check_path(scope["path"])
    if any(PSEUDONYM in value for name, value in incoming if name == b"via"):
        raise Loop
    query: bytes = scope["query_string"]
    target = prefix + scope["raw_path"] + (b"?" + query if query else b"")
    kept = [header for header in _end_to_end(incoming) if header[0] not in MADE_ANEW | FORWARDED]
    headers = [(b"host", host), *kept, *_traces(scope, incoming)]
    if _has(incoming, b"transfer-encoding"):
        headers.append((b"transfer-encoding", b"chunked"))
    return RequestHead(scope["method"], target, headers)


def answer_headers(status: int, headers: Iterable[Header]) -> Headers:
    """An answer's headers. Its length goes where the body is framed anew, or where there is none.

    Raises `UnclearAnswer` for a value with control characters.
    """
    incoming = [(name.lower(), value) for name, value in headers]
    if any(CONTROL.search(value) for _, value in incoming):
        raise UnclearAnswer
    kept = _end_to_end(incoming)
    drop = {b"date"}
    if status in WITHOUT_BODY or _has(incoming, b"transfer-encoding"):
        drop.add(b"content-length")
    return [header for header in kept if header[0] not in drop]


def _end_to_end(headers: Headers) -> Headers:
    """Without the hop-by-hop headers: the known ones, and those that `Connection` names."""
    named = {
        token.strip().lower() for name, value in headers if name == b"connection" for token in value.split(b",")
    } - {b"content-length", b"host"}
    return [header for header in headers if header[0] not in HOP_BY_HOP and header[0] not in named]


def _traces(scope: Mapping[str, Any], incoming: Headers) -> Headers:
    """Where the request came from. A proxy before us has said the scheme and the host already, and is believed."""
    client = scope.get("client")
    came_from = [value for name, value in incoming if name == b"x-forwarded-for"]
    if client is not None:
        came_from.append(str(client[0]).encode("ascii"))
    passed = [value for name, value in incoming if name == b"via"] + [b"1.1 " + PSEUDONYM]
    traces = [(b"x-forwarded-for", b", ".join(came_from))] if came_from else []
    traces += _first(incoming, b"x-forwarded-proto") or [(b"x-forwarded-proto", str(scope["scheme"]).encode("ascii"))]
    asked = [(b"x-forwarded-host", value) for name, value in incoming if name == b"host"]
    traces += _first(incoming, b"x-forwarded-host") or asked[:1]
    return [*traces, (b"via", b", ".join(passed))]


def _first(headers: Headers, name: bytes) -> Headers:
    return [header for header in headers if header[0] == name][:1]


def _has(headers: Headers, name: bytes) -> bool:
    return any(known == name for known, _ in headers)


def _check_framing(headers: Headers) -> None:
    """Two lengths are how requests are smuggled. The server refuses them too; this holds behind any server."""
    lengths = [value for name, value in headers if name == b"content-length"]
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if len(lengths) > 1 or (lengths and codings):
        raise UnclearRequest("the length of the body is given twice")
    if codings and codings != [b"chunked"]:
        raise UnclearRequest("the only transfer coding is chunked")
    if lengths and not lengths[0].isdigit():
        raise UnclearRequest("the length of the body is not a number")


def _check_path(path: str) -> None:
    """A server that resolves `..` would answer another route than the one that was judged here."""
    if any(segment in (".", "..") for segment in path.replace("\\", "/").split("/")):
        raise UnclearRequest("the path has a part of dots")
