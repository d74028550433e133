"""The guard end to end: two processes, a dial that somebody turns in a real Unleash, and a v2 that does its worst."""

import asyncio
import json
import os
import random
import signal
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from flags.control import open_control
from flags.model import V2_FLAG
from gateway.cli.rehearsal.stage.server import Server, start_server
from tests.amount import WHOLE, amount
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

ROOT = Path(__file__).parents[4]
SECONDS = 180.0
HOME = f"/projects/default/features/{V2_FLAG}/environments/development"
WAVE, WAVES = 60, 20
DIAL = 10
OPEN = "select 1 from processing_jobs where status in ('pending', 'processing')"
CAUSES = "select distinct failure_cause from processing_jobs"
ACTED = "select actor, via, after -> 'verdict', why from gateway.rollout_changes where what = 'guard'"

pytestmark = [pytest.mark.scene, pytest.mark.slow, pytest.mark.unleash, pytest.mark.timeout(600)]


@dataclass
class Scene:
    """Two processes that serve and work, over one database, one Unleash and one folder."""

    servers: list[Server]
    database_url: str
    unleash: UnleashServer
    folder: Path
    draw: random.Random = field(default_factory=lambda: random.Random(4))

    def behave(self, **asked: Any) -> None:
        """From now on v2 breaks like this."""
        draft = self.folder / "draft"
        draft.write_text(json.dumps({"percent": 0, **asked}))
        draft.replace(self.folder / "switch")

    async def turn(self, percent: int) -> None:
        """Somebody sets the dial in Unleash's pages, and turns the flag on; until both processes follow."""
        with self.unleash.admin() as admin:
            (strategy,) = admin.get(f"{HOME}/strategies").json()
            edit = [
                {"op": "replace", "path": "/parameters/rollout", "value": str(percent)},
                {"op": "replace", "path": "/constraints", "value": []},
            ]
            admin.patch(f"{HOME}/strategies/{strategy['id']}", json=edit).raise_for_status()
            admin.post(f"{HOME}/on").raise_for_status()
        await self.until(lambda: all(server.flags_seen()["dial"] == percent for server in self.alive))
        await self.until(lambda: self.guard()["state"] == "watching")

    @property
    def alive(self) -> list[Server]:
        return [server for server in self.servers if server.process.poll() is None]

    def users(self, count: int) -> list[str]:
        return [str(uuid.UUID(int=self.draw.getrandbits(128), version=4)) for _ in range(count)]

    async def post(self, users: list[str], *, body: str = "[]", route: str = "/process-full", times: int = 1) -> None:
        """Every user's import, accepted by a process that lives."""
        limit = asyncio.Semaphore(16)
        async with httpx.AsyncClient(base_url=self.alive[-1].url, timeout=180, trust_env=False) as client:

            async def one(user: str, number: int) -> None:
                path = self.folder / "data" / "exports" / "user-imports" / user / f"raw-{number}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(body)
                sent = {"user_id": user, "storage_path": f"user-imports/{user}/raw-{number}.json", "message_count": 5}
                async with limit:
                    assert (await client.post(route, json=sent)).status_code == 200

            await asyncio.gather(*(one(user, number) for user in users for number in range(times)))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query.encode()).fetchall()

    def guard(self) -> dict[str, Any]:
        found = self.rows("select to_jsonb(g) from gateway.guard_rollouts g order by id desc limit 1")
        return dict(found[0][0]) if found else {"state": "none"}

    def leader(self) -> int:
        """The process that leads."""
        ((name,),) = self.rows("select name from gateway.leaders where work = 'guard'")
        return int(name.split(":")[1])

    async def settled(self) -> dict[str, Any]:
        """Every job has ended, and the guard has looked since."""
        await self.until(lambda: not self.rows(OPEN))
        ((now,),) = self.rows("select clock_timestamp()")
        await self.until(lambda: self.rows(f"select 1 from gateway.guard_leader where looked_at > timestamptz '{now}'"))
        return self.guard()

    async def until(self, truth: Callable[[], Any]) -> None:
        deadline = time.monotonic() + SECONDS
        while not truth():
            assert time.monotonic() < deadline, self.guard()
            await asyncio.sleep(0.2)

    async def rolled_back(self, between: Callable[[], Awaitable[None]] | None = None) -> dict[str, Any]:
        """Users come, wave after wave, until the guard acts; how long that took and whom it cost."""
        for _ in range(WAVES):
            await self.post(self.users(WAVE))
            if between is not None and self.rows("select 1 from gateway.guard_events"):
                await between()
                between = None
            if (await self.settled())["state"] == "rolled_back":
                break
        kept = self.guard()
        assert kept["state"] == "rolled_back", kept
        ((failed, seconds),) = self.rows(
            "select count(distinct j.user_id), extract(epoch from max(g.acted_at) - min(j.completed_at))::float8 "
            "from processing_jobs j, gateway.guard_rollouts g "
            "where g.id = (select max(id) from gateway.guard_rollouts) "
            "and j.failure_cause = 'pipeline' and j.reason = 'flag' and j.created_at >= g.started_at"
        )
        print(f"failed users {failed}, {seconds:.1f} s from the first failure: {kept['why']}")
        await self.until(lambda: all(server.flags_seen()["dial"] == 0 for server in self.alive))
        return kept


@contextmanager
def opened(database_url: str, unleash: UnleashServer, folder: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        scene = Scene([], database_url, unleash, folder)
        scene.behave()
        environment = {
            "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data"), "DATABASE_URL": database_url,
            "UNLEASH_URL": f"{unleash.url}/api", "UNLEASH_API_TOKEN": CLIENT_TOKEN, "UNLEASH_ADMIN_TOKEN": ADMIN_TOKEN,
            "UNLEASH_POLL_SECONDS": "0.5", "GUARD_LOOK_SECONDS": "0.5", "WORKER_CONCURRENCY": "4", "JOB_ATTEMPTS": "2",
            "WAIT_IN_ALL_SECONDS": "0",
            "JOB_ISOLATION": "none", "HEARTBEAT_SECONDS": "1", "STALLED_AFTER_SECONDS": "4",
        }  # fmt: skip
        for name in ("one", "two"):
            (folder / name).mkdir()
            command = ("tests.gateway.rollout.guard.process", str(folder / "switch"))
            server = start_server(folder / name, command=command, environment=environment)
            stack.callback(server.stop)
            scene.servers.append(server)
        yield scene


async def test_a_dial_turned_by_hand_is_guarded_whatever_else_goes_wrong(
    database_url: str, unleash_server: UnleashServer, tmp_path: Path
) -> None:
    unleash_server.forget_flags()
    control = open_control(data_dir=tmp_path, unleash_url=f"{unleash_server.url}/api", admin_token=ADMIN_TOKEN)
    await control.init()
    await control.close()
    with opened(database_url, unleash_server, tmp_path) as scene:
        await scene.turn(DIAL)
        unlucky, crowd, abused = scene.users(1), scene.users(WAVE), scene.users(30)

        # One user with many failures, users' bad files, the pinned route abused: nobody's regression.
        scene.behave(users=[*unlucky, *abused])
        await scene.post(crowd)
        await scene.post(unlucky, times=amount(20, 100))
        await scene.post(scene.users(30), body="<!DOCTYPE html>")
        await scene.post(abused, route="/process-full-v2")
        kept = await scene.settled()
        assert kept["state"] == "watching"
        assert kept["verdict"]["failures"]["users"] <= 1
        assert {cause for (cause,) in scene.rows(CAUSES)} >= {
            "input",
            "pipeline",
        }

        # v2 raises for a third of its users, and the leader dies after the first of them.
        scene.behave(percent=30)
        victim = next(server for server in scene.servers if server.process.pid == scene.leader())

        async def kill() -> None:
            os.kill(victim.process.pid, signal.SIGKILL)
            victim.process.wait()
            began = time.monotonic()
            await scene.until(lambda: scene.leader() != victim.process.pid)
            print(f"another leads {time.monotonic() - began:.1f} s after the leader was killed")

        scene.servers.sort(key=lambda server: server is not victim)
        kept = await scene.rolled_back(kill)
        assert victim.process.poll() is not None
        assert scene.leader() != victim.process.pid
        assert kept["verdict"]["failures"]["on_candidate"] >= 4
        (row,) = scene.rows(ACTED)
        assert row[:3] == ("guard", "guard", kept["verdict"])
        assert "the guard turned the flag off" in row[3]

        if WHOLE:
            scene.behave(percent=10)
            await scene.turn(DIAL)
            await scene.rolled_back()

        # A provider is away while v2 raises for everybody: it says so, and waits.
        scene.behave(percent=0, provider="away")
        await scene.turn(DIAL)
        await scene.post(scene.users(30))
        kept = await scene.settled()
        assert kept["state"] == "watching"
        dependencies = next(one for one in kept["verdict"]["findings"] if one["check"] == "dependencies")
        assert (dependencies["phase"], "the provider failed 30 of" in dependencies["message"]) == ("inconclusive", True)
        assert {server.flags_seen()["dial"] for server in scene.alive} == {DIAL}
