"""A gateway over a million jobs and a hundred thousand comparisons, planted by SQL, with a session of the console."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from bench.chaos.scene import BackEnd, Scene
from gateway.config.operators import Operator
from gateway.database.pool import load_sql
from gateway.web.console.access.session import COOKIE, Session, sign

TOKEN = "kX8-operator-Zq4-token-93b"
SQL = load_sql(Path(__file__).with_name("plant.sql"))
FINDINGS = (
    ("sample", "42,011 of 166,667 users are on v2, 41,667 by the dial"),
    ("failures", "of 2,008 users whose jobs failed, 500 were on v2"),
    ("time", "of 600 users whose jobs took longer than usual, 152 were on v2"),
    ("dependencies", "no service failed a job lately"),
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is planted."""

    jobs: int
    pairs: int


@asynccontextmanager
async def planted(folder: Path, amounts: Amounts) -> AsyncIterator[Scene]:
    """An API that serves the console, over that much; jobs are accepted and run by nobody."""
    back_end = BackEnd()
    stage = Scene(folder, back_end, {"OPERATOR_TOKEN": TOKEN, "CONSOLE_NAME": "bench", "LOG_LEVEL": "warning"})
    await asyncio.to_thread(stage.postgres.start)
    try:
        async with back_end.serving():
            stage.start_api()
            await stage.ready()
            await turn_dial(stage)
            await plant(stage.postgres.url, amounts)
            yield stage
    finally:
        await asyncio.to_thread(stage.stop)
        await asyncio.to_thread(stage.postgres.close)


async def turn_dial(stage: Scene) -> None:
    """A quarter of users, and a tenth of imports compared."""
    operator = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=stage.url, headers=operator, timeout=30) as client:
        wanted = {"percent": 25, "shadow_percent": 10, "why": "bench"}
        (await client.put("/admin/rollout", json=wanted)).raise_for_status()
        (await client.post("/admin/rollout/on", json={"why": "bench"})).raise_for_status()


async def plant(url: str, amounts: Amounts) -> None:
    """As fast as rows go in: their indexes are kept, as they are what is measured."""
    findings = [{"check": check, "phase": "ok", "message": message} for check, message in FINDINGS]
    verdict = json.dumps({"phase": "ok", "findings": findings, "split": {"0.25": [41_000, 123_000]}})
    values = {"jobs": amounts.jobs, "pairs": amounts.pairs, "verdict": verdict}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("set synchronous_commit = off")
        for name, statement in SQL.items():
            began = time.perf_counter()
            await connection.execute(statement.encode(), values)
            print(f"planted {name} in {time.perf_counter() - began:.0f} s", flush=True)
        await connection.execute("vacuum analyze")


def cookie() -> dict[str, str]:
    """What a browser of somebody who is logged in sends."""
    now = time.time()
    return {"Cookie": f"{COOKIE}={sign(Session('bench', now, now), Operator(None, TOKEN))}"}
