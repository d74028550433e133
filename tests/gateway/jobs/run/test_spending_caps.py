"""A job that meets a cap on spending completes with what was read, and says which cap it was."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.jobs.model import Claim
from gateway.jobs.run.ports import UserReadings
from gateway.language.paid import paid_from
from gateway.language.price_list import look_up
from gateway.language.prices import UNPRICED
from gateway.language.purse import Caps, Purse, Taken
from pipelines.contract import Pipeline, Soulprint, Usage
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.fakes.provider import running_provider
from tests.gateway.jobs.conftest import Bench
from tests.pipelines.language.provider.conftest import Rig, open_rig
from tests.pipelines.language.provider.test_estimate import write_export
from tests.pipelines.ports import bench as bench_of
from tests.pipelines.ports import inline_compute

PRICES = look_up("anthropic", "claude-haiku-5-5")


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    with running_provider(metered=True) as provider:
        async with open_rig(provider) as opened:
            yield opened


async def claimed(bench: Bench, user_id: str = "ann") -> Claim:
    job = await bench.store.load((await bench.accept(user_id, path=f"user-imports/{user_id}/1.json")).job_id)
    assert job is not None
    claim = await bench.store.claim(job, worker="w", limit=9, pipeline="v1", reason="flag")
    assert claim is not None
    return claim


class Job:
    """Runs of one job over the real purse."""

    def __init__(self, bench: Bench, claim: Claim, rig: Rig, caps: Caps) -> None:
        self.pool = bench.services.database.pool
        self.purse = Purse(self.pool, claim.job.id, PRICES, caps)
        self.readings: Any = UserReadings(self.pool, claim, self.purse.expect)
        self.language = paid_from(self.purse, rig.language, EmbeddedLanguage(inline_compute))

    async def run(self, pipeline: Pipeline, folder: Path) -> Soulprint:
        export = write_export(folder / "conversations.json", 40, 12)
        run = bench_of(folder, export, language=self.language, readings=self.readings)
        return await pipeline(run.request, run.ports)


CAPPED = {"LANGUAGE_JOB_USD": Caps(job_usd=0.006), "LANGUAGE_DAILY_USD": Caps(daily_usd=0.006)}


@pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
@pytest.mark.parametrize("cap", CAPPED)
async def test_a_job_completes_at_a_cap_with_what_was_read(
    pipeline: Pipeline, cap: str, bench: Bench, rig: Rig, tmp_path: Path
) -> None:
    job = Job(bench, await claimed(bench), rig, CAPPED[cap])
    result = await job.run(pipeline, tmp_path)
    assert result.facts
    assert 0 < result.unread_share < 1
    assert any(cap in warning and "not read" in warning for warning in result.warnings)
    assert result.usage.cost_usd < 0.006 * 1.2
    row = await bench.row("select * from gateway.language_jobs")
    assert row["cost_usd"] == pytest.approx(result.usage.cost_usd)
    assert row["calls"] == result.usage.calls
    assert row["expected_usd"] > 0.006
    assert row["prices_of"] is not None
    day = await bench.row("select cost_usd from gateway.language_days")
    assert day["cost_usd"] == pytest.approx(row["cost_usd"])


@pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
async def test_without_any_money_the_rules_write_and_nothing_is_asked(
    pipeline: Pipeline, bench: Bench, rig: Rig, tmp_path: Path
) -> None:
    job = Job(bench, await claimed(bench), rig, Caps(daily_usd=0.0))
    result = await job.run(pipeline, tmp_path)
    assert result.usage == Usage()
    assert result.unread_share == 1.0
    assert any("LANGUAGE_DAILY_USD" in warning for warning in result.warnings)
    assert any("soul" in warning for warning in job.purse.warnings)


async def test_what_a_cap_left_unread_is_asked_for_by_the_next_import(bench: Bench, rig: Rig, tmp_path: Path) -> None:
    claim = await claimed(bench)
    capped = await Job(bench, claim, rig, Caps(job_usd=0.006)).run(run_v2, tmp_path / "a")
    free = await Job(bench, claim, rig, Caps()).run(run_v2, tmp_path / "b")
    assert capped.unread_share > 0
    assert free.unread_share == 0
    assert len(free.facts) > len(capped.facts)


async def test_calls_side_by_side_take_no_more_than_the_caps_hold(bench: Bench) -> None:
    pool = bench.services.database.pool
    ids = [(await claimed(bench, user)).job.id for user in ("ann", "ben")]
    purses = [Purse(pool, id_, PRICES, Caps(job_usd=0.35, daily_usd=0.55)) for id_ in ids]
    taken = await asyncio.gather(*[purse.take(1_000_000, 0) for purse in purses for _ in range(6)])
    assert sum(isinstance(one, Taken) for one in taken) == 5
    assert {one for one in taken if not isinstance(one, Taken)} <= {"LANGUAGE_JOB_USD", "LANGUAGE_DAILY_USD"}


async def test_a_model_without_a_price_meets_no_cap(bench: Bench) -> None:
    purse = Purse(bench.services.database.pool, (await claimed(bench)).job.id, UNPRICED, Caps(0.0, 0.0))
    assert isinstance(await purse.take(1e9, 1e9), Taken)
