"""The real gateway with the console, on a real socket and Postgres, with flags in a file."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.config.operators import Operator
from gateway.web.console.access.session import COOKIE, Session, sign
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway

TOKEN = "kX8-operator-Zq4-token-93b"
OPERATOR = "op-1"


@dataclass(frozen=True, slots=True)
class At:
    """A console of another process."""

    url: str


@dataclass(frozen=True, slots=True)
class Served:
    """Where the console is."""

    gateway: LiveGateway

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway.port}"

    async def send_users(self, count: int, prefix: str) -> None:
        """New users, each with an import."""
        for number in range(count):
            answer = await self.gateway.post(
                {"user_id": f"{prefix}-{number}", "storage_path": f"{prefix}/{number}.json"}
            )
            assert answer.status_code == 200, answer.text


@asynccontextmanager
async def serve(database_url: str, data_dir: Path, **changes: object) -> AsyncIterator[Served]:
    """Until the block ends."""
    with_token = {"operator_token": TOKEN, "console_name": "test", "data_dir": data_dir, **changes}
    async with running_gateway(settings_for(database_url, **with_token), role="api") as gateway:
        yield Served(gateway)


def session_cookie(name: str = OPERATOR, *, used: float | None = None) -> dict[str, str]:
    """What the log-in would set, for a test that is about something else."""
    now = time.time() if used is None else used
    value = sign(Session(name, now, now), Operator(None, TOKEN))
    return {"name": COOKIE, "value": value}
