"""A second import of nine tenths the same chats: what was read is known, what was written is revised in one call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from gateway.language.price_list import look_up
from pipelines.contract import Pipeline, Soulprint
from pipelines.facts import NOTHING_REMEMBERED, Memory
from pipelines.memory.identity import key_of
from pipelines.memory.remember import forget
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.fakes.provider import Answerer, Call, FakeProvider, Json, answer_plausibly, running_provider
from tests.pipelines.language.provider.conftest import Rig, open_rig
from tests.pipelines.language.provider.test_estimate import conversation, write_talks
from tests.pipelines.ports import MemoryReadings, MemorySteps, bench

PIPELINES = pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
PRICES = look_up("anthropic", "claude-haiku-5-5")
CHATTER = "The deploy broke again after lunch, and the logs say nothing. "


@dataclass
class Imports:
    """Imports of one user, one after the other, over one provider."""

    pipeline: Pipeline
    rig: Rig
    provider: FakeProvider
    folder: Path
    readings: MemoryReadings = field(default_factory=MemoryReadings)
    memory: Memory = NOTHING_REMEMBERED
    jobs: int = 0

    async def take(self, talks: list[Json], steps: MemorySteps | None = None) -> Soulprint:
        """The next import's result. `provider.calls` are its calls alone."""
        self.provider.calls.clear()
        self.jobs += 1
        folder = self.folder / str(self.jobs)
        export = write_talks(folder / "conversations.json", talks)
        run = bench(folder, export, language=self.rig.language, readings=self.readings, steps=steps)
        request = replace(run.request, job_id=f"job-{self.jobs}", memory=self.memory)
        result = await self.pipeline(request, run.ports)
        assert result.memory is not None
        self.memory = result.memory
        return result

    @property
    def written(self) -> list[Call]:
        """The calls that wrote something."""
        return [call for call in self.provider.calls if "soul" in (call.schema or {})]


@asynccontextmanager
async def importing(pipeline: Pipeline, folder: Path, answerer: Answerer | None = None) -> AsyncIterator[Imports]:
    with running_provider(answerer, metered=True) as provider:
        async with open_rig(provider) as rig:
            yield Imports(pipeline, rig, provider, folder)


def said(n: int, text: str) -> Json:
    return {
        "id": f"c{n}",
        "title": "t",
        "create_time": 1.7e9 + n * 1e5,
        "messages": [{"role": "user", "content": text}],
    }


OLD = [said(n, f"I love sport{n}. {CHATTER}") for n in range(12)]


@pytest.mark.parametrize(("pipeline", "count"), [(run_v1, 100), (run_v2, 200)], ids=["v1", "v2"])
async def test_a_tenth_new_costs_at_most_a_seventh_of_the_calls(
    pipeline: Pipeline, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = [conversation(n, 8) for n in range(count)]
    second = [*first[count // 10 :], *(conversation(count + n, 8) for n in range(count // 10))]
    async with importing(pipeline, tmp_path) as imports:
        results = [await imports.take(talks) for talks in (first, second, second)]
    used = [result.usage for result in results]
    with capsys.disabled():
        for name, usage in zip(("first", "second", "the same again"), used, strict=True):
            print(f"\n{count} chats, {name}: {usage}", end="")
    assert used[1].calls <= 0.15 * used[0].calls
    assert used[1].input_tokens + used[1].output_tokens <= 0.15 * (used[0].input_tokens + used[0].output_tokens)
    for expected, usage in zip(imports.readings.expected, used, strict=True):
        tokens = usage.input_tokens + usage.output_tokens
        assert expected.input_tokens + expected.output_tokens == pytest.approx(tokens, rel=0.1)
        assert PRICES.cost_of(expected) == pytest.approx(usage.cost_usd, rel=0.1)
    assert used[2].calls == 0
    assert results[2].sections == results[1].sections


@PIPELINES
async def test_what_is_new_is_in_the_text_beside_what_was_there(pipeline: Pipeline, tmp_path: Path) -> None:
    async with importing(pipeline, tmp_path) as imports:
        await imports.take(OLD)
        result = await imports.take([*OLD, said(50, "I love chess. I work as a nurse.")])
        assert len(imports.written) == 1
    assert {"chess", "sport1", "sport11"} <= set(result.sections["user"]["interests"])
    assert result.sections["user"]["occupation"] == "nurse"
    if result.memory_md is not None:
        assert all(f"- {value}\n" in result.memory_md for value in ("chess", "nurse", "sport3"))


@PIPELINES
async def test_a_fact_that_ended_vanishes_from_the_text_whatever_the_model_says(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    def stubborn(call: Call) -> Json | str:
        answer = answer_plausibly(call)
        if "soul" in (call.schema or {}) and call.part is None and isinstance(answer, dict):
            answer["user"] = dict.fromkeys(USER_TEXTS, "I live in Lisbon") | {name: ["Lisbon"] for name in USER_LISTS}
        return answer

    async with importing(pipeline, tmp_path, stubborn) as imports:
        before = await imports.take([*OLD, said(20, "I live in Lisbon. My name is Ana.")])
        assert before.sections["user"]["location"] == "Lisbon"
        result = await imports.take([*OLD, said(20, "I live in Lisbon. My name is Ana."), said(50, "I live in Oslo.")])
        assert len(imports.written) == 1
    texts = [str(result.sections), result.memory_md or "", result.soulprint_text or ""]
    assert not any("Lisbon" in text for text in texts)
    assert any("Ana" in text for text in texts)
    assert [fact.value for fact in result.facts if fact.ended] == ["Lisbon"]


USER_TEXTS = ("name", "location", "occupation", "preferred_address")
USER_LISTS = ("relationships", "interests", "life_context")


@PIPELINES
async def test_what_was_forgotten_does_not_come_back_from_what_was_written(pipeline: Pipeline, tmp_path: Path) -> None:
    talks = [*OLD, said(20, "I live in Lisbon. I love painting.")]
    async with importing(pipeline, tmp_path) as imports:
        await imports.take(talks)
        imports.memory = forget(imports.memory, [key_of("painting")])
        for _ in range(2):  # what was written may still be there, where a job wrote it while it was forgotten
            result = await imports.take(talks)
            kept = list(imports.readings.portraits.values())
            for text in (str(result), str(kept)):
                assert "painting" not in text
        assert result.sections["user"]["location"] == "Lisbon"


async def test_each_model_and_each_question_writes_for_itself(tmp_path: Path) -> None:
    async with importing(run_v2, tmp_path) as imports:
        await imports.take(OLD)
        imports.rig.language._written_as = "anthropic:another"
        await imports.take(OLD)
        assert len(imports.written) == 6
        imports.pipeline = run_v1
        await imports.take(OLD)
        assert len(imports.written) == 4
        assert len(imports.readings.portraits) == 3


async def test_a_revision_that_is_refused_is_written_part_by_part(tmp_path: Path) -> None:
    def refuse(call: Call) -> Json | str:
        revises = "soul" in (call.schema or {}) and call.part is None
        return {"nope": 1} if revises else answer_plausibly(call)

    async with importing(run_v2, tmp_path, refuse) as imports:
        await imports.take(OLD)
        result = await imports.take([*OLD, said(50, "I love chess.")])
        assert sum(call.part is not None for call in imports.written) == 6
    assert {"chess", "sport1"} <= set(result.sections["user"]["interests"])


async def test_much_that_is_new_is_written_anew(tmp_path: Path) -> None:
    async with importing(run_v2, tmp_path) as imports:
        await imports.take(OLD)
        await imports.take([*OLD, *(said(50 + n, f"I love game{n}. {CHATTER}") for n in range(12))])
        assert len(imports.written) == 6


async def test_an_attempt_that_follows_pays_for_no_revision_again(tmp_path: Path) -> None:
    talks = [*OLD, said(50, "I love chess.")]
    async with importing(run_v2, tmp_path) as imports:
        await imports.take(OLD)
        remembered, portraits, steps = imports.memory, dict(imports.readings.portraits), MemorySteps()
        first = await imports.take(talks, steps)
        imports.memory, imports.readings.portraits, imports.jobs = remembered, portraits, imports.jobs - 1
        again = await imports.take(talks, steps)
        assert imports.provider.calls == []
    assert msgspec.structs.replace(again, usage=first.usage) == first
