"""Flags from a real Unleash server: polled, refreshed on demand, and kept when the server is not."""

import asyncio
import contextlib
import hashlib
import os
import random
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog

from flags.document.document import BadDocument, FlagDocument, read_document
from flags.last_known.backup import Backup
from flags.last_known.snapshot import Known, Traits
from flags.model import FlagState, Versions
from flags.unleash.api import ClientApi, Endpoint, FlagServerError, Http
from flags.unleash.usage import Reporter

log = structlog.get_logger()

CLIENT_SPEC = "5.2.0"  # of those that know segments: else the server writes their constraints into the strategies
MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class PollTiming:
    """How often, and how retry_while_away. Seconds."""

    poll: float = 1.0
    led_poll: float = 15.0  # while another process asks so often, and tells of changes
    first_wait: float = 1.0  # how long `start` waits for the first answer
    report: float = 60.0
    longest_wait: float = 60.0  # between polls that are refused
    # The server's list of flags lags a change by up to two seconds (see ClientApi.feature). After a refresh that went
    # past that cache, polls do so too for a while, or they would fall back to the state before the change; and so
    # does a process that has just started.
    fresh_for: float = 3.0


class UnleashSource(Known):
    """A `FlagSource` over the client API."""

    def __init__(
        self,
        endpoint: Endpoint,
        backup_folder: Path,
        traits: Traits,
        pace: PollTiming | None = None,
        led_elsewhere: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__("unleash", traits)
        identity = {
            "appName": traits.app_name,
            "instanceId": f"{socket.gethostname()}:{os.getpid()}",
            "connectionId": str(uuid.uuid4()),
        }
        self._pace = pace or PollTiming()
        self._led_elsewhere = led_elsewhere
        self._backup = Backup(backup_folder / f"unleash-{_name_of(endpoint)}.json", traits.versions)
        self._http = Http(endpoint, _headers(identity))
        self._api = ClientApi(self._http)
        self._reporter = Reporter(self._api, self.counts, identity, self._pace.report)
        self._tasks: list[asyncio.Task[None]] = []
        self._one_at_a_time = asyncio.Lock()
        self._tried = asyncio.Event()
        self._etag: str | None = None
        self._body = b""  # the answer that `_etag` names
        self._fresh_until = 0.0
        self._refusals = 0  # polls in a row that were refused: 401, 403, 429
        self._retry_after: float | None = None

    async def start(self) -> None:
        """Take the last known flags from disk, begin to poll, and give the first poll a moment."""
        if (kept := await asyncio.to_thread(self._backup.load)) is not None:
            with contextlib.suppress(BadDocument):
                self.restore(*kept)
        self._fresh_until = time.monotonic() + self._pace.fresh_for
        self._tasks = [
            asyncio.create_task(self._keep_polling(), name="flags-poll"),
            asyncio.create_task(self._reporter.run(), name="flags-report"),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), self._pace.first_wait)

    async def stop(self) -> None:
        """Stop polling, report the last usage if the server takes it, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks and self.state().healthy:
            await self._reporter.report()
        self._tasks = []
        await self._http.close()

    async def refresh(self) -> FlagState:
        """Ask the server now, past its cache."""
        self._fresh_until = time.monotonic() + self._pace.fresh_for
        await self._look()
        return self.state()

    async def _keep_polling(self) -> None:
        while True:
            await self._look()
            self._tried.set()
            await self._pause()

    async def _pause(self) -> None:
        """Until the next poll. Who begins to lead meanwhile polls at its own pace from then on."""
        began, late = time.monotonic(), random.uniform(0.8, 1.2)  # noqa: S311 - not all processes at once
        await asyncio.sleep(self._wait())
        while self._led_elsewhere() and time.monotonic() < began + self._pace.led_poll * late:  # noqa: ASYNC110
            await asyncio.sleep(self._pace.poll)

    def _wait(self) -> float:
        """Until the next poll: what the server asked for; after refusals, longer each time."""
        refused = self._refusals
        longer = min(self._pace.poll * 2**refused, self._pace.longest_wait) if refused else 0.0
        return max(self._pace.poll, longer, self._retry_after or 0.0)

    async def _look(self) -> None:
        async with self._one_at_a_time:
            try:
                document = await self._fetch()
                self.accept(document)
            except FlagServerError as error:
                self._refusals = min(self._refusals + 1, MOST_DOUBLINGS) if error.refused else 0
                self._retry_after = error.retry_after
                self.fail(str(error))
            except BadDocument as error:
                self.fail(str(error))
            except Exception as error:  # the watch goes on after any error
                log.exception("flag_server_watch_broke")
                self.fail(f"{type(error).__name__}: {error}")
            else:
                self._refusals, self._retry_after = 0, None
                await asyncio.to_thread(self._backup.save, self.document)

    async def _fetch(self) -> FlagDocument:
        if time.monotonic() >= self._fresh_until:
            body, self._etag = await self._listed()
            document = read_document(body, self._traits.versions)
        else:
            (body, self._etag), *singles = await asyncio.gather(
                self._listed(), *(self._api.feature(name) for name in self._traits.versions.flags)
            )
            document = read_document(with_singles(body, singles, self._traits.versions), self._traits.versions)
        self._body = body
        return document

    async def _listed(self) -> tuple[bytes, str | None]:
        answer = await self._api.features(self._etag)
        return (self._body, self._etag) if answer is None else (answer.body, answer.etag)


def with_singles(body: bytes, singles: Sequence[Any | None], versions: Versions) -> bytes:
    """The listed document with our flags as they are in the server's database.

    One that is on by a segment which is not listed yet stays as it is listed: it would be off for everybody meanwhile.
    """
    try:
        listed = msgspec.json.decode(body, type=dict[str, Any])
        others = [feature for feature in listed["features"] if _name_in(feature) not in versions.flags]
        ours = {name: feature for feature in listed["features"] if (name := _name_in(feature)) in versions.flags}
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise BadDocument(f"not a flag document: {error}") from error
    segments = _ids_of(listed.get("segments"))
    fresh = [
        ours.get(_name_in(feature), feature) if _segments_in(feature) - segments else feature
        for feature in singles
        if feature is not None
    ]
    return msgspec.json.encode({**listed, "features": others + fresh})


def _ids_of(segments: Any) -> set[Any]:
    try:
        return {segment["id"] for segment in segments or ()}
    except (KeyError, TypeError):
        return set()


def _segments_in(feature: Any) -> set[Any]:
    """Those that decide for whom it is on."""
    try:
        found = {number for strategy in feature["strategies"] for number in strategy.get("segments") or ()}
        return found if feature["enabled"] else set()
    except (KeyError, TypeError, AttributeError):
        return set()  # whoever reads it names what is wrong


def _name_in(feature: Any) -> Any:
    return feature.get("name") if isinstance(feature, dict) else None


def _headers(identity: dict[str, str]) -> dict[str, str]:
    return {
        "unleash-appname": identity["appName"],
        "unleash-instanceid": identity["instanceId"],
        "unleash-connection-id": identity["connectionId"],
        "unleash-client-spec": CLIENT_SPEC,
    }


def _name_of(endpoint: Endpoint) -> str:
    """Another server, or another environment's token, has other last known flags."""
    return hashlib.sha256(f"{endpoint.api} {endpoint.token}".encode()).hexdigest()[:12]
