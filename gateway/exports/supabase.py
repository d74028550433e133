"""Exports in Supabase Storage, through its own client wherever that keeps memory constant.

The client's `download` holds the whole object in memory, which a 1 GB export does not allow: `fetch` streams from the
address that `download` asks, with the same headers, and reads errors in the same way. Imported only where a project is
configured: the client brings five others with it.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import anyio
import httpx
from supabase import AsyncClient, AsyncClientOptions, StorageException

from gateway.exports.bounded_http import LARGEST_ANSWER, BoundedTransport
from gateway.exports.errors import ExportMissingError, StorageDeniedError, StorageRefusedError
from gateway.exports.path import APP_BUCKETS, ExportPath, check_storage_path
from gateway.exports.supabase_answers import (
    OTHER_ROLES,
    StorageAnswer,
    answer_of,
    judge,
    names_in,
    read_answer,
    role_of,
)
from pipelines.contract import PipelineError

T = TypeVar("T")

_BLOCK: Final = 1024 * 1024
_TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
_DELAYS: Final = (0.25, 1.0, 3.0)  # seconds before each retry
_FAILURES: Final = (httpx.TransportError, StorageAnswer)


class SupabaseExports:
    """An `ExportStore` on a project's Storage. `url` is the project's; `key` its service key."""

    def __init__(self, url: str, key: str, *, delays: Sequence[float] = _DELAYS, max_bytes: int = 8 * 1024**3) -> None:
        self._url = f"{url.rstrip('/')}/storage/v1"
        self._headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        # identity: the bytes as they are stored, so that a .json.gz arrives as gzip, and nothing unfolds in memory
        self._http = httpx.AsyncClient(
            timeout=_TIMEOUT, transport=BoundedTransport(), headers={"Accept-Encoding": "identity"}
        )
        self._storage = AsyncClient(url.rstrip("/"), key, AsyncClientOptions(httpx_client=self._http)).storage
        self._delays = tuple(delays)
        self._max_bytes = max_bytes

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def fetch(self, storage_path: str, to: Path) -> None:
        path = check_storage_path(storage_path)
        part = to.with_name(to.name + ".part")
        try:
            await self._patiently(path, lambda: self._download(path, part))
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)

    async def put(self, storage_path: str, source: Path) -> None:
        path = check_storage_path(storage_path)

        async def upload() -> None:
            with source.open("rb") as file:
                options: Any = {"content-type": "application/octet-stream", "upsert": "true"}
                await self._storage.from_(path.bucket).upload(path.key, file, options)

        await self._patiently(path, upload)

    async def exists(self, storage_path: str) -> bool:
        path = check_storage_path(storage_path)
        try:
            await self._patiently(path, lambda: self._storage.from_(path.bucket).info(path.key))
        except ExportMissingError:
            return False
        return True

    async def _download(self, path: ExportPath, part: Path) -> None:
        # `authenticated`: only there a key that is none is refused, instead of being answered that nothing is there
        url = f"{self._url}/object/authenticated/{quote(str(path), safe='/')}"
        limit = {LARGEST_ANSWER: self._max_bytes + 2 * _BLOCK}  # what is too large by less, `_save` tells
        async with self._http.stream("GET", url, headers=self._headers, extensions=limit) as response:
            if response.status_code != httpx.codes.OK:
                raise await read_answer(response)
            await self._save(response, part)

    async def _save(self, response: httpx.Response, part: Path) -> None:
        size = 0
        async with await anyio.open_file(part, "wb") as file:
            async for block in response.aiter_raw(_BLOCK):
                size += len(block)
                if size > self._max_bytes:
                    raise StorageRefusedError(f"The export is larger than {self._max_bytes:,} bytes")
                await file.write(block)

    async def check_access(self) -> None:
        try:
            await self._buckets()
        except _FAILURES as error:
            raise judge(None, error) from None

    async def _buckets(self) -> frozenset[str]:
        """The buckets that our key sees: with the role that it has to have, all that there are.

        Raises `StorageDeniedError` for a key that sees none.
        """
        response = await self._http.get(f"{self._url}/bucket", headers=self._headers)
        if response.status_code != httpx.codes.OK:
            raise await read_answer(response)
        role = role_of(self._headers["apikey"])
        if role in OTHER_ROLES:
            raise StorageDeniedError(f"The key for the storage is of the role {role}, and has to be the service key")
        if not (seen := names_in(response)):
            raise StorageDeniedError("The storage shows our key no bucket: it is no service key, or of another project")
        return seen

    async def _why_missing(self, path: ExportPath) -> PipelineError:
        """A key without rights is answered as if nothing were there: that counts only for a key that has them."""
        try:
            buckets = await self._buckets()
        except _FAILURES as error:
            return judge(path, error)
        except StorageDeniedError as denied:
            return denied
        if path.bucket in buckets:
            return ExportMissingError(f"There is no export at {path}")
        if path.bucket in APP_BUCKETS:
            return StorageDeniedError(
                f"The storage shows our key no bucket {path.bucket}, which the app keeps exports in"
            )
        return ExportMissingError(f"There is no bucket at {path}")

    async def _patiently(self, path: ExportPath, call: Callable[[], Awaitable[T]]) -> T:
        """Call, and call again after network errors and what the store calls its own fault; never after a 404.

        Nothing of what the service says goes up with an error, not even to a log.
        """
        for delay in (*self._delays, None):
            try:
                return await call()
            except (*_FAILURES, StorageException, ValueError, RecursionError) as error:
                failure = judge(path, error if isinstance(error, _FAILURES) else answer_of(error))
            if isinstance(failure, ExportMissingError):
                failure = await self._why_missing(path)
            if delay is None or not failure.retryable or failure.needs_operator:
                raise failure from None
            await anyio.sleep(delay)
        raise AssertionError("unreachable")
