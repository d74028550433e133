"""A gateway, its operator and the command line over one database: what all three say of the same read."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import orjson

from gateway.database.reads import Reads
from tests.gateway.cli.conftest import CommandLine, Ran
from tests.live_gateway import LiveGateway

TOKEN = "an-operator-token-of-these-tests-0123456789"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an operator sits."""

    gateway: LiveGateway
    command_line: CommandLine

    @property
    def reads(self) -> Reads:
        return self.gateway.services.reads

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return await self.gateway.client.request(method, path, headers=headers, **options)

    async def run(self, *arguments: str) -> Ran:
        return await asyncio.to_thread(self.command_line, *arguments)

    async def execute(self, statement: str) -> None:
        async with self.gateway.services.database.pool.connection() as connection:
            await connection.execute(statement.encode())

    async def all_say(self, said: Any, path: str, *command: str, but: Sequence[str] = ()) -> Any:
        """The function's answer, the route's and the command's are one; `but`: fields that pass with the time."""
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        ran = await self.run(*command, "--json")
        assert ran.code == 0, ran.err
        own, over_http, at_terminal = (plain(one, but) for one in (builtins_of(said), answer.json(), ran.json))
        assert over_http == own
        assert at_terminal == own
        return own


def builtins_of(said: Any) -> Any:
    """As JSON holds it."""
    if isinstance(said, list):
        return [builtins_of(one) for one in said]
    if isinstance(said, msgspec.Struct):
        return msgspec.json.decode(msgspec.json.encode(said))
    return json.loads(orjson.dumps(asdict(said) if is_dataclass(said) and not isinstance(said, type) else said))


def plain(found: Any, but: Sequence[str]) -> Any:
    """Without the fields that pass, and with moments that are written in one way."""
    if isinstance(found, dict):
        return {name: plain(value, but) for name, value in found.items() if name not in but}
    if isinstance(found, list):
        return [plain(value, but) for value in found]
    if isinstance(found, str) and "T" in found:
        with suppress(ValueError):
            return datetime.fromisoformat(found).astimezone(UTC).isoformat()
    return found
