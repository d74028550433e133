"""Exports in Supabase Storage, through its own client wherever that keeps memory constant.

The client's `download` holds the whole object in memory, which a 1 GB export does not allow: `fetch` streams from the
address that `download` asks, with the same headers, and reads errors in the same way.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import anyio
import httpx
from storage3 import AsyncStorageClient
from storage3.exceptions import StorageApiError

from gateway.exports.errors import (
    ExportMissingError,
    StorageDeniedError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.exports.path import ExportPath, check_storage_path
from pipelines.contract import PipelineError

T = TypeVar("T")

_BLOCK: Final = 1024 * 1024
_TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
_DELAYS: Final = (0.25, 1.0, 3.0)  # seconds before each retry


class SupabaseExports:
    """An `ExportStore` on a project's Storage. `url` is the project's; `key` its service key."""

    def __init__(self, url: str, key: str, *, delays: Sequence[float] = _DELAYS, max_bytes: int = 8 * 1024**3) -> None:
        self._objects = f"{url.rstrip('/')}/storage/v1/object"
        self._headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        self._http = httpx.AsyncClient(timeout=_TIMEOUT)
        self._storage = AsyncStorageClient(f"{url.rstrip('/')}/storage/v1/", self._headers, http_client=self._http)
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
            return await self._patiently(path, lambda: self._storage.from_(path.bucket).exists(path.key))
        except ExportMissingError:  # no such bucket
            return False

    async def _download(self, path: ExportPath, part: Path) -> None:
        # identity: the bytes as they are stored, so that a .json.gz arrives as gzip
        headers = {**self._headers, "Accept-Encoding": "identity"}
        url = f"{self._objects}/{quote(str(path), safe='/')}"
        async with self._http.stream("GET", url, headers=headers) as response:
            if response.is_error:
                await response.aread()
                raise _api_error(response)
            await self._save(response, part)

    async def _save(self, response: httpx.Response, part: Path) -> None:
        size = 0
        async with await anyio.open_file(part, "wb") as file:
            async for block in response.aiter_raw(_BLOCK):
                size += len(block)
                if size > self._max_bytes:
                    raise StorageRefusedError(f"The export is larger than {self._max_bytes:,} bytes")
                await file.write(block)

    async def _patiently(self, path: ExportPath, call: Callable[[], Awaitable[T]]) -> T:
        """Call, and call again after network errors and what the store calls its own fault; never after a 404."""
        for delay in (*self._delays, None):
            try:
                return await call()
            except (httpx.TransportError, StorageApiError) as error:
                failure = _judge(path, error)
                if delay is None or not failure.retryable:
                    raise failure from error
            await anyio.sleep(delay)
        raise AssertionError("unreachable")


def _api_error(response: httpx.Response) -> StorageApiError:
    """As the client reads errors: the status in the body counts, since the service may send 400 for a 404."""
    try:
        body = response.json()
        return StorageApiError(body["message"], body["error"], body["statusCode"])
    except (KeyError, TypeError, ValueError):
        return StorageApiError(response.text[:200], "InternalError", response.status_code)


def _judge(path: ExportPath, error: httpx.TransportError | StorageApiError) -> PipelineError:
    if isinstance(error, httpx.TransportError):
        return StorageUnavailableError(f"The storage did not answer for {path} ({type(error).__name__})")
    status = int(error.status) if str(error.status).isdecimal() else 500
    if status == 404:
        what = "bucket" if "bucket" in f"{error.code} {error.message}".lower() else "export"
        return ExportMissingError(f"There is no {what} at {path}")
    if status in (401, 403):
        return StorageDeniedError(f"The storage does not let us read {path}: {error.message} ({status})")
    if status in (408, 425, 429) or status >= 500:
        return StorageUnavailableError(f"The storage cannot serve {path} now ({status})")
    return StorageRefusedError(f"The storage refuses {path}: {error.message} ({status})")
