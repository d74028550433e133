"""What a job will cost is said before it, and is about what it costs."""

import json
from pathlib import Path

import pytest

from gateway.language.price_list import look_up
from pipelines.contract import Pipeline, Usage
from pipelines.v1.run import run as run_v1
from pipelines.v2.run import run as run_v2
from tests.fakes.provider import Json, running_provider
from tests.pipelines.language.provider.conftest import open_rig
from tests.pipelines.ports import MemoryReadings, bench

SMALL_TALK = (
    "Could you help me to rewrite the third paragraph so that it sounds less formal and still keeps the numbers? ",
    "The deploy broke again after lunch, and the logs say nothing but that a connection was closed by the peer. ",
    "What would be a good order to learn the chords, when the left hand is still slow and the right one is not? ",
)


def about_oneself(n: int, turn: int) -> str:
    """Now and then something that is a fact."""
    return f"I enjoy walking with friends along route {n} of {turn} in spring." if (n + turn) % 3 == 0 else "Thanks!"


def write_export(path: Path, conversations: int, turns: int) -> Path:
    """Conversations of people as they are: much talk, and now and then something about themselves."""
    return write_talks(path, [conversation(n, turns) for n in range(conversations)])


def conversation(n: int, turns: int) -> Json:
    """One of them; the higher its number, the newer."""
    return {"id": f"c{n}", "title": f"Talk {n}", "create_time": 1_700_000_000 + n * 90_000, "messages": [
        message
        for turn in range(turns)
        for message in (
            {"role": "user", "content": SMALL_TALK[(n + turn) % 3] * 2 + about_oneself(n, turn)},
            {"role": "assistant", "content": "Gladly. " * 30},
        )
    ]}  # fmt: skip


def write_talks(path: Path, talks: list[Json]) -> Path:
    """An export of these conversations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(talks))
    return path


@pytest.mark.parametrize("pipeline", [run_v1, run_v2], ids=["v1", "v2"])
@pytest.mark.parametrize(("conversations", "turns"), [(8, 3), (60, 12)])
async def test_tokens_and_dollars_are_within_a_tenth_of_the_estimate(
    pipeline: Pipeline, conversations: int, turns: int, tmp_path: Path
) -> None:
    readings = MemoryReadings()
    with running_provider(metered=True) as provider:
        async with open_rig(provider) as rig:
            run = bench(tmp_path, write_export(tmp_path / "conversations.json", conversations, turns),
                        language=rig.language, readings=readings)  # fmt: skip
            result = await pipeline(run.request, run.ports)
    (expected,) = readings.expected
    used = result.usage
    prices = look_up("anthropic", "claude-haiku-5-5")
    assert expected.calls == pytest.approx(used.calls, rel=0.1)
    total = expected.input_tokens + expected.output_tokens
    assert total == pytest.approx(used.input_tokens + used.output_tokens, rel=0.1)
    assert prices.cost_of(expected) == pytest.approx(used.cost_usd, rel=0.1)


async def test_what_is_known_is_not_expected_again(tmp_path: Path) -> None:
    readings = MemoryReadings()
    export = write_export(tmp_path / "conversations.json", 20, 6)
    with running_provider(metered=True) as provider:
        async with open_rig(provider) as rig:
            for _ in range(2):
                run = bench(tmp_path, export, language=rig.language, readings=readings)
                result = await run_v2(run.request, run.ports)
    first, second = readings.expected
    assert first.calls > 6
    assert (second.calls, result.usage.calls) == (0, 0)


async def test_nothing_to_read_costs_nothing(tmp_path: Path) -> None:
    readings = MemoryReadings()
    with running_provider(metered=True) as provider:
        async with open_rig(provider) as rig:
            path = tmp_path / "conversations.json"
            path.write_text(json.dumps([{"id": "c", "title": "t", "create_time": 1, "messages": [
                {"role": "user", "content": " "}, {"role": "assistant", "content": "Hello."}]}]))  # fmt: skip
            run = bench(tmp_path, path, language=rig.language, readings=readings)
            with pytest.raises(Exception, match="no usable message"):
                await run_v2(run.request, run.ports)
    assert readings.expected in ([], [Usage()])
