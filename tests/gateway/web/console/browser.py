"""What a browser would send to the console, without one: cookies and the headers that browsers add."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from gateway.config.settings import Settings
from tests.live_gateway import LiveGateway, running_gateway

TOKEN = "kX8-operator-Zq4-token-93b"
NAMED = "mT2-second-Wp7-operator-51c"


@dataclass(slots=True)
class Browser:
    """One browser at one gateway."""

    gateway: LiveGateway
    cookie: str | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.gateway.port}"

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._send("GET", path, {"Sec-Fetch-Site": "same-origin"} | headers)

    async def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        own = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._send("POST", path, own | form | headers, urlencode(fields or {}))

    async def log_in(self, token: str = TOKEN, name: str = "op-1", **fields: str) -> httpx.Response:
        return await self.post("/console/login", {"token": token, "name": name, **fields})

    async def _send(self, method: str, path: str, headers: dict[str, str], body: str = "") -> httpx.Response:
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        answer = await self.gateway.client.request(
            method, path, headers=cookie | headers, content=body, follow_redirects=False
        )
        if found := re.match(r"([^=]+=[^;]*);", answer.headers.get("set-cookie", "")):
            self.cookie = found[1]
        return answer


@asynccontextmanager
async def console_at(settings: Settings, **changes: object) -> AsyncIterator[Browser]:
    """A browser before the log-in."""
    with_token = {"operator_token": TOKEN, "operator_tokens": f"op-7:{NAMED}", **changes}
    async with running_gateway(Settings.model_validate({**settings.model_dump(), **with_token})) as gateway:
        yield Browser(gateway)
