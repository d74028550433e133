"""Calls to a provider cost money: a run that goes on after a kill does not make the finished ones again."""

import json
from pathlib import Path

import pytest

from pipelines.contract import Pipeline
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.fakes.provider import FakeProvider, Reply
from tests.pipelines.language.provider.conftest import open_rig
from tests.pipelines.ports import Killed, MemorySteps, bench

SAYINGS = (
    "My name is Ana.", "I live in Lisbon.", "I love painting.", "I prefer short answers.", "I decided to learn chess.",
)  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Five conversations, each of about one call's size."""
    conversations = [
        {"id": f"c{n}", "title": "t", "create_time": 1_700_000_000 + n, "messages": [
            {"role": "user", "content": f"{saying} {'I went for a walk. ' * 1_200}"}]}
        for n, saying in enumerate(SAYINGS)
    ]  # fmt: skip
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps(conversations))
    return path


@pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
@pytest.mark.parametrize("kill_after", [1, 4])
async def test_a_finished_provider_step_is_not_called_again_after_a_kill(
    pipeline: Pipeline, kill_after: int, export: Path, provider: FakeProvider, tmp_path: Path
) -> None:
    async with open_rig(provider) as rig:
        undisturbed = bench(tmp_path / "a", export, language=rig.language, fact_concurrency=1)
        expected = await pipeline(undisturbed.request, undisturbed.ports)
        calls = len(provider.calls)
        provider.calls.clear()

        steps = MemorySteps(kill_after=kill_after)
        killed = bench(tmp_path / "b", export, language=rig.language, steps=steps, fact_concurrency=1)
        with pytest.raises(Killed):
            await pipeline(killed.request, killed.ports)
        steps.kill_after = None
        again = bench(tmp_path / "c", export, language=rig.language, steps=steps, fact_concurrency=1)
        result = await pipeline(again.request, again.ports)
    assert calls > 3
    assert len(provider.calls) == calls
    assert result == expected
    assert {"Ana", "Lisbon", "painting"} <= {fact.value for fact in result.facts}


async def test_a_provider_that_is_down_fails_the_run_and_leaves_no_empty_result(
    export: Path, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.plan(*[Reply(401)] * 50)
    async with open_rig(provider) as rig:
        run = bench(tmp_path / "a", export, language=rig.language)
        with pytest.raises(Exception, match="answered 401"):
            await run_v2(run.request, run.ports)
