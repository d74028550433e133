"""A ramp with its guard in real processes: bad files, one unlucky user and services that are away roll nothing back."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.database import existing_database
from gateway.cli.rehearsal.demo.caller import post_all
from gateway.cli.rehearsal.demo.server import Server, plain_environment, start_server
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.exports.folder import FolderExports

ROOT = Path(__file__).parents[4]
SECONDS = 240.0
PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
NOWHERE = "http://127.0.0.1:9"
USERS, EVERY, CONVERSATIONS = 80, 8, 6

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(slots=True)
class Scene:
    """A serving gateway whose v2 can be made to raise for some users, and those users."""

    server: Server
    names: Path
    cast: Cast
    seen: list[str] = field(default_factory=list)

    def command(self, *arguments: str) -> Any:
        """`gateway ... --json` in the server's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *arguments, "--json"],
            cwd=self.server.folder,
            env={**plain_environment(), "PYTHONPATH": str(ROOT), "PORT": str(self.server.port)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    async def ramp(self, users: int) -> None:
        """Begin a ramp at 100 %, and wait until everybody gets v2."""
        self.command("ramp", "start", "--steps", "100", "--hold", "1h", "--min-jobs", str(users))
        await self.until("select 1 from gateway.ramps where moved_at is not null and state = 'running'")
        deadline = time.monotonic() + SECONDS
        while self.server.flags_seen()["dial"] != 100:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)

    async def post(self, uploads: Sequence[Upload]) -> None:
        calls = await post_all(self.server.url, uploads)
        assert calls.refused == 0
        self.seen += [upload.user_id for upload in uploads]

    def spoil(self, upload: Upload) -> None:
        """What was uploaded is a web page."""
        (self.server.settings().data_dir / "exports" / upload.storage_path).write_text(PAGE)

    async def judged(self) -> dict[str, Any]:
        """The ramp as the guard left it, having seen every job's end, or as it ended."""
        await self.until(
            "select 1 from gateway.ramps where state = 'rolled_back' or not exists ("
            "  select 1 from processing_jobs where user_id = any(%(users)s) and status in ('pending', 'processing')"
            ") and looked_at > (select max(completed_at) from processing_jobs where user_id = any(%(users)s)) "
            "order by id desc limit 1"
        )
        ramp: dict[str, Any] = self.command("ramp", "status")
        return ramp

    async def ended(self) -> dict[tuple[str, str | None], int]:
        """Jobs by pipeline and cause, when all are over."""
        await self.until(
            "select 1 where not exists (select 1 from processing_jobs where status in ('pending', 'processing'))"
        )
        rows = await self.rows(
            "select pipeline, failure_cause, count(*) from processing_jobs where user_id = any(%(users)s) group by 1, 2"
        )
        return {(pipeline, cause): count for pipeline, cause, count in rows}

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with existing_database(self.server.settings()) as database, database.pool.connection() as connection:
            return await (await connection.execute(query.encode(), {"users": self.seen})).fetchall()

    async def until(self, query: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not await self.rows(query):
            assert time.monotonic() < deadline, f"never: {query}"
            await asyncio.sleep(0.3)


@contextmanager
def scene(settings: Mapping[str, str]) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="gateway-fault-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        names = folder / "names"
        names.touch()
        exports = [make_export(seed, CONVERSATIONS, datetime(2026, 1, 1, tzinfo=UTC)) for seed in range(1, 5)]
        command = ("tests.gateway.rollout.guard.process", str(names))
        server = start_server(folder, command=command, environment={"PYTHONPATH": str(ROOT), **settings})
        store = FolderExports(server.settings().data_dir / "exports")
        files = write_files(exports, folder / "people")
        try:
            yield Scene(server, names, Cast(store, exports, files, make_user_ids(os.getpid())))
        finally:
            server.stop()


def numbers(ramp: dict[str, Any], check: str) -> str:
    return next(str(finding["message"]) for finding in ramp["findings"] if finding["check"] == check)


async def test_one_in_eight_uploads_a_web_page_and_nothing_is_rolled_back() -> None:
    with scene({}) as stage:
        await stage.ramp(40)
        uploads = await stage.cast.next(USERS)
        for upload in uploads[::EVERY]:
            stage.spoil(upload)
        await stage.post(uploads)
        assert await stage.ended() == {("v2", None): 70, ("v2", "input"): 10}
        ramp = await stage.judged()
        assert (ramp["state"], stage.server.flags_seen()["dial"]) == ("running", 100)
        assert numbers(ramp, "errors").startswith("0 of 70 users' jobs failed")
        failed = stage.command("jobs", "list", "--cause", "input", "--limit", "100")
        assert {(job["status"], job["cause"]) for job in failed} == {("failed", "input")}
        assert len(failed) == 10


async def test_v2_raises_for_one_in_eight_and_is_rolled_back() -> None:
    with scene({}) as stage:
        await stage.ramp(40)
        uploads = await stage.cast.next(USERS)
        stage.names.write_text("\n".join(upload.user_id for upload in uploads[::EVERY]))
        await stage.post(uploads)
        ramp = await stage.judged()
        assert ramp["state"] == "rolled_back", ramp
        assert "users' jobs failed" in ramp["note"]
        ended = await stage.ended()
        assert {cause for _, cause in ended} == {None, "pipeline"}
        assert ended["v2", "pipeline"] >= 3


async def test_one_users_hundred_failures_roll_nothing_back() -> None:
    with scene({}) as stage:
        await stage.ramp(10)
        crowd = await stage.cast.next(12)
        (unlucky,) = await stage.cast.next(1)
        stage.names.write_text(unlucky.user_id)
        hundred = [upload for _ in range(100) for upload in await stage.cast.again([unlucky])]
        await stage.post([*crowd, *hundred])
        assert await stage.ended() == {("v2", None): 12, ("v2", "pipeline"): 100}
        ramp = await stage.judged()
        assert ramp["state"] == "running"
        assert numbers(ramp, "errors").startswith("1 of 13 users' jobs failed")


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"SUPABASE_URL": NOWHERE, "SUPABASE_SERVICE_KEY": "key", "ALLOW_EMBEDDED_DATABASE": "1"}, "storage"),
        ({"OPENAI_BASE_URL": NOWHERE, "LANGUAGE_MODEL": "m"}, "provider"),
    ],
    ids=["storage", "provider"],
)
async def test_a_service_that_is_away_is_nobodys_regression(settings: dict[str, str], name: str) -> None:
    with scene({**settings, "JOB_ATTEMPTS": "1", "CANDIDATE_CONCURRENCY": "4"}) as stage:
        await stage.ramp(3)
        await stage.post(await stage.cast.next(4))
        assert await stage.ended() == {("v2", f"dependency:{name}"): 4}
        ramp = await stage.judged()
        assert (ramp["state"], stage.server.flags_seen()["dial"]) == ("running", 100)
        assert numbers(ramp, "errors").startswith("0 of 0 users' jobs failed")
        assert numbers(ramp, "dependencies").startswith(f"the {name} failed 4 of 4 users' jobs")
