"""What comparisons may spend: paid before each call, shared by all workers, a hard stop."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.database.pool import Database
from gateway.shadow.store import ShadowStore
from pipelines.contract import Extraction, Fact, Passage, SectionName, Usage
from pipelines.registry import find_pipelines
from tests.gateway.shadow.conftest import OpenBench
from tests.pipelines.ports import EchoLanguage

CALL = Usage(calls=1, input_tokens=900, output_tokens=100, cost_usd=0.01)


class PricedLanguage(EchoLanguage):
    """An engine that every call of costs the same, and that judges in favour of the longer text."""

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        found = await super().extract(passages)
        return Extraction(found.facts, found.style, found.read_chars, found.unread_chars, CALL)

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        return (await super().section(section, facts, style, samples))[0], CALL

    async def memory(self, *said: Any) -> tuple[str, Usage]:
        return (await super().memory(*said))[0], CALL

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        return ("FIRST" if len(passages[0]) > len(passages[1]) else "SECOND"), CALL


def real() -> dict[str, Any]:
    usable = find_pipelines().usable
    return {"v1": usable["v1"], "v2": usable["v2"], "language": PricedLanguage()}


async def accept_real(bench: Any) -> str:
    path = "user-imports/ann/raw-1.json"
    job: str = (await bench.accept("ann", pipeline="v1", shadow="other", path=path)).job_id
    body = make_export(3, 6, datetime(2026, 5, 1, tzinfo=UTC)).body
    await asyncio.to_thread((bench.settings.data_dir / "exports" / path).write_bytes, body)
    return job


async def test_calls_are_made_by_the_worker_and_paid(open_bench: OpenBench) -> None:
    async with open_bench(**real(), shadow_judge=True) as bench:
        job = await accept_real(bench)
        bench.start()
        run = await bench.shadow(job)
        assert run["outcome"] == "compared"
        spent = await bench.row("select tokens, cost_usd from gateway.shadow_budget")
        assert spent["tokens"] == run["tokens"] > 0
        assert round(spent["cost_usd"], 6) == round(run["cost_usd"], 6) == round(run["tokens"] / 1000 * 0.01, 6)
        assert (await bench.comparison(job))["judgement"] == "other"


async def test_a_shadow_that_would_go_over_the_budget_is_stopped_and_says_so(open_bench: OpenBench) -> None:
    async with open_bench(**real(), shadow_daily_tokens=12_000) as bench:
        job = await accept_real(bench)
        bench.start()
        run = await bench.shadow(job)
        assert run["outcome"] == "over_budget"
        assert "of 12000 tokens" in run["reason"]
        assert await bench.comparison(job) == {}
        assert (await bench.row("select tokens from gateway.shadow_budget")).get("tokens", 0) <= 12_000


async def test_no_money_is_no_call(open_bench: OpenBench) -> None:
    async with open_bench(**real(), shadow_daily_usd=0.0) as bench:
        job = await accept_real(bench)
        bench.start()
        assert (await bench.shadow(job))["outcome"] == "over_budget"
        assert await bench.row("select * from gateway.shadow_budget") == {}


async def test_many_workers_together_never_take_more_than_there_is(database: Database) -> None:
    store = ShadowStore(database.pool)
    taken = await asyncio.gather(*(store.reserve(100, 1000, 5.0) for _ in range(40)))
    assert sum(one is not None for one in taken) == 10
    assert await store.spent() == (1000, 0.0)


async def test_what_a_call_did_not_use_is_given_back_and_the_price_is_learnt(database: Database) -> None:
    store = ShadowStore(database.pool)
    first = await store.reserve(1000, 10_000, 1.0)
    assert first is not None
    await store.settle(first, Usage(1, 400, 100, 0.5))
    assert await store.spent() == (500, 0.5)
    assert await store.reserve(600, 10_000, 1.0) is None
    second = await store.reserve(400, 10_000, 1.0)
    assert second is not None
    assert round(second.cost_usd, 6) == 0.4
