"""What the guard found, look by look: kept where an answer changed, and once a minute; never without bound."""

from gateway.config.moments import EVER
from gateway.config.settings import Settings
from gateway.database.reads import Reads
from gateway.database.retention import Retention
from gateway.rollout.guard.looks import GuardLook, list_looks
from tests.gateway.rollout.guard.test_standing import dial_by_hand
from tests.gateway.rollout.ramp.conftest import Slope, slope

__all__ = ["slope"]


async def looks(slope: Slope) -> list[GuardLook]:
    return await list_looks(Reads(slope.database.pool), EVER)


async def test_looks_are_kept_where_an_answer_changed_and_once_a_minute(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    for _ in range(3):
        await slope.guarded()
    (first,) = await looks(slope)
    assert (first.pipeline, first.against, first.phase) == ("v2", "v1", "inconclusive")
    assert {one["check"]: one["phase"] for one in first.findings}["failures"] == "inconclusive"
    await slope.execute("update gateway.guard_looks set at = at - interval '61 seconds'")
    await slope.guarded()
    await slope.guarded()
    assert [look.phase for look in await looks(slope)] == ["inconclusive"] * 2, "a minute is over"
    await slope.crowd(20, failed=5)
    await slope.guarded()
    breach = (await looks(slope))[0]
    assert (breach.phase, len(await looks(slope))) == ("breach", 3)
    assert any(one["message"].startswith("of 5 users whose jobs failed") for one in breach.findings)

    (older,) = await list_looks(Reads(slope.database.pool), EVER, before_id=breach.id, limit=1)
    assert older.id < breach.id
    assert await list_looks(Reads(slope.database.pool), EVER, "v3") == []
    assert await list_looks(Reads(slope.database.pool), breach.at) == [breach]
    days = Settings().retention_days
    await slope.execute(f"update gateway.guard_looks set at = at - interval '{days + 1} days' where id <> {breach.id}")
    assert (await Retention(slope.database.pool, Settings()).apply())["old_guard_looks"] == 2
    assert await looks(slope) == [breach]
