"""A rollback while three real processes are busy: nothing of v2 starts after it arrived, and no caller notices."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.flips.fleet import open_fleet
from bench.flips.under_load import roll_back_under_load
from gateway.jobs.run.rollback_policy import ROLLED_BACK

pytestmark = pytest.mark.scene


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that Postgres' own user can reach, too."""
    with tempfile.TemporaryDirectory(prefix="soulprint-rollback-", ignore_cleanup_errors=True) as name:
        yield Path(name)


async def test_a_rollback_under_load(folder: Path) -> None:
    async with open_fleet(folder, with_unleash=False) as fleet:
        await fleet.control.set_percent(50)
        fleet.start(3)
        await fleet.ready()
        went = await roll_back_under_load(fleet, per_second=8, before=2.0, after=1.5)
    assert set(went.statuses) == {200}
    assert list(went.fields) == [("conversation_count", "job_id", "message", "status", "user_id", "version")]
    assert went.starts_after_arrival == 0
    assert went.complete == went.accepted == sum(went.ended.values())
    assert went.ended["complete", "v2", "flag"] > 0
    assert {reason for _, pipeline, reason in went.ended if pipeline == "v1"} <= {"flag", ROLLED_BACK}
