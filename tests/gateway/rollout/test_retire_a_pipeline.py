"""The how-to page for retiring v1 is true: followed in a copy of the packages, over real processes, nothing breaks."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest

pytestmark = pytest.mark.scene

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "how-to" / "retire-a-pipeline.md"
SECTION = re.compile(r"^## (.*)\n((?:(?!## ).*\n)*)", re.MULTILINE)
FENCE = re.compile(r"```console\n(.*?)```", re.DOTALL)
RULES = "from importlinter.cli import lint_imports_command; lint_imports_command()"
SECONDS = 240
T = TypeVar("T")
TOKEN = "operator-token-of-the-retirement-test"
TALK = {
    "id": "c1", "title": "T", "create_time": 1_700_000_000,
    "messages": [{"role": "user", "content": "My name is Ana. I live in Lisbon. I love painting lighthouses."}],
}  # fmt: skip


def steps_of(title: str) -> list[list[str]]:
    """The commands of one section of the page, in order."""
    (text,) = [text for name, text in SECTION.findall(PAGE.read_text()) if name == title]
    lines = [line for block in FENCE.findall(text) for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line[2:].split("    #")[0]) for line in lines]


@dataclass(frozen=True, slots=True)
class Copy:
    """The packages in a folder of their own, with a database and a data folder."""

    folder: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        ours = {"DATABASE_URL": self.database_url, "DATA_DIR": str(self.folder / "data"), "TERM": "dumb"}
        return {**os.environ, **ours, "PYTHONPATH": str(self.folder), "OPERATOR_TOKEN": TOKEN, "COLUMNS": "300"}

    def run(self, *command: str, code: int = 0) -> str:
        """What a command prints there, and that it ends with this code."""
        words = [sys.executable, "-m", "gateway", *command[1:]] if command[0] == "gateway" else list(command)
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def follow(self, title: str) -> list[str]:
        """Run a section of the page."""
        return [self.run(*step) for step in steps_of(title)]

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def put_export(self, path: str) -> str:
        target = self.folder / "data" / "exports" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps([TALK]))
        return path

    @contextmanager
    def serving(self, *options: str) -> Iterator[httpx.Client]:
        """`gateway serve` there, ready; nothing unexpected may be in its log."""
        log = self.folder / f"log-{time.monotonic_ns()}"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "serve", "--port", "0", *options],
                cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            with httpx.Client(base_url=url, timeout=180, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                until(lambda: client.get("/ready").status_code == 200)
                yield client
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)
        assert "Traceback" not in log.read_text()
        assert "unexpected" not in log.read_text()


def until(look: Callable[[], T | None]) -> T:
    """Poll until it is true."""
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


def post(client: httpx.Client, user: str, **body: Any) -> dict[str, Any]:
    answer = client.post("/process-full", json={"user_id": user, **body})
    assert answer.status_code == 200, answer.text
    job: dict[str, Any] = answer.json()
    return job


def ended(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    def over() -> dict[str, Any] | None:
        shown: dict[str, Any] = client.get(f"/jobs/{job['job_id']}").json()
        return shown if shown["status"] in {"complete", "failed"} else None

    return until(over)


@pytest.fixture
def copy(tmp_path: Path, database_url: str) -> Copy:
    """A copy in which v1 and v2 are there."""
    for package in ("gateway", "flags", "pipelines"):
        shutil.copytree(ROOT / package, tmp_path / package)  # with what Python compiled
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    copied = Copy(tmp_path, database_url)
    copied.run("gateway", "flags", "init")
    return copied


@dataclass(frozen=True, slots=True)
class Left:
    """Jobs of v1: one that is complete, and two that are still open when v1 is deleted."""

    done: dict[str, Any]
    open: dict[str, Any]
    inline: dict[str, Any]


def live_with_v1(copy: Copy) -> Left:
    """Ana has a result of v1, compared with v2, then one of v2; two jobs of v1 are open."""
    copy.run("gateway", "rollout", "shadow", "100")
    with copy.serving() as client:
        done = post(client, "ana", storage_path=copy.put_export("user-imports/ana/raw-1.json"))
        assert (done["version"], ended(client, done)["status"]) == ("v1", "complete")
        until(lambda: copy.read("select 1 from gateway.comparisons where (one, other) = ('v1', 'v2')"))
        copy.run("gateway", "rollout", "set", "100")
        second = post(client, "ana", storage_path=copy.put_export("user-imports/ana/raw-2.json"))
        assert (second["version"], ended(client, second)["status"]) == ("v2", "complete")
        copy.run("gateway", "rollout", "shadow", "0")
        copy.run("gateway", "rollout", "set", "0")
    with copy.serving("--no-worker") as client:
        waiting = post(client, "cat", storage_path=copy.put_export("user-imports/cat/raw-1.json"))
        inline = post(client, "bob", conversations=[TALK])
    assert (waiting["version"], inline["version"]) == ("v1", "v1")
    return Left(done, waiting, inline)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_v1_is_retired_and_nothing_breaks(copy: Copy) -> None:
    left = live_with_v1(copy)
    said = copy.follow("Promote the next version")
    assert "v2 becomes the base instead of v1" in said[1]
    assert said[2].endswith("done\n")
    said = copy.follow("See what is left of v1")
    assert left.open["job_id"] in said[0]
    kept = shutil.copytree(copy.folder / "pipelines" / "v1", copy.folder / "v1-of-before")
    said = copy.follow("Delete the folder")
    assert "pipelines v2 and all parts" in said[-1]
    assert "0 broken" in copy.run(sys.executable, "-c", RULES, "--no-cache")
    with copy.serving() as client:
        imports_go_on(copy, client)
        what_only_v1_took_is_refused(client)
        open_jobs_end(copy, client, left)
        metrics = client.get("/metrics")
        assert metrics.status_code == 200
        refused = client.post("/admin/rollout/demote", json={})
        assert refused.status_code == 409
        assert "v1, which was the base before" in refused.text
    what_was_stays_readable(copy, left)
    said = [copy.run(*step, code=1) for step in steps_of("Undo")]
    assert "Put pipelines/v1 back first" in said[0]
    shutil.copytree(kept, copy.folder / "pipelines" / "v1")
    (said_again,) = copy.follow("Undo")
    assert "the base is v1 again, instead of v2" in said_again


def imports_go_on(copy: Copy, client: httpx.Client) -> None:
    assert client.get("/health").json()["processors_available"] is True
    assert client.get("/health-deep").json()["checks"]["pipelines"]["status"] == "healthy"
    for path in ("/process-full", "/process-full-v2"):
        body = {"user_id": "dan", "storage_path": copy.put_export(f"user-imports/dan{path}.json")}
        job = client.post(path, json=body).json()
        assert (job["version"], ended(client, job)["status"]) == ("v2", "complete")
    assert client.post("/analyze", json={"user_id": "dan"}).json()["success"] is True
    assert client.get("/explain/dan").json()["line"].startswith("dan: v2 (flag)")


def what_only_v1_took_is_refused(client: httpx.Client) -> None:
    inline = client.post("/process-full", json={"user_id": "eva", "conversations": [TALK]})
    assert (inline.status_code, inline.json()) == (
        400, {"detail": "storage_path required: no pipeline here takes inline conversations"}
    )  # fmt: skip
    anew = client.post("/process-full", json={"user_id": "dan"})
    assert (anew.status_code, "no pipeline here works from the chunks" in anew.text) == (400, True)
    text = client.post("/process-import", json={"user_id": "eva", "conversations_json": json.dumps([TALK])})
    made = client.post("/create-soulprint", json={"user_id": "eva", "conversations": [TALK]})
    assert (text.status_code, made.status_code) == (400, 400)
    told = client.get("/generate-soulprint/dan").json()
    assert (told["success"], "no pipeline here works from the chunks" in told["error"]) == (False, True)


def open_jobs_end(copy: Copy, client: httpx.Client, left: Left) -> None:
    job = ended(client, left.open)
    assert (job["status"], job["pipeline"], job["reason"]) == ("complete", "v2", "retired")
    copy.read("update processing_jobs set created_at = now() - interval '1 hour' where user_id = 'bob'")
    job = ended(client, left.inline)
    assert (job["status"], job["cause"]) == ("failed", "operator")
    assert job["error"].startswith("pipeline v1 is no longer here, and no other takes the conversations")


def what_was_stays_readable(copy: Copy, left: Left) -> None:
    assert "v1" in copy.run("gateway", "jobs", "show", left.done["job_id"])
    assert "retired" in copy.run("gateway", "jobs", "list")
    assert f"job {left.open['job_id']}: v2 (retired)" in copy.run("gateway", "explain", "cat")
    assert "accepted for a version that is no longer there: v2" in copy.run("gateway", "explain", "cat")
    report = json.loads(copy.run("gateway", "shadow", "report", "--pair", "v1:v2", "--json"))
    assert (report["shown"]["one"], report["shown"]["other"]) == ("v1", "v2")
    said = copy.run("gateway", "rollback", "--restore-data", "--to", "v1")
    assert "pipeline v1 is no longer here: what is kept of it is put back" in said
    assert "1 users have the last result of v1 back" in said
    assert copy.read("select pipeline from user_profiles where user_id = 'ana'") == [("v1",)]
    assert "1 users have the last result of v2 back" in copy.run("gateway", "rollback", "--restore-data")
    assert "v2" in copy.run("gateway", "rollout", "show", "--json")


def test_a_base_that_was_deleted_before_another_was_promoted_is_one_line(copy: Copy) -> None:
    shutil.rmtree(copy.folder / "pipelines" / "v1")
    copy.run("gateway", "migrate")
    said = copy.run("gateway", "serve", "--port", "0", code=1)
    (line,) = [line for line in said.splitlines() if "no pipeline v1" in line]
    assert "there is no pipeline v1, which is the base: found v2" in line
    assert "`gateway rollout promote`" in line
    assert "Traceback" not in said
