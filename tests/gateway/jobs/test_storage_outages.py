"""A Supabase project whose storage goes away, and whose key is changed: nothing is lost, and all of it is told."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from gateway.cli.rehearsal.stage.server import Server, start_server
from tests.fakes.supabase_storage import KEY, FakeStorage, running_storage
from tests.supabase.project import SOULPRINT_USERS, USERS, Project

pytestmark = pytest.mark.scene
TOKEN = "an-operator-with-a-long-token-1234"
SECONDS = 120.0  # a busy machine is slow, not wrong
SHORT = {"WAIT_FIRST_SECONDS": "0.5", "WAIT_LONGEST_SECONDS": "600", "STORAGE_LOOK_SECONDS": "0.5"}
QUICK = {"HEARTBEAT_SECONDS": "0.5", "STALLED_AFTER_SECONDS": "2", "WORKER_CONCURRENCY": "2"}
EXPORT = json.dumps([{"id": "c", "messages": [{"role": "user", "content": "My name is Ana. I keep bees in Randers."}]}])
WITHOUT_FAILED = """
alter table user_profiles drop constraint user_profiles_import_status_check;
alter table user_profiles add constraint user_profiles_import_status_check
    check (import_status in ('none', 'quick_ready', 'processing', 'complete', 'locked'))
"""


class Scene:
    """A project, its storage, and the process that serves it."""

    def __init__(self, project: Project, storage: FakeStorage, folder: Path) -> None:
        self.project, self.storage, self.folder = project, storage, folder
        self.logs = ""
        self.server = self._start()

    def _start(self) -> Server:
        environment = {
            "DATABASE_URL": self.project.url,
            "SUPABASE_URL": self.storage.url,
            "SUPABASE_SERVICE_KEY": KEY,
            "OPERATOR_TOKEN": TOKEN,
            **SHORT,
            **QUICK,
        }
        return start_server(self.folder, environment=environment)

    def kill_and_start_again(self) -> None:
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait()
        self.keep_logs()
        self.server = self._start()

    def keep_logs(self) -> None:
        self.logs += (self.folder / "server.log").read_text()

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.request(
            method, f"{self.server.url}{path}", headers=headers, timeout=30, trust_env=False, **options
        )

    def send(self, user: str, *, stored: bool = True, path: str = "/process-full") -> str:
        key = f"{user}/raw-{time.monotonic_ns()}.json"
        if stored:
            self.storage.objects["user-imports", key] = EXPORT.encode()
        answer = self.ask(path, "POST", json={"user_id": user, "storage_path": f"user-imports/{key}"})
        assert answer.status_code == 200
        return str(answer.json()["job_id"])

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.project.url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def job(self, job_id: str) -> dict[str, Any]:
        return self.rows("select * from processing_jobs where id = %s", job_id)[0]

    def shown(self, job_id: str) -> tuple[Any, ...]:
        shown = self.ask(f"/jobs/{job_id}").json()
        return shown["status"], shown["step"], shown["waiting_for"], shown["cause"]

    def profile(self, user: str) -> tuple[Any, ...]:
        (row,) = self.rows("select import_status, import_error from user_profiles where user_id = %s", user)
        return row["import_status"], row["import_error"]

    def waiting(self, awaited: str) -> int:
        query = "select 1 from processing_jobs where waiting_for = %s and status = 'processing' and worker is null"
        return len(self.rows(query, awaited))

    def metric(self, name: str) -> float:
        lines = self.ask("/metrics").text.splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name} ")), 0.0)


def until(truth: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not truth():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def scene(supabase: Project, tmp_path: Path) -> Iterator[Scene]:
    with running_storage("user-imports", "user-exports", "imports") as storage:
        made = Scene(supabase, storage, tmp_path)
        try:
            yield made
        finally:
            made.server.stop()


def test_an_outage_and_a_wrong_key_lose_nothing_and_are_told(scene: Scene) -> None:
    with psycopg.connect(scene.project.url, autocommit=True) as owner:
        owner.execute(WITHOUT_FAILED)

    # The storage is away: all wait.
    scene.storage.away = True
    jobs = [scene.send(user, path=("/process-full", "/process-full-v2")[n % 2]) for n, user in enumerate(USERS[10:22])]
    until(lambda: scene.waiting("storage") == len(jobs))
    until(lambda: scene.shown(jobs[0]) == ("processing", "waiting for storage", "storage", "dependency:storage"))
    until(lambda: scene.profile(USERS[10]) == ("processing", "waiting for storage"))
    until(lambda: scene.metric("gateway_storage_up") == 0)
    until(lambda: scene.metric('gateway_jobs_waiting{awaited="storage"}') == len(jobs))
    until(lambda: scene.metric('gateway_jobs_in_flight{mode="primary",pipeline="v1"}') == 0)  # no place is held
    assert scene.ask("/health-deep").status_code == 503
    cancelled = jobs.pop()
    assert scene.ask(f"/jobs/{cancelled}/cancel", "POST").json()["status"] == "cancelled"

    # A worker is killed meanwhile; then the storage is back, and all go on long before the end of their pauses.
    scene.kill_and_start_again()
    until(lambda: scene.metric("gateway_storage_up") == 0 and scene.waiting("storage") == len(jobs))
    scene.storage.away = False
    until(lambda: all(scene.job(job)["status"] == "complete" for job in jobs))
    assert {scene.job(job)["attempts"] for job in jobs} <= {1, 2}  # waiting costs none; the kill may have cost one
    assert scene.profile(USERS[10]) == ("complete", None)

    # The key is changed: nobody's export is missing, an operator has to look.
    scene.storage.accepts.clear()
    refused = [scene.send(user) for user in USERS[22:26]]
    until(lambda: scene.waiting("storage_access") == len(refused))
    until(lambda: scene.metric("gateway_storage_denied") == 1)
    storage = scene.ask("/health-deep").json()["checks"]["storage"]
    assert (storage["status"], storage["detail"]["error"]) == ("unhealthy", "StorageDeniedError")
    until(lambda: scene.shown(refused[0])[1:3] == ("waiting for storage", "storage"))
    scene.storage.accepts[KEY] = "anon"  # a key of another role is told that nothing is there
    until(lambda: "no bucket" in scene.ask("/health-deep").json()["checks"]["storage"]["detail"].get("why", ""))
    until(lambda: scene.waiting("storage_access") == len(refused))
    scene.storage.accepts[KEY] = "service_role"
    until(lambda: all(scene.job(job)["status"] == "complete" for job in refused))
    lost = "select 1 from processing_jobs where status = 'failed' and pipeline is not null and not cancelled"
    assert scene.rows(lost) == []

    # An object that is really not there ends its job, once, whatever the drifted table accepts.
    missing = [scene.send(user, stored=False) for user in (USERS[26], SOULPRINT_USERS[0])]
    until(lambda: all(scene.job(job)["status"] == "failed" for job in missing))
    assert {scene.job(job)["attempts"] for job in missing} == {1}
    assert all(scene.job(job)["error_message"].startswith("There is no export at") for job in missing)
    query = "select import_status from user_profiles where user_id = any(%s) order by import_status"
    found = scene.rows(query, [USERS[26], SOULPRINT_USERS[0]])
    assert [row["import_status"] for row in found] == ["complete", "none"]
    assert scene.metric('gateway_writes_refused_total{what="profile_status"}') == 2

    scene.keep_logs()
    assert "storage_away" in scene.logs
    assert "storage_refuses" in scene.logs
    told = ("Failing row", "DETAIL", "violates", "old text", KEY, KEY.rpartition(".")[2])
    assert [words for words in told if words in scene.logs] == []
