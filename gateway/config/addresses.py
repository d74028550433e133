"""Addresses as settings name them: checked in form, and pooler URLs as their providers print them understood."""

from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

SCHEMES: Final = ("postgresql", "postgres")
# What providers append for other programs, and Postgres' own library refuses.
FOREIGN: Final = frozenset({"pgbouncer", "connection_limit", "pool_timeout", "schema", "supa", "statement_cache_size"})
TRUE: Final = ("true", "1", "yes", "on")
SUPABASE_POOLER_PORT: Final = "6543"  # of the one in transaction mode; 5432 is in session mode


class DatabaseAddress(NamedTuple):
    """`url` as Postgres' own library takes it. `transaction_pooler`: it says itself that it leads to one."""

    url: str
    transaction_pooler: bool


def read_database_url(url: str) -> DatabaseAddress:
    """Raises ValueError, which names the setting and no part of the password, for what can be no Postgres."""
    if "://" not in url and "=" in url:
        return DatabaseAddress(url, transaction_pooler=False)  # `host=... dbname=...`
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES or not rest:
        raise ValueError("DATABASE_URL is no address of a Postgres: postgresql://user:password@host/name")
    address, _, query = rest.partition("?")
    hosts = [_host(part) for part in address.partition("/")[0].rpartition("@")[2].split(",")]
    pairs = [pair for pair in query.split("&") if pair]
    named = {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs}
    pooled = named.get("pgbouncer", "").lower() in TRUE or any(_is_pooler(*host) for host in hosts)
    kept = "&".join(pair for pair in pairs if pair.partition("=")[0] not in FOREIGN)
    return DatabaseAddress(f"{scheme}://{address}{'?' if kept else ''}{kept}", pooled)


def _host(part: str) -> tuple[str, str]:
    """A host and its port. Raises ValueError."""
    host, _, port = part.rpartition(":") if ":" in part.rpartition("]")[2] else (part, "", "")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("DATABASE_URL: what stands behind the host is no port (in a password, @ is %40 and / is %2F)")
    return host, port


def _is_pooler(host: str, port: str) -> bool:
    """Is it one whose name tells that it pools by transaction: Supabase's on its port, Neon's?"""
    supabase = host.endswith((".pooler.supabase.com", ".supabase.co")) and port == SUPABASE_POOLER_PORT
    return supabase or (host.partition(".")[0].endswith("-pooler") and host.endswith(".neon.tech"))


def check_http_url(setting: str, url: str) -> None:
    """Raises ValueError, naming the setting, unless it is the address of a service: http or https, a host."""
    try:
        parts: SplitResult | None = urlsplit(url)
        valid = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(letter.isspace() for letter in url):
        raise ValueError(f"{setting} is no address like https://example.com")
