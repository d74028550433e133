"""The old service, over httpx's transport: no redirects, no cookies, no decoding, a pool of connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import httpx

from gateway.config.secrets import split_keys
from gateway.config.settings import Settings
from gateway.web.forward.body import RequestBody
from gateway.web.forward.headers import HeadRules, RequestHead
from gateway.web.forward.reuse import close_unless_clean

CONNECT_SECONDS = 5.0
POOL_SECONDS = 5.0
# Connections idle for longer are not used again: uvicorn, for one, closes them after 5 s, maybe as we write.
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=3.0)


class Upstream:
    """Requests go out as they are. Raises httpx's transport errors."""

    def __init__(self, url: str, silence_seconds: float) -> None:
        """`silence_seconds`: how long the service may send nothing, before its answer's head or within the body."""
        self._url = httpx.URL(url)
        self._transport = httpx.AsyncHTTPTransport(limits=LIMITS)
        timeout = httpx.Timeout(silence_seconds, connect=CONNECT_SECONDS, pool=POOL_SECONDS)
        self._extensions = {"timeout": timeout.as_dict()}
        self.host = self._url.netloc
        self.prefix = self._url.raw_path.rstrip(b"/")

    @asynccontextmanager
    async def send(self, head: RequestHead, body: RequestBody) -> AsyncIterator[httpx.Response]:
        """The answer, its body not read; the connection is free again, or closed, when the block ends."""
        extensions = {**self._extensions, "target": head.target}
        request = httpx.Request(head.method, self._url, headers=head.headers, stream=body, extensions=extensions)
        response = await self._transport.handle_async_request(request)
        try:
            yield response
        finally:
            close_unless_clean(response, head.method)
            await response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()


def open_upstream(settings: Settings) -> Upstream | None:
    """The old service that the settings name; connections are made when they are needed."""
    if settings.legacy_upstream_url is None:
        return None
    return Upstream(settings.legacy_upstream_url, settings.legacy_timeout_seconds)


def head_rules(settings: Settings) -> HeadRules:
    """What of a head stays here: all that somebody may show to us, and what only our proxies may say."""
    named = (settings.unleash_webhook_token, settings.gateway_api_keys)
    secrets = [secret for one in named if one is not None for secret in split_keys(one.get_secret_value())]
    secrets += [one.token for one in settings.operators]
    return HeadRules(tuple(secret.encode() for secret in secrets), settings.trusted_proxies)
