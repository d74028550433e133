"""What was read in a user's conversations is theirs: kept over jobs, seen by nobody else, and gone with them."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from gateway.database.retention import Retention
from gateway.jobs.memories.forget import forget_facts
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.run.ports import UserReadings
from pipelines.contract import Extraction, Fact, Portrait, Usage
from pipelines.facts import Memory, Remembered
from tests.gateway.jobs.conftest import Bench

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAID = Usage(2, 100, 20, 0.5)
READ = Extraction((Fact("interest", "chess", "I love chess\x00", "c", "m"),), {"words": 3.0}, 12, usage=PAID)


async def claimed(bench: Bench, user_id: str, path: str) -> Claim:
    job = await bench.store.load((await bench.accept(user_id, path=path)).job_id)
    assert job is not None
    claim = await bench.store.claim(job, worker="w", limit=9, pipeline="v1", reason="flag")
    assert claim is not None
    return claim


async def test_what_was_read_is_kept_for_the_user_and_paid_by_one_job(bench: Bench) -> None:
    pool = bench.services.database.pool
    first = await claimed(bench, "ann", "user-imports/ann/1.json")
    await UserReadings(pool, first).save({"a": READ, "b": Extraction()})
    same = await UserReadings(pool, first).load(["a", "b", "c"])
    assert (sorted(same), same["a"].usage) == (["a", "b"], PAID)
    assert same["a"].facts[0].sentence == "I love chess"  # Postgres takes no NUL
    other = await claimed(bench, "ben", "user-imports/ben/1.json")
    assert await UserReadings(pool, other).load(["a"]) == {}
    await bench.execute("update processing_jobs set status = 'complete' where id = %s", first.job.id)
    with pytest.raises(ClaimLost):
        await UserReadings(pool, first).save({"c": READ})
    second = await claimed(bench, "ann", "user-imports/ann/2.json")
    assert (await UserReadings(pool, second).load(["a"]))["a"].usage == Usage()
    await bench.execute("update gateway.readings set payload = '{\"facts\": 7}' where key = 'a'")
    assert list(await UserReadings(pool, second).load(["a", "b"])) == ["b"]  # what nobody understands is read again


async def test_what_was_read_goes_by_age_and_with_its_user(bench: Bench) -> None:
    pool = bench.services.database.pool
    claim = await claimed(bench, "ann", "user-imports/ann/1.json")
    await UserReadings(pool, claim).save({"old": READ, "new": READ, "used": READ})
    await bench.execute("update gateway.readings set used_at = now() - interval '400 days' where key <> 'new'")
    await UserReadings(pool, claim).load(["used"])
    removed = await Retention(pool, bench.services.settings).apply()
    assert removed["old_readings"] == 1
    assert sorted(await UserReadings(pool, claim).load(["old", "new", "used"])) == ["new", "used"]
    (row,) = await bench.rows("select gateway.forget_user('ann') as removed")
    assert row["removed"]["gateway.readings"] == 2


async def test_what_was_written_is_kept_for_each_version_and_goes_when_anything_is_forgotten(bench: Bench) -> None:
    pool = bench.services.database.pool
    claim = await claimed(bench, "ann", "user-imports/ann/1.json")
    portrait = Portrait(READ.facts, {"user": {"interests": ["chess"]}}, memory="# MEMORY\n", usage=PAID)
    await UserReadings(pool, claim).save_portrait("key", portrait)
    await UserReadings(pool, claim).save({"a": READ})
    same = await UserReadings(pool, claim).load_portrait("key")
    assert same is not None
    assert (same.sections, same.usage) == (portrait.sections, PAID)
    other = replace(claim, job=replace(claim.job, pipeline="v2"))
    assert await UserReadings(pool, other).load_portrait("key") is None
    await bench.execute("update processing_jobs set status = 'complete' where id = %s", claim.job.id)
    second = await claimed(bench, "ann", "user-imports/ann/2.json")
    later = await UserReadings(pool, second).load_portrait("key")
    assert later is not None
    assert later.usage == Usage()
    remembered = Remembered(Fact("interest", "rowing", "I row", "c", "m"), NOW, "job", NOW, "job")
    values = "ann", "v1", claim.job.id, msgspec.json.encode(Memory((remembered,))).decode()
    await bench.execute(
        "insert into gateway.memories (user_id, pipeline, job_id, memory) values (%s,%s,%s,%s)", *values
    )
    assert (await forget_facts(pool, "ann", None)).facts == 1
    assert await UserReadings(pool, second).load_portrait("key") is None
    assert list(await UserReadings(pool, second).load(["a"])) == ["a"]


async def test_what_was_written_while_something_was_forgotten_is_not_kept(bench: Bench) -> None:
    pool = bench.services.database.pool
    claim = await claimed(bench, "ann", "user-imports/ann/1.json")
    await bench.execute("insert into gateway.forgotten_facts (user_id, key) values ('ann', 'x')")
    await UserReadings(pool, claim).save_portrait("key", Portrait(READ.facts, {}))
    await UserReadings(pool, claim).save({"a": READ})
    assert await UserReadings(pool, claim).load_portrait("key") is None
    assert list(await UserReadings(pool, claim).load(["a"])) == ["a"]
