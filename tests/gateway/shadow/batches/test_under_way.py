"""What becomes of a batch under way when its worker, its user, its comparison or its setting goes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from gateway.database.departure import forget_user
from pipelines.language.provider.batches.desk import BatchDesk
from pipelines.language.waiting import Asked
from tests.fakes.provider import FakeProvider
from tests.gateway.jobs.conftest import until

pytestmark = pytest.mark.scene


async def test_a_batch_that_was_taken_unheard_is_found_and_not_sent_again(batched: Any, provider: FakeProvider) -> None:
    """The provider's answer is lost on its way."""
    provider.batches.refuse = [0]
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()

        async def unsure() -> bool:
            rows = await rig.bench.rows("select 1 from gateway.shadow_batches where status = 'sending'")
            return bool(rows) and bool(provider.batches.batches)

        await until(unsure, 150)
        taken = set(provider.batches.batches)
        assert (await rig.run(job))["status"] == "aside"
        provider.batches.end()  # until then Anthropic does not say whose it is
        await rig.look()
        await until(lambda: found(rig), 150)
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        assert len(provider.batches.deleted) == run["batches"]
        assert taken <= set(provider.batches.deleted)
        assert await rig.bench.counted("gateway_shadow_batches_total", mode="shadow", event="found") == 1
        (spent,) = await rig.bench.rows("select tokens from gateway.shadow_budget")
        assert spent["tokens"] == sum(provider.used)  # nothing twice


async def found(rig: Any) -> bool:
    return bool(await rig.bench.rows("select 1 from gateway.shadow_batches where handle is not null"))


async def test_a_batch_that_never_reached_the_provider_is_sent_again(batched: Any, provider: FakeProvider) -> None:
    provider.batches.refuse = [503]
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        await until(lambda: rig.bench.rows("select 1 from gateway.shadow_batches where looks = 0"), 150)
        await until(lambda: is_status(rig, job, "aside"), 150)
        await rig.look()
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        (spent,) = await rig.bench.rows("select tokens from gateway.shadow_budget")
        assert spent["tokens"] == sum(provider.used)


class DeafDesk(BatchDesk):
    """Sends, and never hears that it was taken, the first time."""

    heard = True

    async def send(self, number: UUID, asked: Sequence[Asked]) -> str:
        heard, self.heard = self.heard, True  # before it is sent: its worker may end while it is
        handle = await super().send(number, asked)
        if not heard:
            await asyncio.Event().wait()
        return handle


@pytest.mark.parametrize("vendor", ["anthropic", "openai"])
async def test_a_worker_that_ends_between_sending_and_writing_it_down_pays_nothing_twice(
    batched: Any, provider: FakeProvider, vendor: str
) -> None:
    async with batched(vendor, desk_type=DeafDesk) as rig:
        rig.bench.services.shadow_batches.desk.heard = False
        job = await rig.accept()
        worker = rig.bench.start()
        await until(lambda: one_under_way(provider), 150)
        await rig.bench.stop_worker(worker)
        assert (await rig.run(job))["status"] == "aside"
        (batch,) = await rig.bench.rows("select status, handle from gateway.shadow_batches")
        assert (batch["status"], batch["handle"]) == ("sending", None)
        provider.batches.end()
        await rig.look()
        rig.bench.start()
        await until(lambda: is_counted_found(rig), 150)
        run = await rig.to_the_end(job)
        assert (run["outcome"], run["attempts"]) == ("compared", 1)
        (spent,) = await rig.bench.rows("select tokens, cost_usd from gateway.shadow_budget")
        assert spent["tokens"] == run["tokens"] == sum(provider.used)


async def one_under_way(provider: FakeProvider) -> bool:
    return len(provider.batches.under_way) == 1


async def is_counted_found(rig: Any) -> bool:
    labels = {"mode": "shadow", "event": "found"}
    registry = rig.bench.services.metrics.registry
    return bool(registry.get_sample_value("gateway_shadow_batches_total", labels) == 1)


async def is_status(rig: Any, job: str, status: str) -> bool:
    return bool((await rig.run(job)).get("status") == status)


async def test_a_key_that_is_refused_ends_the_comparison(batched: Any, provider: FakeProvider) -> None:
    provider.batches.refuse = [401]
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert (run["outcome"], run["reason"]) == ("failed", "anthropic:claude-haiku-5-5 answered 401")
        await until(lambda: nothing_kept(rig), 150)
        (spent,) = await rig.bench.rows("select tokens, cost_usd from gateway.shadow_budget")
        assert (spent["tokens"], round(spent["cost_usd"], 9)) == (0, 0)


class BrokenDesk(BatchDesk):
    """Fails with what nobody expects, before anything is sent."""

    def fitting(self, asked: Sequence[Asked]) -> list[Asked]:
        raise LookupError


async def test_what_breaks_before_it_is_sent_ends_the_comparison_and_is_counted(
    batched: Any, provider: FakeProvider
) -> None:
    async with batched(desk_type=BrokenDesk) as rig:
        job = await rig.accept()
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert (run["outcome"], run["reason"]) == ("failed", "internal error (LookupError)")
        assert await rig.bench.counted("gateway_unexpected_errors_total", place="shadow") == 1
        assert provider.batches.batches == {}


async def nothing_kept(rig: Any) -> bool:
    kept: tuple[int, int] = await rig.kept()
    return kept == (0, 0)


async def test_a_user_who_leaves_takes_answers_along_and_the_batch_is_cancelled(
    batched: Any, provider: FakeProvider
) -> None:
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        await rig.aside(job)
        provider.batches.end()
        await rig.look()
        await rig.aside(job, 2)
        assert (await rig.kept())[1] > 0
        await forget_user(rig.bench.services.database.pool, "ann")
        assert await rig.kept() == (1, 0)
        (batch,) = provider.batches.under_way
        await rig.look()
        await until(lambda: is_cancelled(batch), 150)
        provider.batches.end("canceled")
        await rig.look()
        await until(lambda: nothing_kept(rig), 150)
        await until(lambda: is_gone(provider, batch.id), 150)
        assert await rig.bench.rows("select 1 from gateway.shadow_runs") == []


async def is_cancelled(batch: Any) -> bool:
    return bool(batch.cancelled)


async def is_gone(provider: FakeProvider, batch: str) -> bool:
    return batch in provider.batches.deleted


async def test_comparisons_that_are_turned_off_meanwhile_are_left_out(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        await rig.aside(job)
        rig.bench.flags.shadow_percent = 0.0
        await rig.look()
        run = await rig.bench.shadow(job)
        assert (run["outcome"], run["reason"]) == ("skipped", "comparisons were turned off")
        (batch,) = provider.batches.under_way
        await until(lambda: is_cancelled(batch), 150)
        assert (await rig.kept())[1] == 0
        provider.batches.end("canceled")
        await rig.look()
        await until(lambda: nothing_kept(rig), 150)


async def test_a_setting_that_is_taken_back_lets_the_comparison_go_on_call_by_call(
    batched: Any, provider: FakeProvider
) -> None:
    async with batched() as rig:
        job = await rig.accept()
        worker = rig.bench.start()
        await rig.aside(job)
        await rig.bench.stop_worker(worker)
        rig.bench.services = replace(rig.bench.services, shadow_batches=None)
        await rig.look()
        rig.bench.start()
        run = await rig.bench.shadow(job)
        assert run["outcome"] == "compared", run["reason"]
        assert provider.calls != []


async def test_a_worker_that_stops_leaves_what_is_aside_to_the_next(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job = await rig.accept()
        worker = rig.bench.start()
        await rig.aside(job)
        await rig.bench.stop_worker(worker)
        provider.batches.end()
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert (run["outcome"], run["attempts"]) == ("compared", 1)


async def test_a_day_that_holds_none_of_it_ends_it_over_budget(batched: Any, provider: FakeProvider) -> None:
    async with batched(shadow_daily_tokens=4_000) as rig:
        job = await rig.accept()
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert run["outcome"] == "over_budget"
        assert provider.batches.batches == {}


async def test_a_day_that_holds_some_of_it_has_the_rest_asked_later(batched: Any, provider: FakeProvider) -> None:
    async with batched() as rig:
        job = await rig.accept()
        rig.bench.start()
        run = await rig.to_the_end(job)
        whole = run["batches"]
    async with batched(shadow_daily_tokens=30_000) as rig:
        await rig.bench.execute("delete from gateway.shadow_budget")
        job = await rig.accept("bob")
        rig.bench.start()
        run = await rig.to_the_end(job)
        assert run["outcome"] == "compared", run["reason"]
        assert run["batches"] > whole
