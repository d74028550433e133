"""What heads of requests say, whoever asks: by which addresses they came, and whether they are a browser's question."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

CONSOLE_COOKIE = "__Host-gateway-console"  # who is logged in to the console; it never leaves
Headers = Iterable[tuple[bytes, bytes]]


def network_of(text: str) -> str:
    """An IPv4 address as it is, or the /64 that an IPv6 client may choose from."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"  # a Unix socket, or a proxy that writes something else: one for all of them
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def forwarded_for(headers: Headers) -> list[str]:
    """The addresses of X-Forwarded-For, the nearest last. All but those of our own proxies may be invented."""
    lines = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    return [part.strip() for part in ",".join(lines).split(",") if part.strip()]


def is_preflight(scope: Mapping[str, Any]) -> bool:
    """A browser asking whether it may send a request: it shows no key, and learns nothing but that."""
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


def without_console_cookie(header: tuple[bytes, bytes]) -> tuple[bytes, bytes] | None:
    """A header as it may be passed on: None where it holds the console's session alone."""
    name, value = header
    if name != b"cookie" or CONSOLE_COOKIE.encode() not in value:
        return header
    left = [part.strip() for part in value.split(b";") if part.strip().partition(b"=")[0] != CONSOLE_COOKIE.encode()]
    return (name, b"; ".join(left)) if left else None
