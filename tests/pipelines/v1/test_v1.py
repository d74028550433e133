"""v1: its steps, its sample, its documents, and how it works without an export."""

import dataclasses
from pathlib import Path

import pytest

from pipelines.contract import PipelineError
from pipelines.v1.run import run
from pipelines.v1.sample import RECENT_CONVERSATIONS
from tests.pipelines.exports import tree, write_export
from tests.pipelines.ports import EchoLanguage, bench

TALK = [("user", "I like tea."), ("assistant", "Good."), ("user", "And I paint.")]


async def test_the_steps_are_those_that_clients_know(tmp_path: Path) -> None:
    made = bench(tmp_path, write_export(tmp_path / "e.json", [tree("c", TALK)]))
    await run(made.request, made.ports)
    assert made.progress.steps == ["downloading", "chunking", "synthesizing", "embedding"]
    assert made.progress.reports[:3] == [("downloading", 5), ("chunking", 15), ("synthesizing", 40)]


async def test_it_writes_its_own_fields_and_leaves_the_others(tmp_path: Path) -> None:
    made = bench(tmp_path, write_export(tmp_path / "e.json", [tree("c", TALK)]))
    soulprint = await run(made.request, made.ports)
    for text in (soulprint.soulprint_text, soulprint.soul_md, soulprint.identity_md, soulprint.agents_md):
        assert text
        assert "I like tea." in text
    assert soulprint.user_md
    assert soulprint.memory_log
    assert (soulprint.tools_md, soulprint.memory_md) == (None, None)
    assert set(soulprint.sections) == {"soul", "identity", "agents", "user"}


async def test_it_stores_all_three_tiers(tmp_path: Path) -> None:
    made = bench(tmp_path, write_export(tmp_path / "e.json", [tree("c", [("user", "I like tea. " * 1_000)])]))
    await run(made.request, made.ports)
    sizes = {
        tier: [len(c.content) for c in made.sink.chunks if c.tier == tier] for tier in ("micro", "medium", "macro")
    }
    assert [max(found) for found in sizes.values()] == [197, 1997, 4997]


async def test_it_reads_the_most_recent_conversations_only(tmp_path: Path) -> None:
    days = range(RECENT_CONVERSATIONS + 50)
    export = [tree(f"c{day}", [("user", f"I like tea {day}.")], time=1.6e9 + 86_400 * day) for day in days]
    made = bench(tmp_path, write_export(tmp_path / "e.json", export), language=EchoLanguage(window_tokens=100_000))
    soulprint = await run(made.request, made.ports)
    assert {fact.conversation_id for fact in soulprint.facts} == {f"c{day}" for day in days[-RECENT_CONVERSATIONS:]}
    assert soulprint.total_conversations == len(export)


async def test_a_section_that_fails_fails_the_run(tmp_path: Path) -> None:
    export = write_export(tmp_path / "e.json", [tree("c", TALK)])
    made = bench(tmp_path, export, language=EchoLanguage(failing=frozenset({"section/user"})))
    with pytest.raises(PipelineError, match="section/user failed"):
        await run(made.request, made.ports)


async def test_an_inline_export_is_read_like_any_other(tmp_path: Path) -> None:
    made = bench(tmp_path, write_export(tmp_path / "e.json", [tree("c", TALK)]))
    inline = dataclasses.replace(made.request, storage_path=None, inline=True)
    soulprint = await run(inline, made.ports)
    assert made.exports.fetched == 1
    assert soulprint.total_messages == 3


async def test_without_an_export_it_works_from_the_stored_chunks(tmp_path: Path) -> None:
    export = [tree("a", TALK), tree("b", [("user", "I live in Lisbon. " * 400)], time=1.69e9)]
    first = bench(tmp_path / "first", write_export(tmp_path / "e.json", export))
    await run(first.request, first.ports)
    again = bench(tmp_path / "again", stored=first.sink.chunks)
    soulprint = await run(again.request, again.ports)
    values = {fact.value for fact in soulprint.facts}
    assert {"I like tea.", "And I paint."} <= values
    assert any(value.startswith("I live in Lisbon.") for value in values)
    assert (soulprint.total_conversations, soulprint.total_chunks) == (2, len(first.sink.chunks))
    assert again.exports.fetched == 0


async def test_without_an_export_the_stored_chunks_stay_as_they_are(tmp_path: Path) -> None:
    first = bench(tmp_path / "first", write_export(tmp_path / "e.json", [tree("a", TALK)]))
    await run(first.request, first.ports)
    again = bench(tmp_path / "again", stored=first.sink.chunks)
    await run(again.request, again.ports)
    assert (again.sink.replaced, again.sink.chunks) == (0, [])


async def test_without_an_export_and_without_chunks_it_fails_and_says_why(tmp_path: Path) -> None:
    made = bench(tmp_path)
    with pytest.raises(PipelineError, match="no usable message"):
        await run(made.request, made.ports)
    assert made.language.calls == []
