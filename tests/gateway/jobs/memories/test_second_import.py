"""The same user two months later: what is remembered, ended, forgotten and put back, through the real application."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from gateway.config.settings import Settings
from gateway.jobs.memories.store import memory_of
from gateway.restore.run import restore
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from gateway.worker.worker import Worker
from tests.gateway.jobs.conftest import until
from tests.live_gateway import LiveGateway, running_gateway

NOW = datetime.now(UTC)
TOKEN = "an-operator-token-of-some-length"
PAST = NOW - timedelta(days=20)
OLD = {
    "food": (250, ["I'm vegetarian.", "I love climbing."]),
    "project": (150, ["I'm working on a podcast called Firstlight.", "We decided to use Riverside for recording."]),
    "exam": (100, [f"My driving test is on {PAST.day} {PAST:%B %Y}."]),
    "prefs": (90, ["Please always answer in bullet points."]),
    "pet": (80, ["My cat Miso is ill, she has been vomiting. What can I do?"]),
}  # fmt: skip
FIRST = {"intro": (350, ["My name is Hana and I live in Graz. I work as a midwife."]), **OLD}
SECOND = {
    **OLD,
    "move": (15, ["I moved to Vienna last week, I no longer live in Graz."]),
    "diet": (12, ["I'm not vegetarian any more.", "I gave up climbing because of my shoulder."]),
    "job": (8, ["I quit being a midwife.", "We dropped Riverside and switched to Zencastr.",
                "Actually, please stop using bullet points, write in full sentences."]),
    "end": (3, ["I passed my driving test!", "Miso died last month."]),
}  # fmt: skip
DOCUMENTS = ("soulprint_text", "user_md", "agents_md", "memory_md", "memory_log")


def export(talks: Mapping[str, tuple[int, list[str]]]) -> str:
    """Conversations so many days ago."""
    return json.dumps([
        {
            "id": name,
            "title": name,
            "create_time": (NOW - timedelta(days=days)).timestamp(),
            "messages": [
                {"role": "user", "content": text, "create_time": (NOW - timedelta(days=days)).timestamp()}
                for text in texts
            ],
        }
        for name, (days, texts) in talks.items()
    ])  # fmt: skip


class Scene:
    """A gateway with a worker; users import."""

    def __init__(self, gateway: LiveGateway) -> None:
        self.gateway = gateway

    async def imports(self, user: str, talks: Mapping[str, tuple[int, list[str]]], path: str) -> dict[str, Any]:
        """One import, to its end; the profile after it."""
        target = self.gateway.services.settings.data_dir / "exports" / "user-imports" / user / f"{len(talks)}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(export(talks))
        answer = await self.gateway.post(
            {"user_id": user, "storage_path": f"user-imports/{user}/{len(talks)}.json"}, path
        )
        job = answer.json()["job_id"]

        async def ended() -> Any:
            rows = await self.gateway.rows("select status, error_message from processing_jobs where id = %s", job)
            return rows and rows[0]["status"] in ("complete", "failed") and rows[0]

        row = await until(ended, 150)
        assert (row["status"], row["error_message"]) == ("complete", None)
        return await self.profile(user)

    async def profile(self, user: str) -> dict[str, Any]:
        (row,) = await self.gateway.rows("select * from user_profiles where user_id = %s", user)
        return row

    async def admin(self, method: str, path: str) -> Any:
        answer = await self.gateway.client.request(
            method, f"/admin/users/{path}", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        return answer.status_code, answer.json()

    async def memories(self, user: str) -> str:
        rows = await self.gateway.rows(
            "select pipeline, memory::text as memory from gateway.memories where user_id = %s order by pipeline", user
        )
        return json.dumps(rows)


@pytest.fixture
async def scene(settings: Settings) -> AsyncIterator[Scene]:
    configured = settings.model_copy(update={"job_isolation": "none", "operator_token": SecretStr(TOKEN)})
    async with running_gateway(configured) as gateway, working(gateway):
        yield Scene(gateway)


@asynccontextmanager
async def working(gateway: LiveGateway) -> AsyncIterator[None]:
    worker = Worker(gateway.services)
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running


@pytest.mark.parametrize(("version", "path"), [("v1", "/process-full"), ("v2", "/process-full-v2")])
async def test_a_second_import_adds_confirms_and_ends(scene: Scene, version: str, path: str) -> None:
    await scene.imports("hana", FIRST, path)
    profile = await scene.imports("hana", SECOND, path)
    assert profile["pipeline"] == version
    user, agents = profile["soulprint"]["user"], profile["soulprint"]["agents"]
    assert (user["name"], user["location"], user["occupation"]) == ("Hana", "Vienna", "not enough data")
    assert agents["behavioral_rules"] == ["stop using bullet points", "write in full sentences"]
    for gone in ("vegetarian", "climbing", "midwife", "graz", "driving", "miso"):
        assert gone not in json.dumps([user, agents]).lower(), gone
    facts = {fact["value"]: fact for fact in profile["soulprint"]["facts"]}
    assert len(facts) == len(profile["soulprint"]["facts"])
    ended = {value for value, fact in facts.items() if fact["ended"] is not None}
    assert ended >= {"Graz", "midwife", "vegetarian", "climbing", "answer in bullet points", "cat Miso"}
    assert ended >= {"use Riverside for recording"} | {value for value in facts if value.startswith("driving test")}
    assert [value for value, fact in facts.items() if fact["earlier"] and fact["ended"] is None] == ["Hana"]
    assert "not said in what this one read" in profile["soulprint_text"] + json.dumps(
        await scene.gateway.rows("select soulprint from gateway.results"), default=str
    )
    if version == "v2":
        past = profile["memory_md"].partition("## Past Plans & Dates\n")[2].partition("\n## ")[0]
        assert "Driving test" in past
        assert "_Known from earlier imports, not said in the last one: Hana._" in profile["memory_md"]
        assert "bullet points\n- Write in full sentences" in profile["memory_md"]
        assert "Answer in bullet points" not in profile["memory_md"]


async def test_a_fact_is_forgotten_everywhere_and_the_same_export_does_not_bring_it_back(scene: Scene) -> None:
    await scene.imports("hana", FIRST, "/process-full")
    await scene.imports("hana", FIRST, "/process-full-v2")
    status, facts = await scene.admin("GET", "hana/facts")
    named = {fact["value"]: fact for fact in facts}
    assert (status, named["Graz"]["pipeline"], named["Graz"]["sources"]) == (200, "v2", ["intro"])
    assert named["Graz"]["last_said"] < named["Graz"]["learnt_at"]
    assert (await scene.admin("DELETE", "hana/facts/0000"))[0] == 404

    status, done = await scene.admin("DELETE", f"hana/facts/{named['Graz']['id']}")
    assert (status, done["facts"], done["removed"]["results"], done["removed"]["kept_profiles"]) == (200, 1, 2, 2)
    for rows in ("user_profiles", "gateway.published_profiles", "gateway.results", "gateway.memories"):
        kept = json.dumps(await scene.gateway.rows(f"select * from {rows}"), default=str)
        assert "Hana" in kept
        assert "graz" not in kept.lower(), rows
    (row,) = await scene.gateway.rows("select * from gateway.forgotten_facts")
    assert "graz" not in str(row).lower()

    again = await scene.imports("hana", {**FIRST, "more": (1, ["I love tea."])}, "/process-full-v2")
    assert "graz" not in json.dumps(again, default=str).lower()
    assert again["soulprint"]["user"]["name"] == "Hana"
    assert (await scene.admin("DELETE", "hana/facts"))[1]["facts"] > 5
    assert (await scene.admin("GET", "hana/facts")) == (200, [])

    (removed,) = await scene.gateway.rows("select gateway.forget_user('hana') as tables")
    assert (removed["tables"]["gateway.memories"], removed["tables"]["gateway.forgotten_facts"] > 5) == (2, True)


async def test_each_version_keeps_its_own_memory_and_a_restore_brings_back_the_other_ones(scene: Scene) -> None:
    first = await scene.imports("hana", FIRST, "/process-full")
    pool = scene.gateway.services.database.pool
    own = await memory_of(pool, "hana", "v1")
    assert await memory_of(pool, "hana", "v2") == own  # a version that never served her begins with what is live
    second = await scene.imports("hana", SECOND, "/process-full-v2")
    assert second["soulprint"]["user"]["name"] == "Hana"
    assert await memory_of(pool, "hana", "v1") == own
    assert await memory_of(pool, "hana", "v2") != own
    before = await scene.memories("hana")

    await restore(RestoreStore(pool), "v1", By("ops", "cli", "v2 writes nonsense"))
    back = await scene.profile("hana")
    assert {name: back[name] for name in (*DOCUMENTS, "soulprint")} == {
        name: first[name] for name in (*DOCUMENTS, "soulprint")
    }
    assert await scene.memories("hana") == before
    assert {fact["pipeline"] for fact in (await scene.admin("GET", "hana/facts"))[1]} == {"v1"}
