"""The deep look at a process's surroundings: each part asked at the same time, each for a limited time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from gateway.config.settings import Settings
from gateway.database.pool import load_sql
from gateway.database.probe import NotWritableError, check_writable, count_workers
from gateway.database.retry import DATABASE_ERRORS
from gateway.database.rights.close import find_open
from gateway.exports import StorageDeniedError, StorageRefusedError, StorageUnavailableError
from gateway.language.choice import choose_language
from gateway.services import Services

LIMIT_SECONDS: Final = 3.0
KEEP_SECONDS: Final = 5.0
FAILURES: Final = (*DATABASE_ERRORS, httpx.HTTPError, StorageRefusedError, StorageUnavailableError)
SQL: Final = load_sql(Path(__file__).with_name("health.sql"))

Status = Literal["healthy", "degraded", "unhealthy"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part. `degraded` works, on something old or on less than it should."""

    status: Status
    detail: Mapping[str, Any] = field(default_factory=dict)


Probe = Callable[[Services], Awaitable[Finding]]


class DeepHealth:
    """Looks when asked, at most once in `KEEP_SECONDS` however many ask: each look costs other services a request."""

    def __init__(self, services: Services, probes: Mapping[str, Probe] | None = None) -> None:
        self._services = services
        self._probes = PROBES if probes is None else probes
        self._lock = asyncio.Lock()
        self._looked_at = float("-inf")
        self._findings: Mapping[str, Finding] = {}

    async def look(self) -> Mapping[str, Finding]:
        """Every part's finding. Answers within `LIMIT_SECONDS` and a little, whatever hangs."""
        async with self._lock:
            if time.monotonic() - self._looked_at > KEEP_SECONDS:
                found = await asyncio.gather(*(limited(probe, self._services) for probe in self._probes.values()))
                self._findings = dict(zip(self._probes, found, strict=True))
                self._looked_at = time.monotonic()
            return self._findings


async def limited(probe: Probe, services: Services, seconds: float = LIMIT_SECONDS) -> Finding:
    """The probe's finding with its time; unhealthy when it fails, or takes too long and is left behind.

    It is not waited for once it is cancelled: a driver may wait for the very server that hangs.
    """
    began = time.perf_counter()
    task = asyncio.ensure_future(probe(services))
    done, _ = await asyncio.wait({task}, timeout=seconds)
    spent = {"milliseconds": round((time.perf_counter() - began) * 1000, 1)}
    if not done:
        task.cancel()
        return Finding("unhealthy", {"error": f"no answer within {seconds:g} s", **spent})
    error = task.exception()
    if error is None:
        found = task.result()
        return Finding(found.status, {**found.detail, **spent})
    if isinstance(error, FAILURES):
        return Finding("unhealthy", {"error": type(error).__name__, **spent})
    raise error


async def probe_pipelines(services: Services) -> Finding:
    """Imported at start. Without its candidate a process goes on serving the stable version."""
    registry = services.registry
    return Finding(
        "unhealthy" if services.base not in registry.usable else "degraded" if registry.broken else "healthy",
        {"usable": sorted(registry.usable), "broken": dict(registry.broken)},
    )


async def probe_database(services: Services) -> Finding:
    """Can it be written to?"""
    try:
        await check_writable(services.database, LIMIT_SECONDS)
    except NotWritableError as error:
        return Finding("unhealthy", {"error": str(error)})
    return Finding("healthy")


async def probe_storage(services: Services) -> Finding:
    """Ask what only the service key's role is answered: a key without rights is told that nothing is there."""
    try:
        await services.exports.check_access()
    except StorageDeniedError as denied:
        return Finding("unhealthy", {"error": type(denied).__name__, "why": str(denied)})
    return Finding("healthy")


async def probe_flags(services: Services) -> Finding:
    """Old flags still decide; without any, nothing can be decided."""
    state = services.flags.state()
    status: Status = "healthy" if state.known and state.healthy else "degraded" if state.known else "unhealthy"
    detail = {"source": state.source, "age_seconds": round(state.age_seconds, 1), "error": state.error}
    return Finding(status, detail)


async def probe_workers(services: Services) -> Finding:
    """Heartbeats of all processes, in the database."""
    found = await count_alive(services)
    return Finding("healthy" if found else "unhealthy", {"alive": found})


async def count_alive(services: Services) -> int:
    """How many workers there are, in whichever process, with a fresh heartbeat."""
    async with services.database.pool.connection(timeout=LIMIT_SECONDS) as connection:
        return await count_workers(connection, services.settings.stalled_after_seconds)


async def probe_queue(services: Services) -> Finding:
    """Unhealthy when the oldest waiting job has waited for longer than a whole job may take."""
    async with services.database.pool.connection(timeout=LIMIT_SECONDS) as connection:
        row = await (await connection.execute(SQL["queue"])).fetchone()
    waiting, age = (0, 0.0) if row is None else (int(row[0]), float(row[1]))
    late = age > services.settings.job_timeout_seconds
    return Finding("unhealthy" if late else "healthy", {"waiting": waiting, "oldest_seconds": round(age, 1)})


async def probe_rights(services: Services) -> Finding:
    """Is the gateway's part of the database closed to everybody else? Details name what is not."""
    async with services.database.pool.connection(timeout=LIMIT_SECONDS) as connection:
        found = await find_open(connection)
    is_open = [one.what for one in found if one.severity == "open"]
    is_weak = [one.what for one in found if one.severity == "weak"]
    status: Status = "unhealthy" if is_open else "degraded" if is_weak else "healthy"
    return Finding(status, {"open": is_open, "weak": is_weak})


async def probe_provider(services: Services) -> Finding:
    """Whether the model provider is reached and takes our key; no model is asked, so it costs nothing."""
    question = provider_question(services.settings)
    if question is None:
        choice = choose_language(services.settings)
        return Finding("healthy", {"engine": "embedded" if choice is None else choice.vendor, "asked": False})
    url, headers = question
    async with httpx.AsyncClient(timeout=LIMIT_SECONDS) as client:
        status = (await client.get(url, headers=headers)).status_code
    is_refused = status in (401, 403) or status >= 500
    return Finding("unhealthy" if is_refused else "healthy", {"http_status": status})


def provider_question(settings: Settings) -> tuple[str, dict[str, str]] | None:
    """Where a provider lists its models, and what to show there. None where nothing like that can be asked."""
    choice = choose_language(settings)
    if choice is None or choice.vendor == "bedrock":
        return None
    if choice.vendor == "anthropic":
        key = "" if settings.anthropic_api_key is None else settings.anthropic_api_key.get_secret_value()
        return "https://api.anthropic.com/v1/models", {"x-api-key": key, "anthropic-version": "2023-06-01"}
    base = settings.openai_base_url or "https://api.openai.com/v1"
    secret = settings.openai_api_key
    headers = {} if secret is None else {"Authorization": f"Bearer {secret.get_secret_value()}"}
    return f"{base.rstrip('/')}/models", headers


PROBES: Final[Mapping[str, Probe]] = {
    "pipelines": probe_pipelines,
    "database": probe_database,
    "rights": probe_rights,
    "storage": probe_storage,
    "flags": probe_flags,
    "workers": probe_workers,
    "queue": probe_queue,
    "provider": probe_provider,
}
