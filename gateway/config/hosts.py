"""Which names requests may call us by: those of ALLOWED_HOSTS, or on loopback those that lead nowhere else."""

import ipaddress
import re
from collections.abc import Collection
from typing import Final

ANY: Final = "*"
_NAME: Final = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[?[0-9a-f:.]+\]?")


def split_hosts(hosts: str | None) -> frozenset[str]:
    """The listed names: `api.example.com`, `*.example.com`, an address, or `*` for any. Raises ValueError."""
    listed = frozenset(part.strip().lower().strip("[]") for part in (hosts or "").split(",") if part.strip())
    for host in listed:
        if host != ANY and not _NAME.fullmatch(host):
            raise ValueError(
                f"ALLOWED_HOSTS: {host!r} is no name like api.example.com or *.example.com, without a port"
            )
    return listed


def is_loopback(host: str) -> bool:
    """Does only this machine reach what listens there?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def name_of(host: str) -> str:
    """The name in a `Host` header: in lower case, without its port and a dot at its end."""
    text = host.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].rstrip(".")


def is_listed(name: str, listed: Collection[str]) -> bool:
    """Is the name one of those listed, or below one with a star?"""
    if name in listed:
        return True
    return any(host.startswith("*.") and name.endswith(host[1:]) for host in listed)


def leads_nowhere_else(name: str) -> bool:
    """A name that no page of somebody else's can have: loopback, an address, or a name without a dot, which nobody can
    register.
    """
    if is_loopback(name) or (name and "." not in name):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
