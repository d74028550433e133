"""Which requests are passed on, by path, and under which name each is counted."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

OTHER = "other"  # the name of every path that no template describes: names stay few, whatever is asked for

# Ours by default. The first ones can be listed; the rest never leave: platforms and operators must reach this process.
IMPORTS = ("/process-full*",)
UNLEASH_WEBHOOK = "/webhooks/unleash"
KEPT = ("/health", "/health-deep", "/ready", "/metrics", "/jobs/*", "/admin*", "/explain/*", "/console",
        "/console/*", UNLEASH_WEBHOOK)  # fmt: skip
# What the old service is known to answer.
KNOWN = (
    "/chat", "/query", "/process-import", "/analyze", "/create-soulprint", "/embed-chunks", "/status", "/test-embed",
    "/test-patch", "/generate-soulprint/{user_id}", "/embedding-status/{user_id}", "/complete-embeddings/{user_id}",
)  # fmt: skip

_PATTERN = re.compile(r"/[A-Za-z0-9/._~-]*(?:\{\w+\}[A-Za-z0-9/._~-]*)*\*?")


class PatternError(ValueError):
    """A listed route cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path, exact, with `{name}` for any one segment, and with `*` at its end for whatever follows."""

    template: str
    expression: re.Pattern[str]

    def matches(self, path: str) -> bool:
        return self.expression.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class ForwardedRoutes:
    """The routes that are passed on: those listed, or without a list all that are not ours."""

    listed: tuple[Route, ...] | None
    kept: tuple[Route, ...]
    known: tuple[Route, ...]

    def name(self, path: str) -> str | None:
        """Under which template the path is passed on; None when it is answered here.

        So is what another server might take for one of ours, like `//admin` and `/ADMIN`.
        """
        if any(route.matches(spelled) for route in self.kept for spelled in (path, plainly(path))):
            return None
        for route in self.known if self.listed is None else self.listed:
            if route.matches(path):
                return route.template
        return OTHER if self.listed is None else None


def plainly(path: str) -> str:
    """The path as a server takes it that minds neither case nor slashes that are too many."""
    return "/" + "/".join(part for part in path.replace("\\", "/").casefold().split("/") if part.strip())


def forwarded_routes(listed: str | None) -> ForwardedRoutes:
    """The routes of a comma-separated list; None is all but ours. Raises `PatternError`."""
    if listed is None:
        return ForwardedRoutes(None, _routes((*IMPORTS, *KEPT)), _routes(KNOWN))
    patterns = tuple(pattern.strip() for pattern in listed.split(",") if pattern.strip())
    for pattern in patterns:
        _check(pattern)
    return ForwardedRoutes(_routes(patterns), _routes(KEPT), ())


def _routes(patterns: tuple[str, ...]) -> tuple[Route, ...]:
    return tuple(Route(pattern, _compile(pattern)) for pattern in patterns)


def _compile(pattern: str) -> re.Pattern[str]:
    body = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(pattern.removesuffix("*")))
    return re.compile(f"{body}.*" if pattern.endswith("*") else body, re.DOTALL)


def _check(pattern: str) -> None:
    if not _PATTERN.fullmatch(pattern):
        raise PatternError(
            f"FORWARD_ROUTES: {pattern!r} is no path like /chat, /embedding-status/{{user_id}} or /api/*"
        )
    if any(route.matches(pattern) for route in _routes(KEPT)):
        raise PatternError(f"FORWARD_ROUTES: {pattern!r} is answered by the gateway itself")


def check_upstream_url(url: str) -> None:
    """Raise ValueError unless it is the address of a service: http or https, a host, maybe a path, nothing else."""
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError("LEGACY_UPSTREAM_URL is no address like https://old.example.com")
