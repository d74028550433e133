"""What was paid for once is known in the next import, wherever the conversations stand in it."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Passage, Pipeline, PipelineError
from pipelines.stages.readings import key_of
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.fakes.provider import Call, Json, Reply, answer_plausibly, running_provider
from tests.pipelines.language.provider.conftest import open_rig
from tests.pipelines.ports import EchoLanguage, MemoryReadings, bench

WALK = "I went for a walk. " * 200


def talk(n: int, text: str = "") -> dict[str, Any]:
    said = text or f"I love sport{n}. {WALK}"
    return {"id": f"c{n}", "title": "t", "create_time": 1.7e9 + n, "messages": [{"role": "user", "content": said}]}


def write(path: Path, talks: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(talks))
    return path


@pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
async def test_a_second_import_pays_for_what_is_new_alone(pipeline: Pipeline, tmp_path: Path) -> None:
    first = [talk(n) for n in range(80)]
    kept = [one for n, one in enumerate(first) if n % 10]
    second = [talk(200 + n) for n in range(4)] + kept + [talk(300 + n) for n in range(4)]
    readings = MemoryReadings()
    with running_provider() as provider:
        async with open_rig(provider) as rig:
            results = []
            calls = []
            for n, talks in enumerate((first, second, second)):
                export = write(tmp_path / f"{n}.json", talks)
                run = bench(tmp_path / f"run{n}", export, language=rig.language, readings=readings)
                results.append(await pipeline(run.request, run.ports))
                calls.append(sum("facts" in (call.schema or {}) for call in provider.calls))
                provider.calls.clear()
            fresh = bench(tmp_path / "fresh", tmp_path / "1.json", language=rig.language)
            expected = await pipeline(fresh.request, fresh.ports)
    assert calls[1] <= 0.15 * calls[0]
    assert calls[2] == 0
    assert results[1].facts == results[2].facts == expected.facts
    written = [result.usage.calls - read for result, read in zip(results, calls, strict=True)]
    assert written == [{run_v1: 4, run_v2: 6}[pipeline], 1, 0]  # what was paid before costs nothing now


async def test_what_was_refused_is_asked_again_and_told(tmp_path: Path) -> None:
    def refuse(call: Call) -> Json | str:
        return {"nope": 1} if "BOMB" in call.text and "facts" in (call.schema or {}) else answer_plausibly(call)

    export = write(tmp_path / "a.json", [talk(1), talk(2, "BOMB I live in Oslo."), talk(3)])
    readings = MemoryReadings()
    with running_provider(refuse) as provider:
        async with open_rig(provider) as rig:
            run = bench(tmp_path / "run", export, language=rig.language, readings=readings)
            result = await run_v2(run.request, run.ports)
    assert "Passages that the language provider did not read, and were left out: 1." in result.warnings
    assert {fact.value for fact in result.facts} == {"sport1", "sport3"}
    assert len(readings.kept) == 2


async def test_a_provider_that_reads_nothing_at_all_fails_the_run(tmp_path: Path) -> None:
    export = write(tmp_path / "a.json", [talk(n) for n in range(6)])
    for readings in (MemoryReadings(), None):
        with running_provider() as provider:
            provider.plan(*[Reply(400)] * 500)
            async with open_rig(provider) as rig:
                run = bench(tmp_path / "run", export, language=rig.language, readings=readings)
                with pytest.raises(PipelineError, match="no usable answer to any of the text") as raised:
                    await run_v2(run.request, run.ports)
        assert (raised.value.cause, raised.value.retryable) == ("dependency:provider", True)


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 12))
def test_any_mixture_of_old_and_new_reads_each_conversation_once(
    tmp_path_factory: pytest.TempPathFactory, draw: random.Random, count: int
) -> None:

    folder = tmp_path_factory.mktemp("mixture")
    talks = [talk(n, f"I like thing{n}. {'x' * draw.randrange(3000)}") for n in range(count + 1)]
    readings = MemoryReadings()
    language = EchoLanguage(kept_as="echo 1")
    for share in (0.5, 1.0):
        chosen = [one for one in talks if draw.random() < share] or talks[:1]
        draw.shuffle(chosen)
        run = bench(folder / str(share), write(folder / "x.json", chosen), language=language, readings=readings)
        result = asyncio.run(run_v2(run.request, run.ports))
        assert len(result.facts) == len(chosen)
    assert language.calls.count("extract") <= len(talks)


def test_another_engine_or_another_text_has_another_key() -> None:
    passage = Passage("c", "t", 1.0, ())
    keys = {key_of("a", [passage]), key_of("b", [passage]), key_of("a", [passage, passage]), key_of("a", [])}
    assert len(keys) == 4
    assert key_of("a", [passage]) == key_of("a", [Passage("c", "t", 1.0, ())])
