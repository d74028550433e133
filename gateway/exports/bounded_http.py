"""HTTP to a service whose answers are not trusted to be small: each is read to a limit, and nothing is unpacked."""

from collections.abc import AsyncIterator
from typing import Final

import httpx

LARGEST_ANSWER: Final = "largest_answer"  # a request's extension: the limit for its answer, in bytes
ANSWER_BYTES: Final = 1024 * 1024  # of what is no export: errors, lists of buckets


class BoundedTransport(httpx.AsyncHTTPTransport):
    """httpx's own. Raises `httpx.RemoteProtocolError` for an answer that is too long, is compressed all the
    same, or is a success without what was asked for (206, 204)."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - of an asynchronous transport
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await response.stream.aclose()
            raise httpx.RemoteProtocolError("the answer is compressed, which was not asked for", request=request)
        if response.is_success and response.status_code != httpx.codes.OK:
            await response.stream.aclose()
            raise httpx.RemoteProtocolError(f"no answer to what was asked: {response.status_code}", request=request)
        limit = request.extensions.get(LARGEST_ANSWER, ANSWER_BYTES) if response.is_success else ANSWER_BYTES
        response.stream = BoundedStream(response.stream, limit, request)
        return response


class BoundedStream(httpx.AsyncByteStream):
    """An answer's body that breaks off above its limit, and one part later."""

    def __init__(self, stream: httpx.AsyncByteStream, limit: int, request: httpx.Request) -> None:
        self._stream = stream
        self._limit = limit
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for part in self._stream:
            yield part
            seen += len(part)
            if seen > self._limit:
                raise httpx.RemoteProtocolError("the answer is too long", request=self._request)

    async def aclose(self) -> None:
        await self._stream.aclose()
