"""A comparison that asks by batches: put aside, taken up again, compared, and what it leaves."""

from itertools import count
from typing import Any

import pytest

from gateway.shadow.plan import place, share_run_twice
from tests.fakes.provider import FakeProvider
from tests.gateway.jobs.conftest import until

pytestmark = pytest.mark.scene


@pytest.mark.parametrize("vendor", ["anthropic", "openai"])
async def test_a_comparison_goes_on_from_batch_to_batch_and_is_paid_half(
    batched: Any, provider: FakeProvider, vendor: str
) -> None:
    async with batched(vendor) as rig:
        job = await rig.accept()
        rig.bench.start()
        first = await rig.aside(job)
        assert (first["attempts"], first["outcome"]) == (0, None)
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        assert 2 <= run["batches"] <= 5
        assert provider.calls == []
        assert await rig.kept() == (0, 0)
        (spent,) = await rig.bench.rows("select tokens, cost_usd from gateway.shadow_budget")
        assert spent["tokens"] == run["tokens"] == sum(provider.used)
        assert spent["cost_usd"] == pytest.approx(run["cost_usd"])
        assert 0 < run["cost_usd"] <= half_price(*provider.used) * 1.3  # what a cache takes costs more at first
        assert await rig.bench.counted("gateway_shadow_batches_total", mode="shadow", event="ended") == run["batches"]
        labels = {"pipeline": "v2", "mode": "shadow"}
        assert await rig.bench.counted("gateway_language_cost_usd_total", **labels) == pytest.approx(run["cost_usd"])


def half_price(sent: int, got: int) -> float:
    """Of both models: $0.10 and $0.50 for a million tokens, by the half."""
    return (sent * 0.1 + got * 0.5) / 2e6


async def test_it_finds_what_it_finds_when_it_asks_call_by_call(batched: Any, provider: FakeProvider) -> None:
    verdicts, costs = [], []
    for user, batches in {"ann": {}, "bob": {"batches": None}}.items():
        async with batched(**batches) as rig:
            provider.cache.kept.clear()
            job = await rig.accept(user)
            rig.bench.start()
            run = await rig.to_the_end(job)
            assert run["outcome"] == "compared", run["reason"]
            pair = await rig.bench.comparison(job)
            found = {name: said for name, said in pair["verdicts"].items() if not name.startswith(("usage", "seconds"))}
            verdicts.append((found, pair["kinds"], pair["class"], pair["score"]))
            costs.append(run["cost_usd"])
            print(f"{user}: {run['batches']} batches, {len(provider.calls)} calls, {run['cost_usd']:.6f} US dollars")
    assert provider.calls != []
    assert verdicts[0] == verdicts[1]
    assert costs[0] == pytest.approx(costs[1] / 2)


async def test_two_runs_of_one_version_get_answers_of_their_own(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        rig.bench.flags.dial = 0.0  # the candidate serves nobody, and runs twice
        user = next(name for name in map(str, count()) if place(name) < share_run_twice(0.0))
        job = await rig.accept(user, shadow="same")
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert (run["outcome"], run["shadow_pipeline"]) == ("compared", "v2"), run["reason"]
        assert run["batches"] == 6
        assert run["tokens"] == sum(provider.used)


async def test_a_judge_is_asked_by_a_batch_too(batched: Any, provider: FakeProvider) -> None:
    async with batched(shadow_judge=True) as rig:
        job = await rig.accept()
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        assert (await rig.bench.comparison(job))["judgement"] is not None
        assert provider.calls == []


async def test_what_expired_is_asked_once_in_the_usual_way_and_kept(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        await rig.aside(job)
        questions = len(provider.batches.under_way[0].requests)
        provider.batches.end("expired")
        await rig.look()
        await rig.aside(job, 2)
        assert len(provider.calls) == questions
        kept = await rig.bench.rows("select 1 from gateway.shadow_answers where status = 'live'")
        assert len(kept) == questions
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        assert len(provider.calls) == questions
        (spent,) = await rig.bench.rows("select tokens, cost_usd from gateway.shadow_budget")
        assert spent["tokens"] == run["tokens"] == sum(provider.used)
        assert spent["cost_usd"] == pytest.approx(run["cost_usd"])


async def test_what_is_refused_in_a_batch_is_halved(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        await rig.aside(job)
        provider.batches.end(first="errored")
        await rig.look()
        second = await rig.aside(job, 2)
        assert second["outcome"] is None
        assert provider.calls == []  # the halves wait for a batch
        assert (await rig.to_the_end(job))["outcome"] == "compared"


async def test_nothing_waits_in_a_worker_for_a_batch(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job, other = await rig.accept("ann"), await rig.accept("bob")
        rig.bench.start()
        await until(lambda: two_under_way(provider), 150)  # with one slot for comparisons
        assert {(await rig.run(one))["status"] for one in (job, other)} == {"aside"}
        work = rig.bench.settings.data_dir / "work"
        left = [path for path in work.rglob("*") if path.is_file() and path.suffix != ".lock"]
        assert left == []
        assert (await rig.to_the_end(job))["outcome"] == "compared"


async def two_under_way(provider: FakeProvider) -> bool:
    return len(provider.batches.under_way) == 2
