"""Unleash's client API over HTTP: every way to fail ends as one typed error, in bounded time and memory."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

MAX_BODY = 32 * 1024 * 1024


LONGEST_WAIT = 300.0  # seconds, whatever a server asks for
REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


class FlagServerError(Exception):
    """The flag server did not give a usable answer; the message says how."""

    def __init__(self, message: str, *, refused: bool = False, retry_after: float | None = None) -> None:
        """`refused`: asking again soon will not help. `retry_after`: seconds that the server asked to wait."""
        super().__init__(message)
        self.refused = refused
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a flag server is, and how long one call to it may take, all in all."""

    url: str
    token: str
    timeout_seconds: float = 2.0

    @property
    def api(self) -> str:
        """The base of its API; the setting may be given with or without `/api`, as the SDKs allow both."""
        return self.url.rstrip("/").removesuffix("/api") + "/api"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response."""

    status: int
    body: bytes
    etag: str | None
    retry_after: float | None = None  # seconds

    def json(self) -> Any:
        """The body, decoded. Raises FlagServerError."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise FlagServerError("the answer is not JSON") from error


class Http:
    """One HTTP client for one flag server."""

    def __init__(self, endpoint: Endpoint, headers: dict[str, str] | None = None) -> None:
        self._endpoint = endpoint
        self._client = httpx.AsyncClient(
            headers={"Authorization": endpoint.token, "Content-Type": "application/json", **(headers or {})},
            timeout=endpoint.timeout_seconds,
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def call(self, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One call, whatever its status. Raises FlagServerError if no answer came in time and size."""
        url = f"{self._endpoint.api}{path}"
        content = None if json is None else msgspec.json.encode(json)
        try:
            async with (
                asyncio.timeout(self._endpoint.timeout_seconds),  # httpx's own limit is for each read alone
                self._client.stream(method, url, content=content, headers=headers) as response,
            ):
                told = response.headers
                wait = _seconds(told.get("retry-after"))
                return Answer(response.status_code, await _bounded_body(response), told.get("etag"), wait)
        except TimeoutError as error:
            raise FlagServerError(f"no answer within {self._endpoint.timeout_seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FlagServerError(f"{type(error).__name__}: {error}".removesuffix(": ")) from error


class ClientApi:
    """What an SDK asks of the server."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def features(self, etag: str | None) -> Answer | None:
        """All flags of the token's environment; None when they still are those of `etag`."""
        answer = await self._http.call("GET", "/client/features", headers={"If-None-Match": etag} if etag else None)
        if answer.status == HTTPStatus.NOT_MODIFIED and etag:
            return None
        return _good(answer)

    async def feature(self, name: str) -> Any | None:
        """One flag, straight from the server's database; None if there is no such flag.

        `features` may lag a change by more than a second, because the server caches it by a revision that it
        computes once a second. This does not.
        """
        answer = await self._http.call("GET", f"/client/features/{name}")
        return None if answer.status == HTTPStatus.NOT_FOUND else _good(answer).json()

    async def send(self, path: str, payload: Any) -> None:
        """Register, or report usage."""
        _good(await self._http.call("POST", path, payload))


def _good(answer: Answer) -> Answer:
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        refused, wait = answer.status in REFUSALS, answer.retry_after
        later = "" if wait is None else f", asks to wait {wait:g} s"
        raise FlagServerError(f"answered {answer.status}{later}", refused=refused, retry_after=wait)
    return answer


def _seconds(text: str | None) -> float | None:
    """`Retry-After` in seconds; its other form, a date, counts as none given."""
    return min(float(text), LONGEST_WAIT) if text is not None and text.isdecimal() else None


async def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_BODY:
            raise FlagServerError(f"the answer is larger than {MAX_BODY} bytes")
    return bytes(body)
