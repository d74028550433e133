"""One life on a Supabase project, over real processes: migrated by its owner, served by a role of its own, attacked."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from gateway.cli.rehearsal.stage.server import Server, log_tail, start_server
from gateway.config.settings import Settings
from tests.gateway.cli.conftest import CommandLine
from tests.supabase.project import OPEN_USERS, USERS, Project, Role, SupabaseServer, as_user

pytestmark = pytest.mark.scene

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "on-supabase.md").read_text()
TOKEN = "operators-token-of-a-test-7319"
PATIENCE_SECONDS = 300.0
LEA, KIM, NOA, EVE, VIC = USERS[20:25]
NOBODY = "99999999-9999-4999-8999-999999999999"
WORD = {LEA: "Quillfeather", KIM: "Brackenmoor"}
TELLS = re.compile(r"processing_jobs|user_profiles|conversation_chunks|constraint|relation|foreign key|auth\.|psycopg")


@dataclass(slots=True)
class Life:
    """The project, its server and its operators' terminal."""

    project: Project
    server: Server
    client: httpx.Client
    gateway: CommandLine

    def send(self, user: str, path: str, conversations: list[Any] | None, *, name: str = "raw-1") -> str:
        """Upload an export, unless there is none, and POST it; the job's id."""
        place = f"user-imports/{user}/{name}.json"
        if conversations is not None:
            file = self.server.folder / "data" / "exports" / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(conversations))
        answer = self.client.post(path, json={"user_id": user, "storage_path": place})
        assert answer.status_code == 200, answer.text
        job_id: str = answer.json()["job_id"]
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ended(self, job_id: str) -> dict[str, Any]:
        wait_for(f"the end of {job_id}", lambda: self.job(job_id)["status"] in {"complete", "failed", "cancelled"})
        return self.job(job_id)

    def owner(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.project.acting_as("app_owner") as owner:
            cursor = owner.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def holding(self, *words: str) -> list[str]:
        """The tables of the whole database, Supabase's own among them, in which one of the words stands."""
        marks = [mark.lower() for word in words for mark in (word, word.encode().hex())]
        with psycopg.connect(self.project.superuser_url) as connection:
            tables = connection.execute(
                "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                "where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
            ).fetchall()
            found = []
            for (table,) in tables:
                rows = connection.execute(f"select lower(t::text) from {table} t").fetchall()
                if any(mark in row for (row,) in rows for mark in marks):
                    found.append(table)
        return sorted(found)


@pytest.fixture
def life(
    supabase_server: SupabaseServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Life]:
    """Migrated by the owner; the role that serves is made as the page says."""
    project = supabase_server.project(migrated=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", project.url)
    gateway = CommandLine(capsys)
    migrated = gateway("migrate")
    assert (migrated.code, "closed" in migrated.out) == (0, False), migrated  # the old service's jobs are still young
    assert gateway("check", "--database").code == 0
    with psycopg.connect(project.superuser_url, autocommit=True) as connection:
        connection.execute("drop role if exists gateway_app")
    with project.acting_as("app_owner") as owner:
        for statement in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0].split(";\n"):
            owner.execute(statement)
        owner.execute('alter role gateway_app set search_path to "$user", public, extensions')
    server = start_server(
        tmp_path,
        environment={
            "DATABASE_URL": as_user(project.superuser_url, "gateway_app"),
            "OPERATOR_TOKEN": TOKEN,
            "HEARTBEAT_SECONDS": "0.5",
        },
    )
    try:
        with httpx.Client(base_url=server.url, timeout=180, trust_env=False) as client:
            yield Life(project, server, client, gateway)
    finally:
        server.stop()
        with psycopg.connect(project.superuser_url, autocommit=True) as connection:
            connection.execute("drop owned by gateway_app; drop role gateway_app")


@pytest.mark.slow
def test_a_life_on_a_supabase_project(life: Life) -> None:
    the_old_services_jobs_end(life)
    users_who_are_none_get_plain_answers(life)
    forged = strangers_forge_a_job(life)
    imports_run_and_the_first_that_fails_says_what_is_true(life)
    assert life.owner("select status, attempts from processing_jobs where id = %s", forged) == [("pending", 0)]
    what_is_open_is_told_to_operators(life)
    users_leave(life)
    assert not TELLS.search(log_tail(life.server.folder, 100_000).replace("gateway.", "")), log_tail(life.server.folder)


def the_old_services_jobs_end(life: Life) -> None:
    """They answer, whatever is null in them; one is cancelled, the other closed when it was silent for too long."""
    jobs = {str(user): str(job) for job, user in life.owner("select id, user_id from processing_jobs")}
    for user, job_id in jobs.items():
        seen = life.job(job_id)
        assert (seen["pipeline"], seen["status"] in {"pending", "processing"}) == (None, user in OPEN_USERS)
    assert life.gateway("jobs", "cancel", jobs[OPEN_USERS[1]]).code == 0
    assert life.job(jobs[OPEN_USERS[1]])["status"] == "cancelled"
    life.owner("alter table processing_jobs disable trigger processing_jobs_updated")
    life.owner("update processing_jobs set updated_at = now() - interval '3 h' where id = %s", jobs[OPEN_USERS[0]])
    life.owner("alter table processing_jobs enable trigger processing_jobs_updated")
    assert "did not finish this import" in life.ended(jobs[OPEN_USERS[0]])["error"]
    profiles = "select import_status, embedding_status from user_profiles where user_id = any(%s::uuid[])"
    assert life.owner(profiles, list(OPEN_USERS)) == [("failed", "failed")] * 2


def users_who_are_none_get_plain_answers(life: Life) -> None:
    """A 422 about `user_id`, or what is true of somebody of whom nothing is known."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for user in ("test-user", "", NOBODY):
        place = f"user-imports/{user or 'nobody'}/raw-1.json"
        body = {"user_id": user, "message": "hi", "conversations_json": "[{}]", "storage_path": place}
        answers = {
            path: life.client.post(path, json=body)
            for path in ("/process-full", "/process-full-v2", "/chat", "/query", "/analyze", "/embed-chunks",
                         "/process-import")
        }  # fmt: skip
        for path in ("/generate-soulprint", "/embedding-status", "/explain"):
            answers[path] = life.client.get(f"{path}/{user}", headers=headers)
        answers["/complete-embeddings"] = life.client.post(f"/complete-embeddings/{user}")
        answers["/admin/users"] = life.client.delete(f"/admin/users/{user}", headers=headers)
        for path, answer in answers.items():
            assert answer.status_code in {200, 404, 405, 422}, (path, user, answer.text)
            assert path == "/admin/users" or not TELLS.search(answer.text), (path, user, answer.text)
            if path.startswith("/process-full") or (user == "test-user" and path != "/explain"):
                assert answer.status_code == 422, (path, user, answer.text)
                assert answer.json()["detail"][0]["loc"][1] == "user_id"
    assert life.gateway("users", "forget", "test-user").code == 4
    assert life.client.get("/test-patch").json()["success"] is True


def strangers_forge_a_job(life: Life) -> str:
    """Another user's object: refused, also where the app lets users insert; a row of another program is never run."""
    row = "insert into processing_jobs (user_id, storage_path{0}) values ('{1}', 'user-imports/{2}/raw-1.json'{3})"
    ours, bare = row.format(", pipeline", EVE, VIC, ", 'v1'"), row.format("", EVE, VIC, "")
    roles: tuple[Role, ...] = ("anon", "authenticated")
    for role in roles:
        with life.project.acting_as(role, EVE) as client:
            for statement in (ours, bare):
                with pytest.raises(InsufficientPrivilege):
                    client.execute(statement)
    life.owner("create policy drift on processing_jobs for insert to authenticated with check (auth.uid() = user_id)")
    with life.project.acting_as("authenticated", EVE) as client:
        with pytest.raises(InsufficientPrivilege):
            client.execute(ours)
        made = client.execute(f"{bare} returning id").fetchone()
    assert made is not None
    return str(made[0])


def imports_run_and_the_first_that_fails_says_what_is_true(life: Life) -> None:
    jobs = [life.send(LEA, "/process-full", words_of(LEA)), life.send(KIM, "/process-full-v2", words_of(KIM))]
    jobs.append(life.send(LEA, "/process-full-v2", words_of(LEA, 3), name="raw-2"))
    assert [life.ended(job)["status"] for job in jobs] == ["complete"] * 3
    missing = life.ended(life.send(NOA, "/process-full", None))
    assert missing["status"] == "failed"
    profile = "select import_status, embedding_status, embedding_progress from user_profiles where user_id = %s"
    assert life.owner(profile, NOA)[0][:2] == ("failed", "failed")
    assert life.client.get(f"/embedding-status/{NOA}").json()["status"] != "complete"
    assert {"user_profiles", "conversation_chunks", "gateway.published_profiles", "gateway.results"} <= set(
        life.holding(WORD[LEA])
    )
    with life.project.acting_as("authenticated", LEA) as user:  # the user's page
        assert user.execute("select import_status, pipeline from user_profiles").fetchall() == [("complete", "v2")]
        assert user.execute("update user_profiles set ai_name = 'Nova'").rowcount == 1
        with pytest.raises(InsufficientPrivilege):
            user.execute("update user_profiles set pipeline = 'v1'")


def what_is_open_is_told_to_operators(life: Life) -> None:
    def rights(**headers: str) -> dict[str, Any]:
        found: dict[str, Any] = life.client.get("/health-deep", headers=headers).json()["checks"]["rights"]
        return found

    assert rights()["status"] == "healthy"
    life.owner("grant select on gateway.results to anon")
    wait_for("the deep check to see it", lambda: rights()["status"] == "unhealthy")
    assert "gateway.results" not in json.dumps(rights())
    shown = rights(Authorization=f"Bearer {TOKEN}")["detail"]
    assert shown["open"] == ["gateway.results: anon select"]
    told = life.gateway("check", "--database")
    assert (told.code, "revoke all on table gateway.results from anon;" in told.out) == (1, True)
    assert life.gateway("migrate").code == 0
    assert life.gateway("check", "--database").code == 0


def users_leave(life: Life) -> None:
    """By a deletion in Supabase's own table while a job of theirs runs; by the command; by the route."""
    running = life.send(LEA, "/process-full-v2", words_of(LEA, 3000), name="raw-3")
    waiting = life.send(LEA, "/process-full", words_of(LEA), name="raw-4")
    wait_for("the run", lambda: life.job(running)["status"] == "processing")
    with life.project.acting_as("supabase_auth_admin") as supabase:
        assert supabase.execute("delete from auth.users where id = %s", (LEA,)).rowcount == 1
    assert life.holding(WORD[LEA], LEA, running, waiting) == []
    assert life.ended(life.send(NOA, "/process-full", words_of(NOA), name="raw-2"))["status"] == "complete"
    wait_for("the run to end", lambda: not life.owner("select 1 from procrastinate_jobs where status = 'doing'"))
    assert life.holding(WORD[LEA], LEA, running, waiting) == []
    assert life.holding(WORD[KIM]) != []

    forgotten = life.gateway("users", "forget", KIM, "--json")
    assert (forgotten.code, forgotten.json["user_profiles"]) == (0, 1)
    assert life.holding(WORD[KIM]) == []
    assert life.holding(KIM) == ["auth.users"]
    assert life.client.delete(f"/admin/users/{NOA}").status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}"}
    removed = [life.client.delete(f"/admin/users/{NOA}", headers=headers).json()["removed"] for _ in range(2)]
    assert (removed[0]["user_profiles"], sum(removed[1].values())) == (1, 0)
    assert life.holding(NOA) == ["auth.users"]


def words_of(user: str, conversations: int = 1) -> list[Any]:
    word = WORD.get(user, "Nobody")
    return [
        {
            "id": f"{word}-{n}", "title": f"About {word} {n}", "create_time": 1_700_000_000 + n,
            "messages": [
                {"role": "user", "content": f"My name is {word} and I live in Lisbon. I love sailing with {word} {n}."},
                {"role": "assistant", "content": f"Nice to meet you, {word}."},
            ],
        }
        for n in range(conversations)
    ]  # fmt: skip


def wait_for(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:g} s: {what}"
        time.sleep(0.2)
