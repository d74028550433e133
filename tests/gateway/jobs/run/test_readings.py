"""What was read in a user's conversations is theirs: kept over jobs, seen by nobody else, and gone with them."""

import pytest

from gateway.database.retention import Retention
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.run.ports import UserReadings
from pipelines.contract import Extraction, Fact, Usage
from tests.gateway.jobs.conftest import Bench

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
