"""Heads of requests and answers as they are passed on: all but what concerns one connection, or us, alone."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from gateway.web.heads import forwarded_for, is_preflight, without_console_cookie

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
# What only a proxy that is trusted may say of a client; anybody else would be making it up.
SAID_BY_PROXIES = frozenset(
    {b"forwarded", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"cf-connecting-ip"}
)
# What makes another route, or another method, of a request than was judged here.
REWRITING = frozenset(
    {b"x-original-url", b"x-rewrite-url", b"x-http-method-override", b"x-http-method", b"x-method-override"}
)
# All that a browser sends with the question whether it may send a request.
OF_PREFLIGHTS = frozenset({b"origin", b"referer", b"user-agent"})
OF_PREFLIGHTS_PREFIXES = (b"access-control-request-", b"accept", b"sec-fetch-")
# The server has read the body's length, answered the expectation, and writes its own date.
MADE_ANEW = frozenset({b"host", b"expect"})
WITHOUT_BODY = (204, 304)
BLANKS: Final = b" \t"
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


@dataclass(frozen=True, slots=True)
class HeadRules:
    """What is ours of a head. `secrets` never leave; `proxies`: how many of yours stand before us."""

    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    proxies: int = 0

    def is_ours(self, header: Header) -> bool:
        """Does it show one of our secrets, as it is or in Base64, or say what only a trusted proxy may?"""
        spelled, value = header
        name = spelled.replace(b"_", b"-")  # which servers take for the same
        if name in REWRITING or (is_said_by_proxies(name) and (not self.proxies or name != spelled)):
            return True
        return any(self.shows_secret(text) for text in (value, unquote_to_bytes(value), *map(decoded, value.split())))

    def shows_secret(self, text: bytes) -> bool:
        """Is one of our secrets in it?"""
        return any(secret in text for secret in self.secrets)


NO_RULES: Final = HeadRules()


def request_head(
    scope: Mapping[str, Any], host: bytes, prefix: bytes = b"", rules: HeadRules = NO_RULES
) -> RequestHead:
    """The head for the service at `host` whose routes begin with `prefix`. Raises `UnclearRequest` and `Loop`."""
    incoming: Headers = [(name, value.strip(BLANKS)) for name, value in scope["headers"]]
    _check_framing(incoming)
    _check_path(scope["path"])
    if any(PSEUDONYM in value for name, value in incoming if name == b"via"):
        raise Loop
    query: bytes = scope["query_string"]
    target = prefix + scope["raw_path"] + (b"?" + query if query else b"")
    if rules.shows_secret(unquote_to_bytes(target)):
        raise UnclearRequest("the address holds a key of the gateway, which stays here")
    kept = [header for header in _end_to_end(incoming) if header[0].replace(b"_", b"-") not in MADE_ANEW | FORWARDED]
    kept = [left for header in kept if not rules.is_ours(header) and (left := without_console_cookie(header))]
    headers = [(b"host", host), *kept, *_traces(scope, incoming, rules.proxies)]
    if is_preflight(scope):
        return RequestHead(scope["method"], target, [header for header in headers if is_of_preflight(header[0])])
    if _has(incoming, b"transfer-encoding"):
        headers.append((b"transfer-encoding", b"chunked"))
    return RequestHead(scope["method"], target, headers)


def is_said_by_proxies(name: bytes) -> bool:
    """Does it tell of a client what only a proxy can know?"""
    return name in SAID_BY_PROXIES or name.startswith(b"x-forwarded-")


def is_of_preflight(name: bytes) -> bool:
    """May it be in the head of a question that anybody may ask? Its body is not passed on, nor its length."""
    return name in OF_PREFLIGHTS | FORWARDED | {b"host"} or name.startswith(OF_PREFLIGHTS_PREFIXES)


def decoded(word: bytes) -> bytes:
    """What a word is in Base64, nothing where it is none."""
    try:
        return b64decode(word + b"=" * (-len(word) % 4))
    except ValueError:
        return b""


def answer_headers(status: int, headers: Iterable[Header]) -> Headers:
    """An answer's headers. Its length goes where the body is framed anew, or where there is none.

    Raises `UnclearAnswer` for a value with control characters.
    """
    incoming = [(name.lower(), value.strip(BLANKS)) for name, value in headers]
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


def _traces(scope: Mapping[str, Any], incoming: Headers, proxies: int) -> Headers:
    """Where the request came from. What our own proxies have said of it is believed, and nobody else."""
    client = scope.get("client")
    came_from = forwarded_for(incoming)[-proxies:] if proxies else []
    if client is not None:
        came_from.append(str(client[0]))
    passed = [value for name, value in incoming if name == b"via"] + [b"1.1 " + PSEUDONYM]
    traces = [(b"x-forwarded-for", ", ".join(came_from).encode("latin-1"))] if came_from else []
    believed = incoming if proxies else []
    traces += _first(believed, b"x-forwarded-proto") or [(b"x-forwarded-proto", str(scope["scheme"]).encode("ascii"))]
    asked = [(b"x-forwarded-host", value) for name, value in incoming if name == b"host"]
    traces += _first(believed, b"x-forwarded-host") or asked[:1]
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
